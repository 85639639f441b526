import { exponential } from './random.ts';
import type { Random } from './random.ts';
import type { Developer } from './developers.ts';
import type { FleetDay } from './product.ts';

const second = 1000;
const minute = 60 * second;

/** A token in a model, shared by all windows of a machine. */
interface Held {
  refreshToken: string;
  obtainedAt: number;
  expiresAt: number;
}

/** Refresh policies of other programs, according to their sources. */
export interface ModeledPolicy {
  readonly name: string;
  /** Whether a request refreshes first, and so waits. `triedAt` is this window's last attempt. */
  refreshesFirst(now: number, held: Held, triedAt: number): boolean;
  /** The latest time at which a token is returned. */
  usableUntil(held: Held): number;
  /** When it is refreshed in the background, if ever. */
  aheadAt?(held: Held): number;
  /** Whether the windows of a machine take turns. */
  readonly isOnePerMachine: boolean;
}

const untilItsEnd = ({ expiresAt }: Held): number => expiresAt;

export const modeledPolicies: readonly ModeledPolicy[] = [
  {
    name: 'at expiry',
    refreshesFirst: (now, { expiresAt }) => now >= expiresAt,
    usableUntil: untilItsEnd,
    isOnePerMachine: false,
  },
  {
    // @aws-sdk/token-providers, fromSso: within five minutes before expiry, at most every 30 s per process.
    name: 'AWS SDK, last 5 minutes',
    refreshesFirst: (now, { expiresAt }, triedAt) =>
      expiresAt - now <= 5 * minute && (now - triedAt >= 30 * second || now >= expiresAt),
    usableUntil: untilItsEnd,
    isOnePerMachine: false,
  },
  {
    // botocore, tokens.py: advisory in the last 15 minutes, mandatory in the last 10, at most one attempt per
    // minute.
    name: 'AWS CLI, last 15 and 10 minutes',
    refreshesFirst: (now, { expiresAt }, triedAt) =>
      expiresAt - now <= 15 * minute && (now - triedAt >= minute || now >= expiresAt),
    usableUntil: untilItsEnd,
    isOnePerMachine: false,
  },
  {
    name: 'ours without jitter',
    refreshesFirst: (now, held) => now >= held.expiresAt - minute,
    usableUntil: ({ expiresAt }) => expiresAt - minute,
    aheadAt: ({ obtainedAt, expiresAt }) => expiresAt - minute - 0.015 * (expiresAt - minute - obtainedAt),
    isOnePerMachine: true,
  },
];

/** The same day, with the token lifetime in milliseconds and a random source. */
interface ModelDay extends FleetDay {
  readonly life: number;
  readonly random: Random;
}

/** Simulates a developer's day with a model. */
export function openModel(
  policy: ModeledPolicy,
  developer: Developer,
  { organization, time, midnight, notes, life, random }: ModelDay,
): void {
  const { refreshToken } = organization.grant();
  const held: Held = { refreshToken, obtainedAt: -Infinity, expiresAt: -Infinity };
  const running = new Map<number, Promise<boolean>>();
  const triedAt = new Map<number, number>();
  let failures = 0;
  let retryAt = -Infinity;
  let askedAt = -Infinity;
  const isAsleep = (now: number): boolean =>
    developer.sleeps.some(({ from, to }) => now >= midnight + from && now < midnight + to);
  const pass = (): Promise<void> =>
    new Promise((resolve) => void time.at(time.now() + 100 + exponential(random, 140), resolve));
  const refreshOnce = async (): Promise<boolean> => {
    const sent = held.refreshToken;
    const sentAt = time.now();
    await pass();
    const answered = organization.refresh(sent);
    await pass();
    if (typeof answered === 'string') return false;
    Object.assign(held, {
      refreshToken: answered.refreshToken,
      obtainedAt: sentAt,
      expiresAt: sentAt + life,
    });
    return true;
  };
  const refresh = (window: number): Promise<boolean> => {
    const turn = policy.isOnePerMachine ? 0 : window;
    const before = running.get(turn);
    if (before !== undefined) return before;
    triedAt.set(window, time.now());
    const mine = refreshOnce().then((isDone) => {
      running.delete(turn);
      failures = isDone ? 0 : failures + 1;
      if (isDone) planAhead();
      else {
        retryAt = time.now() + Math.min(5 * second * 2 ** (failures - 1), 5 * minute);
        if (policy.aheadAt !== undefined) time.at(retryAt, ahead);
      }
      return isDone;
    });
    running.set(turn, mine);
    return mine;
  };
  const ahead = (): void => {
    const dueAt = policy.aheadAt?.(held) ?? Infinity;
    const isWanted = askedAt >= time.now() - 5 * minute || failures > 0;
    if (time.now() >= dueAt && isWanted && !isAsleep(time.now())) void refresh(0);
  };
  const planAhead = (): void => {
    if (policy.aheadAt !== undefined) time.at(policy.aheadAt(held), ahead);
  };
  const ask = async (window: number): Promise<void> => {
    const now = time.now();
    askedAt = now;
    const wasGood = now <= policy.usableUntil(held);
    const isEarly = policy.aheadAt !== undefined && now < retryAt;
    if (policy.refreshesFirst(now, held, triedAt.get(window) ?? -Infinity) && !isEarly) await refresh(window);
    if (time.now() <= policy.usableUntil(held)) notes.served(time.now() - now, wasGood);
    else notes.failed(now, false);
  };
  const askNext = (which: number): void => {
    const next = developer.asks[which];
    if (next === undefined) return;
    time.at(midnight + next.at, () => {
      askNext(which + 1);
      void ask(next.window);
    });
  };
  askNext(0);
}
