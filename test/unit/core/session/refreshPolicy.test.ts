import { describe, expect, test } from 'vitest';
import { defined } from '../../../../src/core/defined.ts';
import { dialects } from '../../../../src/core/oauth/errorMeanings.ts';
import { meaningOf, OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import {
  refreshDueAt,
  isAmbiguityOver,
  countRefusal,
  decideRefresh,
  isAmbiguous,
  isRegularRefresh,
  isInUse,
  needsAction,
  retryAt,
  staggeredDueAt,
  usableUntil,
} from '../../../../src/core/session/refreshPolicy.ts';
import { january, tokenSet } from '../../fakes/examples.ts';

const second = 1000;
const minute = 60 * second;

/** A token issued `at` with a lifetime of `life`. */
const token = (life: number, at = january) => ({ ...tokenSet, obtainedAt: at, expiresAt: at + life });

const over = token(60 * minute, january - 61 * minute);

/** The decision `left` before the expiry of a token with a lifetime of `life`. */
const decide = (life: number, left: number) => decideRefresh(january + life - left, token(life));
const failed = (kind: SignInErrorKind, failures = 1, details: ErrorDetails = {}) => ({
  at: january,
  error: new SignInError(kind, details),
  failures,
});

describe('decideRefresh: a token request (docs/ARCHITECTURE.md, rule 3)', () => {
  test.each([
    ['an hour', 60 * minute, 'new', 60 * minute, 'serve'],
    ['an hour', 60 * minute, 'good for twenty minutes', 20 * minute, 'serve'],
    ['an hour', 60 * minute, 'good for five minutes', 5 * minute, 'serveAndRefresh'],
    ['an hour', 60 * minute, 'good for a minute', minute, 'serveAndRefresh'],
    ['an hour', 60 * minute, 'good for less than a minute', minute - 1, 'refresh'],
    ['an hour', 60 * minute, 'at its end', 0, 'refresh'],
    ['an hour', 60 * minute, 'long over', -24 * 60 * minute, 'refresh'],
    ['two minutes', 2 * minute, 'good for a minute', minute, 'serveAndRefresh'],
    ['two minutes', 2 * minute, 'good for less than a minute', minute - 1, 'refresh'],
    ['a minute and a half', 90 * second, 'new', 90 * second, 'serve'],
    ['a minute and a half', 90 * second, 'good for half its life', 45 * second, 'serveAndRefresh'],
    ['a minute and a half', 90 * second, 'good for less than half its life', 45 * second - 1, 'refresh'],
    ['ten seconds', 10 * second, 'new', 10 * second, 'serve'],
    ['ten seconds', 10 * second, 'good for four', 4 * second, 'refresh'],
    ['ten seconds', 10 * second, 'over', -1, 'refresh'],
  ])('of %s (%i ms) that is %s (%i ms): %s', (_, life, __, left, decision) => {
    expect(decide(life, left)).toBe(decision);
  });

  test('never returns a token that was just refreshed and must be refreshed again', () => {
    const lives = [1, second, 59 * second, minute, 119 * second, 2 * minute, 60 * minute];
    expect(lives.map((life) => decide(life, life))).toEqual(lives.map(() => 'serve'));
  });

  test('serves a token after the clock was set back, and gives it times of the new clock', () => {
    expect(decideRefresh(january - 3 * minute, token(60 * minute))).toBe('serveAndRefresh');
    expect(decideRefresh(january - minute, token(60 * minute))).toBe('serve');
  });
});

describe('refreshDueAt: the time of a background refresh', () => {
  const moments = Array.from({ length: 500 }, (_, i) => january + i * 977);
  const dueAt = (life: number, at: number, inTurn?: true) =>
    refreshDueAt({ ...token(life, at), ...defined({ inTurn }) });
  /** Time before the last usable moment, as a share of the time until then. */
  const ahead = (life: number, inTurn?: true) =>
    moments.map((at) => {
      const until = usableUntil(token(life, at));
      return (until - dueAt(life, at, inTurn)) / (until - at);
    });
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

  test.each([
    ['five minutes', 5 * minute],
    ['an hour', 60 * minute],
    ['twelve hours', 720 * minute],
  ])('of a token of %s with regular refreshes costs 1 %% more requests than the minimum', (_, life) => {
    const shares = ahead(life, true);
    expect(mean(shares)).toBeLessThan(0.012);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.015);
  });

  test.each([
    ['an hour', 60 * minute],
    ['twelve hours', 720 * minute],
  ])(
    'of a token of %s that many users may have received at once is spread over an eighth of its lifetime',
    (_, life) => {
      const sorted = ahead(life).sort((one, other) => one - other);
      expect(sorted.at(-1)).toBeLessThanOrEqual(0.135);
      // Each tenth of the spread has about a tenth of them.
      const tenths = Array.from(
        { length: 10 },
        (_none, at) =>
          sorted.filter((share) => share >= 0.005 + at * 0.013 && share < 0.005 + (at + 1) * 0.013).length,
      );
      expect(Math.max(...tenths)).toBeLessThan(65);
      expect(Math.min(...tenths)).toBeGreaterThan(35);
    },
  );

  test('of a short-lived token leaves time for the response', () => {
    for (const life of [20 * second, minute, 5 * minute])
      for (const at of moments.slice(0, 50)) {
        const until = usableUntil(token(life, at));
        expect(until - dueAt(life, at)).toBeGreaterThanOrEqual(Math.min(2 * second, (until - at) / 10) - 1);
      }
  });

  test('is stable', () => {
    expect(refreshDueAt(token(60 * minute))).toBe(refreshDueAt(token(60 * minute)));
  });
});

