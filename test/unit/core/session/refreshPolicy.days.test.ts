import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { decideRefresh, isUsable } from '../../../../src/core/session/refreshPolicy.ts';
import type { FailedAttempt } from '../../../../src/core/session/refreshPolicy.ts';
import { january, tokenSet } from '../../fakes/examples.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

interface Day {
  /** The offset of this machine's clock from true time, at `elapsed` of the day. */
  readonly skew?: (elapsed: number) => number;
  /** The server's response at `elapsed`: an error, or undefined for a new token. */
  readonly failure?: (elapsed: number, now: number) => SignInError | undefined;
  readonly life?: number;
  readonly days?: number;
}

/** The results of requesting a token every ten seconds of true time. */
interface Outcome {
  readonly refreshes: number;
  readonly attempts: number;
  /** True times of the attempts, from the start. */
  readonly attemptedAt: readonly number[];
  /** How often a returned token had expired by true time. */
  readonly deadServed: number;
  /** How often nothing could be returned. */
  readonly refused: number;
}

/** A window's day with a request every ten seconds and one-hour tokens. */
function live({ skew = () => 0, failure = () => undefined, life = hour, days = 1 }: Day): Outcome {
  let held = { ...tokenSet, obtainedAt: january + skew(0), expiresAt: january + skew(0) + life };
  let diesAt = life;
  let failed: FailedAttempt | undefined;
  const attemptedAt: number[] = [];
  let [refreshes, deadServed, refused] = [0, 0, 0];
  for (let elapsed = 0; elapsed < days * 24 * hour; elapsed += 10 * second) {
    const now = january + elapsed + skew(elapsed);
    const decision = decideRefresh(now, held, failed);
    if (decision === 'refresh' || decision === 'serveAndRefresh') {
      attemptedAt.push(elapsed);
      const error = failure(elapsed, now);
      if (error === undefined) {
        held = { ...held, obtainedAt: now, expiresAt: now + life };
        diesAt = elapsed + life;
        failed = undefined;
        refreshes++;
      } else {
        failed = { at: now, error, failures: (failed?.failures ?? 0) + 1 };
      }
    }
    if (!isUsable(now, held)) refused++;
    else if (elapsed >= diesAt) deadServed++;
  }
  return { refreshes, attempts: attemptedAt.length, attemptedAt, deadServed, refused };
}

describe('decideRefresh: over a day with a request every ten seconds', () => {
  test.each([
    ['right', () => 0],
    ['an hour ahead', () => hour],
    ['an hour behind', () => -hour],
    ['years behind', () => -20 * 365 * 24 * hour],
    ['a minute a day too fast', (elapsed: number) => elapsed / (24 * 60)],
    ['a minute a day too slow', (elapsed: number) => -elapsed / (24 * 60)],
  ])('a clock that is %s: a refresh every 48 to 59 minutes, and only valid tokens', (_, skew) => {
    const { refreshes, attempts, deadServed, refused } = live({ skew });
    expect(attempts).toBe(refreshes);
    expect(refreshes).toBeGreaterThanOrEqual(24);
    expect(refreshes).toBeLessThanOrEqual(32);
    expect([deadServed, refused]).toEqual([0, 0]);
  });

  test.each([
    ['an hour ahead once', (elapsed: number) => (elapsed < 6 * hour ? 0 : hour)],
    ['an hour back once', (elapsed: number) => (elapsed < 6 * hour ? 0 : -hour)],
    ['a day ahead and back', (elapsed: number) => (elapsed > 6 * hour && elapsed < 7 * hour ? 24 * hour : 0)],
    [
      'to the year 2000 and back',
      (elapsed: number) => (elapsed > 6 * hour && elapsed < 7 * hour ? -26 * 365 * 24 * hour : 0),
    ],
  ])('a clock that jumps %s: a few more refreshes, but no storm and no expired token', (_, skew) => {
    const { refreshes, deadServed } = live({ skew });
    expect(refreshes).toBeGreaterThanOrEqual(24);
    expect(refreshes).toBeLessThanOrEqual(34);
    expect(deadServed).toBe(0);
  });

  test('a clock that jumps back and forth every hour costs at most two refreshes per jump', () => {
    const skew = (elapsed: number) => (Math.floor(elapsed / hour) % 2 === 0 ? 0 : 2 * hour);
    expect(live({ skew }).refreshes).toBeLessThanOrEqual(32 + 2 * 24);
  });

  test.each([
    ['a minute and a half', 90 * second, (24 * 3600) / 30],
    ['five minutes', 5 * minute, 24 * 15.5],
    ['ten hours', 10 * hour, 4],
  ])('tokens with a lifetime of %s are refreshed regularly, and each is valid', (_, life, most) => {
    const { refreshes, deadServed, refused } = live({ life });
    expect(refreshes).toBeLessThanOrEqual(most);
    expect(refreshes).toBeGreaterThanOrEqual((24 * hour) / life - 1);
    expect([deadServed, refused]).toEqual([0, 0]);
  });
});

