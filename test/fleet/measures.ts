import type { Observed } from './simulate.ts';
import type { Span } from './virtualTime.ts';

const hour = 3600;
/** Peaks are measured over five minutes, or longer if needed for this number of requests: shorter ones are random. */
const shortestWindow = 300;
const leastRequests = 300;
const leastAfterOutage = 120;

/** Figures of a day; rates are token requests per second. */
export interface Measures {
  readonly mean: number;
  /** The busiest minute. */
  readonly peakMinute: number;
  /**
   * The maximum ratio, during working hours, of the busiest five minutes (longer with few requests) to the mean
   * of the surrounding hour.
   */
  readonly peakOverMean: number;
  /** The part of it from returning users whose token has expired: any policy must request one at once. */
  readonly returnsInPeak: number;
  /**
   * The minimum peak of any policy with this number of requests: those after sleep come when they come, all
   * others are spread evenly.
   */
  readonly leastPeak: number;
  /** Seconds over which a peak is measured. */
  readonly peakSeconds: number;
  /** The same ratio for single minutes, as in per-minute rate limits. */
  readonly ofMinute: { readonly peakOverMean: number; readonly leastPeak: number };
  /** The busiest second. */
  readonly peakSecond: number;
  readonly requestsPerDeveloper: number;
  /** Ratio of requests to the minimum that token lifetimes allow. */
  readonly overLeast: number;
  readonly waited: number;
  /** Milliseconds. */
  readonly longestWait: number;
  readonly medianWait: number;
  readonly waitedWhileGood: number;
  readonly refused: number;
  readonly limited: number;
  readonly lost: number;
}

/** Working hours: outside of them, there are too few requests for a mean. */
const busyHours: Span = { from: 8 * hour, to: 17 * hour };

export function measuresOf(observed: Observed, busy = busyHours): Measures {
  const { perSecond, developers, least, waits, waitedWhileGood, refused, limited, lost } = observed;
  const requests = sum(perSecond, 0, perSecond.length);
  const sorted = [...waits].sort((one, other) => one - other);
  return {
    mean: sum(perSecond, busy.from, busy.to) / (busy.to - busy.from),
    peakMinute: busiest(perSecond, { from: 0, to: perSecond.length }, 60),
    ...peakOf(observed, busy, shortestWindow),
    ofMinute: peakOf(observed, busy, 60),
    peakSecond: busiest(perSecond, { from: 0, to: perSecond.length }, 1),
    requestsPerDeveloper: requests / developers,
    overLeast: requests / least,
    waited: waits.length,
    longestWait: sorted.at(-1) ?? 0,
    medianWait: sorted[Math.floor(sorted.length / 2)] ?? 0,
    ...{ waitedWhileGood, refused, limited, lost },
  };
}

function peakOf(
  { perSecond, returns, fromSleep }: Observed,
  { from, to }: Span,
  shortest: number,
): Pick<Measures, 'peakOverMean' | 'peakSeconds' | 'returnsInPeak' | 'leastPeak'> {
  let most = { peakOverMean: 0, returnsInPeak: 0 };
  let leastPeak = 0;
  const ofAll = sum(perSecond, from, to) / (to - from);
  const enough = shortest < shortestWindow ? shortest : leastRequests / ofAll;
  const window = Math.round(Math.min(Math.max(shortest, enough), hour / 2));
  for (let start = from; start + window <= to; start += 60) {
    const middle = start + window / 2;
    const share = (seconds: Uint32Array): number =>
      (sum(seconds, middle - hour / 2, middle + hour / 2) / hour) * window;
    const ofHour = share(perSecond);
    const needed = sum(fromSleep, start, start + window) - share(fromSleep);
    leastPeak = Math.max(leastPeak, 1 + needed / ofHour);
    const ratio = sum(perSecond, start, start + window) / ofHour;
    if (ratio <= most.peakOverMean) continue;
    most = { peakOverMean: ratio, returnsInPeak: sum(returns, start, start + window) / ofHour };
  }
  return { ...most, leastPeak, peakSeconds: window };
}

/**
 * After an outage: the ratio of the busiest minute to the mean of the same hour without an outage, and the time
 * to recover.
 */
export interface AfterOutage {
  readonly peakOverMean: number;
  /**
   * The lower bound: the backlog spread evenly over five minutes on top of regular requests, divided by the same
   * mean.
   */
  readonly leastPeak: number;
  /** Seconds until no later minute exceeds one and a half times the mean. */
  readonly calmAfter: number;
  /** Failed requests during the outage. */
  readonly inVain: number;
}

export function afterOutage(observed: Observed, calmDay: Observed, outage: Span): AfterOutage {
  const [from, to] = [outage.from / 1000, outage.to / 1000];
  const mean = sum(calmDay.perSecond, to - hour / 2, to + hour / 2) / hour;
  // One minute, or longer if needed for this number of requests: shorter peaks are random.
  const span = Math.min(Math.max(60, Math.ceil(leastAfterOutage / mean)), 300);
  const rates = Array.from({ length: 1800 / 10 }, (_, at) => ({
    from: at * 10,
    rate: sum(observed.perSecond, to + at * 10, to + at * 10 + span) / span,
  }));
  return {
    peakOverMean: Math.max(...rates.map(({ rate }) => rate)) / mean,
    leastPeak: (sum(calmDay.perSecond, from, to) + sum(calmDay.perSecond, to, to + 300)) / 300 / mean,
    calmAfter: rates.findLast(({ rate }) => rate > 1.5 * mean)?.from ?? 0,
    inVain: sum(observed.perSecond, from, to),
  };
}

function busiest(perSecond: Uint32Array, { from, to }: Span, seconds: number): number {
  let most = 0;
  for (let start = from; start + seconds <= to; start += seconds)
    most = Math.max(most, sum(perSecond, start, start + seconds) / seconds);
  return most;
}

function sum(perSecond: Uint32Array, from: number, to: number): number {
  let all = 0;
  for (const count of perSecond.subarray(Math.max(Math.floor(from), 0), Math.floor(to))) all += count;
  return all;
}