describe('retryAt: after a failed refresh', () => {
  const endsSoon = token(60 * minute, january - 59 * minute + 10 * second);

  test('an expired token is requested again only after the back-off', () => {
    const failure = failed('serverError');
    expect(decideRefresh(january, over, failure)).toBe('wait');
    expect(decideRefresh(january + 5 * second, over, failure)).toBe('refresh');
  });

  test('a valid token is served meanwhile', () => {
    const failure = failed('serverError');
    expect(decideRefresh(january, endsSoon, failure)).toBe('serve');
    expect(decideRefresh(january + 5 * second, endsSoon, failure)).toBe('serveAndRefresh');
  });

  test('a clock that was set back does not cause a wait', () => {
    expect(decideRefresh(january - second, over, failed('serverError'))).toBe('refresh');
  });

  const inARow = (kind: SignInErrorKind, waits: readonly number[]) =>
    [...waits, waits.at(-1) ?? NaN].map((seconds, index) => ({ kind, failures: index + 1, seconds }));

  test.each([
    ...inARow('network', [5, 15, 45, 135, 320]),
    ...inARow('timeout', [5, 15, 45, 135, 320]),
    // All people get these at once: fewer are in the short waits when the server is back.
    ...inARow('serverError', [5, 40, 320]),
    ...inARow('rateLimited', [5, 40, 320]),
    ...inARow('invalidResponse', [5, 40, 320]),
    { kind: 'network' as const, failures: 1000, seconds: 320 },
  ])(
    '$kind $failures times in a row: the back-off is $seconds seconds, or up to 15 % less',
    ({ kind, failures, seconds }) => {
      const wait = retryAt(failed(kind, failures), over) - january;
      expect(wait).toBeLessThanOrEqual(seconds * second);
      expect(wait).toBeGreaterThanOrEqual(0.85 * seconds * second - 1);
    },
  );

  test('waits as long as the server requires, at most an hour, plus a little', () => {
    const asks = (retryAfter: number, at = january) =>
      retryAt({ ...failed('rateLimited', 1, { retryAt: at + retryAfter }), at }, over) - at;
    expect(asks(7 * minute)).toBeGreaterThanOrEqual(7 * minute);
    expect(asks(7 * minute)).toBeLessThanOrEqual(12 * minute);
    expect(asks(48 * 60 * minute)).toBeLessThanOrEqual(65 * minute);
    expect(asks(-minute)).toBeGreaterThanOrEqual(2 * second);
    expect(asks(-minute)).toBeLessThanOrEqual(5 * second);
  });

  test('clients with the same Retry-After do not return at the same moment', () => {
    const waits = Array.from({ length: 300 }, (_, at) => {
      const limited = {
        ...failed('rateLimited', 1, { retryAt: january + at + 20 * second }),
        at: january + at,
      };
      return retryAt(limited, over) - limited.at;
    });
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(20 * second);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(25 * second);
  });

  test('for a valid token, attempts continue in its remaining time, and concurrent failures are spread over it', () => {
    const waits = (left: number) =>
      Array.from({ length: 300 }, (_, at) => {
        const tried = { ...failed('serverError', 4), at: january + at };
        const life = 500 * 24 * 60 * minute; // So long that each of these is in its last share.
        return retryAt(tried, token(life, tried.at + left + minute - life)) - tried.at;
      });
    for (const left of [11 * second, minute, 4 * minute]) {
      expect(Math.max(...waits(left))).toBeLessThanOrEqual(0.95 * left + 1);
      expect(Math.min(...waits(left))).toBeGreaterThanOrEqual(Math.min(0.5 * left, 5 * second));
      expect(Math.max(...waits(left)) - Math.min(...waits(left))).toBeGreaterThan(0.3 * left);
    }
    expect(Math.max(...waits(24 * 60 * minute))).toBeLessThanOrEqual(5 * minute);
  });

  test('after a permanent error, it is five minutes', () => {
    expect(retryAt(failed('connectionChanged'), over) - january).toBe(5 * minute);
  });
});