describe('decideRefresh: over a day of failing refreshes', () => {
  const always =
    (kind: SignInErrorKind, details: ErrorDetails = {}) =>
    () =>
      new SignInError(kind, details);

  test.each<SignInErrorKind>(['network', 'serverError', 'rateLimited', 'proxy', 'connectionChanged'])(
    'with %s, attempts continue at a mean interval of at least 225 seconds',
    (kind) => {
      const { attempts, refreshes, attemptedAt, refused } = live({ failure: always(kind) });
      expect(refreshes).toBe(0);
      expect(attempts).toBeLessThanOrEqual((24 * hour) / (225 * second) + 20);
      expect(24 * hour - (attemptedAt.at(-1) ?? 0)).toBeLessThan(6 * minute);
      expect(refused).toBeGreaterThan(0);
    },
  );

  test('F4: with a policy error, attempts continue, eventually once an hour', () => {
    const { attempts, attemptedAt } = live({ failure: always('policy') });
    expect(attempts).toBeLessThanOrEqual(24 + 4);
    expect(24 * hour - (attemptedAt.at(-1) ?? 0)).toBeLessThan(hour + minute);
  });

  test('with a Retry-After of half an hour, no refresh comes earlier, and each a little later', () => {
    const failure = (_: number, now: number) =>
      new SignInError('rateLimited', { retryAt: now + 30 * minute });
    const { attemptedAt } = live({ failure });
    const pauses = attemptedAt.slice(1).map((at, index) => at - (attemptedAt[index] ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(30 * minute);
    // The server tells all clients the same: they must not all return at the same moment.
    expect(Math.max(...pauses)).toBeLessThanOrEqual(35 * minute + 10 * second);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(2 * minute);
  });

  test('with a Retry-After of a year, attempts continue every hour or a little later', () => {
    const failure = (_: number, now: number) =>
      new SignInError('rateLimited', { retryAt: now + 365 * 24 * hour });
    expect(live({ failure }).attempts).toBeGreaterThanOrEqual(22);
  });

  test('a clock that jumps back does not delay attempts by the jump', () => {
    const skew = (elapsed: number) => (elapsed < 6 * hour ? 0 : -12 * hour);
    const failure = (elapsed: number) => (elapsed < 6 * hour ? new SignInError('network') : undefined);
    const { attemptedAt, refused } = live({ skew, failure });
    const afterJump = attemptedAt.find((at) => at >= 6 * hour) ?? Infinity;
    expect(afterJump - 6 * hour).toBeLessThanOrEqual(10 * second);
    expect(refused).toBeLessThanOrEqual((5 * hour + minute) / (10 * second) + 2);
  });
});

test('after a night without network, there is a token within six minutes of its return', () => {
  const failure = (elapsed: number) =>
    elapsed > hour && elapsed < 9 * hour ? new SignInError('network') : undefined;
  const { attemptedAt, refreshes } = live({ failure });
  const back = attemptedAt.find((at) => at >= 9 * hour) ?? Infinity;
  expect(back - 9 * hour).toBeLessThanOrEqual(6 * minute);
  expect(refreshes).toBeGreaterThan(15);
});
