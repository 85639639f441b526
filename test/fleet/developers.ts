import { exponential, normal, randomOf } from './random.ts';
import type { Random } from './random.ts';
import type { Span } from './virtualTime.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** One developer on one day. Times are milliseconds since midnight. */
export interface Developer {
  readonly id: number;
  readonly windows: number;
  /** When editor tools request a token, in order, and in which window. */
  readonly asks: readonly Ask[];
  /** Periods of work, in order; requests occur only in these. */
  readonly work: readonly Span[];
  /** When the laptop sleeps; it does at the start and end of the day. */
  readonly sleeps: readonly Span[];
}

/** One request for a token. */
export interface Ask {
  readonly at: number;
  readonly window: number;
}

/** The parameters of a working day. */
export interface Rhythm {
  /** Standard deviation of the start of work, around nine o'clock. */
  readonly arrivals: number;
  /** Mean time between two requests of a working developer. */
  readonly betweenAsks: number;
  /** The share of laptops that sleep over lunch, and wake up within {@link wakeWithin} of each other. */
  readonly sleepAtLunch: number;
  readonly wakeWithin: number;
  /** Maximum number of windows per developer. */
  readonly mostWindows: number;
}

const workingDay: Rhythm = {
  arrivals: 45 * minute,
  betweenAsks: 1 * minute,
  sleepAtLunch: 0.15,
  wakeWithin: 5 * minute,
  mostWindows: 4,
};

/** One window each, with occasional requests. */
export const quietDay: Rhythm = { ...workingDay, betweenAsks: 10 * minute, mostWindows: 1 };

/** Lunch has two shifts of 45 minutes. */
const shifts = [12 * hour, 12.5 * hour];
const lunchTakes = 45 * minute;
const dayEnds = 24 * hour;

/** A developer's day, reproducible by number. */
export function developerOf(id: number, rhythm: Rhythm = workingDay): Developer {
  const random = randomOf(id * 7919 + 17);
  const windows = 1 + Math.floor(random() * rhythm.mostWindows);
  const arrives = Math.min(Math.max(normal(random, 9 * hour, rhythm.arrivals), 6 * hour), 11.5 * hour);
  const leaves = Math.min(arrives + normal(random, 8.75 * hour, 30 * minute), 23 * hour);
  const pauses: Span[] = [];
  const sleeps: Span[] = [{ from: 0, to: arrives }];
  if (random() < rhythm.sleepAtLunch) {
    const begins = shifts[Math.floor(random() * shifts.length)] ?? 0;
    const slept = {
      from: begins - random() * 10 * minute,
      to: begins + lunchTakes + random() * rhythm.wakeWithin,
    };
    pauses.push(slept);
    sleeps.push(slept);
  } else {
    const from = 11.75 * hour + random() * hour;
    pauses.push({ from, to: from + (30 + random() * 30) * minute });
  }
  // Two meetings; a laptop closed for one wakes on the half hour, like all others.
  for (const begins of [10 + Math.floor(random() * 3) / 2, 14 + Math.floor(random() * 5) / 2]) {
    const meeting = { from: begins * hour, to: begins * hour + 30 * minute + random() * 3 * minute };
    if (random() < 0.5) continue;
    pauses.push(meeting);
    if (random() < 0.3) sleeps.push(meeting);
  }
  // Four out of five close the lid when they leave; the others leave the machine on.
  if (random() < 0.8) sleeps.push({ from: leaves + random() * 5 * minute, to: dayEnds });
  const work = without({ from: arrives, to: leaves }, pauses);
  return { id, windows, asks: asksOf(random, work, windows, rhythm), work, sleeps };
}

function without(day: Span, pauses: readonly Span[]): Span[] {
  const work: Span[] = [];
  let { from } = day;
  for (const pause of [...pauses].sort((one, other) => one.from - other.from)) {
    if (pause.from > from) work.push({ from, to: Math.min(pause.from, day.to) });
    from = Math.max(from, pause.to);
  }
  if (from < day.to) work.push({ from, to: day.to });
  return work;
}

function asksOf(random: Random, work: readonly Span[], windows: number, { betweenAsks }: Rhythm): Ask[] {
  const asks: Ask[] = [];
  for (const { from, to } of work) {
    // Users do not send requests immediately when they return.
    for (let at = from + random() * 2 * minute; at < to; at += exponential(random, betweenAsks))
      asks.push({ at: Math.ceil(at), window: Math.floor(random() * windows) });
  }
  return asks;
}

/**
 * The minimum number of tokens for a day with a valid token at every moment of work: each is requested when the
 * previous one expires, or at the next request if that is later.
 */
export function leastTokens(
  { asks: all, work }: Developer,
  usableMilliseconds: number,
  dayEnd: number,
): number {
  const asks = all.filter(({ at }) => at < dayEnd);
  let tokens = 0;
  let until = -Infinity;
  for (const { from, to } of work) {
    const first = asks.find(({ at }) => at >= from && at < to)?.at;
    const last = asks.findLast(({ at }) => at >= from && at < to)?.at;
    if (first === undefined || last === undefined) continue;
    for (let at = Math.max(first, until); at <= last; at = until) {
      tokens += 1;
      until = at + usableMilliseconds;
    }
  }
  return tokens;
}