describe('countRefusal: F4: ambiguous errors of a refresh', () => {
  const given = token(60 * minute);
  const end = given.expiresAt;
  const after = (...moments: readonly number[]) =>
    moments.reduce<ReturnType<typeof countRefusal>>(
      (refusals, at) => countRefusal(end + at, given, refusals),
      undefined,
    );

  test.each<readonly [SignInErrorKind, number | undefined, boolean]>([
    ['requestRefused', 400, true],
    ['requestRefused', 403, true],
    ['invalidResponse', 400, true],
    ['invalidResponse', 401, true],
    ['invalidResponse', 403, false],
    ['invalidResponse', 404, false],
    ['invalidResponse', 408, false],
    ['invalidResponse', 200, false],
    ['invalidResponse', 302, false],
    ['invalidResponse', undefined, false],
    ['serverError', 400, false],
    ['rateLimited', 429, false],
    ['proxy', 403, false],
    ['policy', 400, false],
    ['grantRevoked', 400, false],
  ])('%s with %s: %s', (kind, status, ambiguous) => {
    const error = new SignInError(kind, status === undefined ? {} : { status });
    expect(isAmbiguous(error)).toBe(ambiguous);
    if (ambiguous) expect(needsAction(error)).toBe(false);
  });

  test('a 403 with an unknown error code is from the token endpoint, one without a code from a gateway', () => {
    const refusal = new OAuthErrorResponse('something_new', { status: 403 });
    expect(isAmbiguous(meaningOf(refusal, { dialect: dialects.openId, step: 'refresh' }))).toBe(true);
    expect(isAmbiguous(new SignInError('invalidResponse', { status: 403 }))).toBe(false);
  });

  test('do not count while the token is valid', () => {
    expect(countRefusal(end - 1, given)).toBeUndefined();
    expect(countRefusal(end - 1, given, { since: end, count: 2 })).toBeUndefined();
  });

  test.each([
    ['two, an hour apart', [0, 60 * minute], false],
    ['three within ten minutes', [0, 5 * minute, 10 * minute - 1], false],
    ['three over ten minutes', [0, 5 * minute, 10 * minute], true],
    ['many within ten minutes', [0, 1, 2, 3, 4, 5, 9 * minute], false],
    ['a fourth after ten minutes', [0, 1, 2, 10 * minute], true],
    ['three on three days', [0, 24 * 60 * minute, 48 * 60 * minute], true],
  ])('end the session: %s', (_, moments, isEnd) => {
    const refusals = after(...moments);
    expect(refusals !== undefined && isAmbiguityOver(end + (moments.at(-1) ?? 0), refusals)).toBe(isEnd);
  });

  test('start over with a new token', () => {
    const next = token(60 * minute, end + minute);
    expect(countRefusal(next.expiresAt, next, { since: end, count: 3 })).toEqual({
      since: next.expiresAt,
      count: 1,
    });
  });

  test('start over if the clock was ahead', () => {
    expect(countRefusal(end + minute, given, { since: end + 60 * minute, count: 3 })).toEqual({
      since: end + minute,
      count: 1,
    });
  });

  test('are retried after five minutes', () => {
    const refusal = { status: 400 };
    const waits = [1, 2, 1000].map(
      (failures) => retryAt(failed('requestRefused', failures, refusal), over) - january,
    );
    expect(waits).toEqual([5, 5, 5].map((minutes) => minutes * minute));
  });
});

test('F4: an error that an administrator must fix is eventually retried every hour', () => {
  const waits = [1, 2, 3, 4, 5, 1000].map((failures) => retryAt(failed('policy', failures), over) - january);
  expect(waits).toEqual([5, 10, 20, 40, 60, 60].map((minutes) => minutes * minute));
});

describe('staggeredDueAt: the windows of a machine', () => {
  const opened = Array.from({ length: 200 }, (_, at) => january - 60 * minute + at * 7);

  test.each([
    ['twenty seconds', 20 * second, 420],
    ['an hour', 60 * minute, 5 * second],
  ])('refresh a token of %s one after another, and early enough', (_, life, longest) => {
    const held = token(life);
    const delays = opened.map((openedAt) => staggeredDueAt(openedAt, held) - refreshDueAt(held));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(longest + 1);
    expect(new Set(delays.map((delay) => Math.floor((delay * 10) / (longest + 2)))).size).toBe(10);
    expect(Math.max(...opened.map((openedAt) => staggeredDueAt(openedAt, held)))).toBeLessThan(
      usableUntil(held),
    );
  });
});

describe('retryAt: a failed refresh', () => {
  const held = token(60 * minute);
  const left = usableUntil(held) - refreshDueAt(held);

  test.each([
    ['ahead of time is retried within the time left', refreshDueAt(held), 0.5 * left, 0.95 * left],
    ['before it was due is retried after the back-off', refreshDueAt(held) - 1, 34 * second, 40 * second],
    [
      'of a token that is over is retried after the back-off',
      usableUntil(held) + 1,
      34 * second,
      40 * second,
    ],
  ])('%s', (_, at, least, longest) => {
    const wait = retryAt({ ...failed('serverError', 2), at }, held) - at;
    expect(wait).toBeGreaterThanOrEqual(Math.floor(Math.min(least, 5 * minute * 0.5)));
    expect(wait).toBeLessThanOrEqual(Math.ceil(Math.min(longest, 5 * minute * 0.95)));
  });
});

describe('isInUse: a token in use', () => {
  const held = token(60 * minute);
  const due = refreshDueAt(held);

  test.each([
    ['a minute ago', due - minute, due, true],
    ['nine minutes ago', due - 9 * minute, due, true],
    ['ten minutes ago', due - 10 * minute, due, false],
    ['before it came', january - 1, due, false],
    ['just now, but it is over', usableUntil(held), usableUntil(held) + 1, false],
  ])('was requested %s', (_, askedAt, now, expected) => {
    expect(isInUse(now, askedAt, held)).toBe(expected);
  });

  test('with a lifetime of twelve hours was requested in the last twenty minutes', () => {
    const long = token(720 * minute);
    const at = refreshDueAt(long);
    expect(isInUse(at, at - 19 * minute, long)).toBe(true);
    expect(isInUse(at, at - 21 * minute, long)).toBe(false);
  });

  test('with a lifetime of five minutes was requested in the last two', () => {
    const short = token(5 * minute);
    const at = refreshDueAt(short);
    expect(isInUse(at, at - 1.9 * minute, short)).toBe(true);
    expect(isInUse(at, at - 2.1 * minute, short)).toBe(false);
  });
});

describe('isRegularRefresh', () => {
  const held = token(60 * minute);

  test.each([
    ['ahead of time', january + 58 * minute, [], true],
    ['after the one before it has ended', january + 60 * minute, [], false],
    ['after a try that failed', january + 58 * minute, [failedAt(january + 57 * minute)], false],
    [
      'after one that failed before the last token',
      january + 58 * minute,
      [failedAt(january - minute)],
      true,
    ],
  ])('%s: %4$s', (_, now, tries, expected) => {
    expect(isRegularRefresh(now, held, tries)).toBe(expected);
  });
});

function failedAt(at: number) {
  return { ...failed('network'), at };
}
