import { describe, expect, test } from 'vitest';
import { dialects } from '../../../../src/core/oauth/errorMeanings.ts';
import { deviceCodeOf, pollForToken } from '../../../../src/core/oauth/devicePolling.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const no = (word: string, status = 400) => new OAuthErrorResponse(word, { operation: 'token', status });
const pending = no('authorization_pending');

/** Polls that get these responses in order, and the seconds at which each was sent. */
function polling(answers: readonly unknown[], { intervalSeconds = 5, lifeSeconds = 600 } = {}) {
  return pollingBy(fakeClock(january), answers, { intervalSeconds, lifeSeconds });
}

function pollingBy(
  clock: ReturnType<typeof fakeClock>,
  answers: readonly unknown[],
  { intervalSeconds = 5, lifeSeconds = 600 } = {},
) {
  const log = fakeLog();
  const asker = new AbortController();
  const list = [...answers];
  const sentAt: number[] = [];
  const ask = async (): Promise<unknown> => {
    sentAt.push((clock.now() - january) / 1000);
    const next = list.shift() ?? pending;
    if (next instanceof Error) throw next;
    return next;
  };
  const code = { expiresAt: january + lifeSeconds * 1000, intervalSeconds };
  const done = pollForToken(
    { clock, log },
    { dialect: dialects.okta, code, requestTokens: ask },
    asker.signal,
  );
  done.catch(() => undefined);
  return { clock, log, asker, sentAt, done };
}

const response = { deviceCode: 'device-1', userCode: 'ABCD-EFGH', verificationUri: 'https://example.com/' };
const read = (more: object) => deviceCodeOf({ ...response, ...more }, january, { operation: 'device' });

describe('deviceCodeOf: an interval', () => {
  test.each([
    ['absent', undefined, 5],
    ['null', null, 5],
    ['zero', 0, 5],
    ['negative', -1, 5],
    ['no number', NaN, 5],
    ['endless', Infinity, 5],
    ['huge', 1e9, 60],
    ['one second', 1, 1],
    ['less than a second', 0.2, 1],
    ['digits in a text', '7', 7],
    ['zero in a text', '0', 5],
    ['words', 'soon', 5],
    ['a list', [3], 5],
  ])('that is %s is bounded', (_, interval, seconds) => {
    expect(read({ interval }).intervalSeconds).toBe(seconds);
  });
});

describe("deviceCodeOf: a code's lifetime", () => {
  test.each([
    ['absent', undefined, 600],
    ['zero', 0, 600],
    ['negative', -600, 600],
    ['shorter than a person types', 1, 30],
    ['a day', 86_400, 3600],
    ['digits in a text', '900', 900],
    ['a huge text', '9'.repeat(40), 600],
    ['a fraction', 99.5, 99.5],
  ])('that is %s is bounded', (_, expiresIn, seconds) => {
    expect(read({ expiresIn }).expiresAt).toBe(january + seconds * 1000);
  });
});

describe('deviceCodeOf: a page', () => {
  const long = `https://example.com/?code=${'ü'.repeat(500)}`;
  const page = 'https://example.com/?code=ABCD-EFGH';

  test('that is too long for a QR code is not the one that includes the code', () => {
    expect(read({ verificationUriComplete: page }).completePage).toBe(page);
    expect(read({ verificationUriComplete: long })).not.toHaveProperty('completePage');
  });

  test('that is too long is rejected without an alternative', () => {
    expect(() => read({ verificationUri: long })).toThrow('invalidResponse');
  });
});

describe('pollForToken: polls', () => {
  test('continue at the interval until there is a token', async () => {
    const { clock, sentAt, done } = polling([pending, pending, 'token'], { intervalSeconds: 3 });
    await clock.advance(9000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([3, 6, 9]);
  });

  test('slow down by five seconds after each slow_down, permanently', async () => {
    const { clock, sentAt, done } = polling([no('slow_down'), no('slow_down'), pending, 'token']);
    await clock.advance(60_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([5, 15, 30, 45]);
  });

  test('continue for a code in capitals', async () => {
    const { clock, sentAt, done } = polling([no('AUTHORIZATION_PENDING'), no('Slow_Down'), 'token']);
    await clock.advance(60_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([5, 10, 20]);
  });

  test('slow down for a slow_down with status 429, which Auth0 sends', async () => {
    const { clock, sentAt, done } = polling([
      new SignInError('rateLimited', { status: 429 }),
      pending,
      'token',
    ]);
    await clock.advance(60_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([5, 15, 25]);
  });

  test.each([
    ['longer', 20, [5, 25, 45]],
    ['shorter', 7, [5, 15, 25]],
    ['absurd', 1e9, [5, 65, 125]],
    ['negative', -9, [5, 15, 25]],
  ])('take the interval of a slow_down if it is %s, as GitHub’s', async (_, intervalSeconds, seconds) => {
    const slower = new OAuthErrorResponse('slow_down', { intervalSeconds });
    const { clock, sentAt, done } = polling([slower, pending, 'token']);
    await clock.advance(150_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual(seconds);
  });

  test('double their interval after a timeout, permanently (RFC 8628, 3.5)', async () => {
    const { clock, sentAt, done } = polling([new SignInError('timeout'), pending, 'token']);
    await clock.advance(60_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([5, 15, 25]);
  });

  test('are at most a minute apart after timeouts, and never closer than before', async () => {
    const late = Array.from({ length: 6 }, () => new SignInError('timeout'));
    const { clock, sentAt, asker } = polling([no('slow_down'), ...late], { intervalSeconds: 20 });
    await clock.advance(400_000);
    expect(sentAt).toEqual([20, 45, 95, 155, 215, 275, 335, 395]);
    asker.abort();
  });

  test.each<SignInErrorKind>(['network', 'serverError', 'proxy', 'certificate', 'invalidResponse'])(
    'that fail with %s continue at the interval',
    async (kind) => {
      const { clock, sentAt, log, done } = polling([new SignInError(kind, { host: 'a.example' }), 'token']);
      await clock.advance(10_000);
      expect(await done).toBe('token');
      expect(sentAt).toEqual([5, 10]);
      expect(log.lines.join()).toContain(`"kind":"${kind}"`);
    },
  );

  test.each<SignInErrorKind>(['network', 'timeout', 'proxy', 'certificate'])(
    'F11: that end while only %s responded report that, not an unused code',
    async (kind) => {
      const failure = () => new SignInError(kind, { host: 'a.example' });
      const { clock, done } = polling([no('authorization_pending'), ...Array.from({ length: 200 }, failure)]);
      await clock.advance(600_000);
      expect(await rejectionOf(done)).toMatchObject({
        kind,
        details: { host: 'a.example', reason: 'codeExpired' },
      });
    },
  );

  test('F11: that got responses again after a failure end with the code', async () => {
    const { clock, done } = polling([new SignInError('proxy'), no('authorization_pending')]);
    await clock.advance(600_000);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
  });

  test("wait as long as a server requires, but not beyond the code's expiry", async () => {
    const busy = new SignInError('rateLimited', { retryAt: january + 3600_000 });
    const { clock, sentAt, done } = polling([busy]);
    await clock.advance(600_000);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(sentAt).toEqual([5]);
  });

  test.each<readonly [string, Error, SignInErrorKind]>([
    ['an administrator said no', no('access_denied'), 'policy'],
    ['the code is over', no('expired_token'), 'codeExpired'],
    ['the code is spent', no('invalid_grant'), 'codeExpired'],
    ['the registration is refused', no('invalid_client'), 'registrationRefused'],
    ['the word is unknown', no('something_new'), 'requestRefused'],
    [
      'there was a yes without a token',
      new SignInError('invalidResponse', { reason: 'noToken' }),
      'invalidResponse',
    ],
  ])('end when %s', async (_, answer, kind) => {
    const { clock, sentAt, done } = polling([answer]);
    await clock.advance(60_000);
    expect(await rejectionOf(done)).toMatchObject({ kind });
    expect(sentAt).toEqual([5]);
  });

  test('rethrow our own error unchanged', async () => {
    const broken = new TypeError('a fault of ours');
    const { clock, done } = polling([broken]);
    await clock.advance(5000);
    expect(await rejectionOf(done)).toBe(broken);
  });

  test('end when the code expires, by the wall clock', async () => {
    const { clock, sentAt, done } = polling([], { intervalSeconds: 20, lifeSeconds: 50 });
    await clock.advance(50_000);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(sentAt).toEqual([20, 40]);
    expect(clock.sleeping).toBe(0);
  });

  test('end when the caller cancels', async () => {
    const { clock, asker, done } = polling([]);
    const reason = new SignInError('cancelled', { operation: 'test' });
    await clock.advance(7000);
    asker.abort(reason);
    expect(await rejectionOf(done)).toBe(reason);
    expect(clock.sleeping).toBe(0);
  });
});

/** Polls on a machine whose wall clock can change, or advance during sleep while its monotonic clock stands still. */
function pollingOnMachine(answers: readonly unknown[]) {
  const steady = fakeClock(0);
  let ahead = january;
  const wall = { ...steady, now: () => steady.now() + ahead, monotonic: () => steady.now() };
  const setClock = (milliseconds: number): void => {
    ahead += milliseconds;
  };
  const polls = pollingBy({ ...wall, sleeping: 0 }, answers);
  return { ...polls, setClock };
}

describe('pollForToken: a clock change', () => {
  const hours = 3600_000;

  test('backward during a wait required by the server does not delay later polls by hours', async () => {
    const busy = new SignInError('rateLimited', { retryAt: january + 35_000 });
    const { clock, sentAt, setClock, done } = pollingOnMachine([busy, pending, 'token']);
    await clock.advance(10_000);
    setClock(-3 * hours);
    await clock.advance(30_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([5, 35 - 3 * 3600, 40 - 3 * 3600]);
  });

  test('forward during a wait required by the server does not send a poll early', async () => {
    const busy = new SignInError('rateLimited', { retryAt: january + 35_000 });
    const { clock, sentAt, setClock, done } = pollingOnMachine([busy, 'token']);
    await clock.advance(10_000);
    setClock(300_000);
    await clock.advance(24_000);
    expect(sentAt).toEqual([5]);
    await clock.advance(1_000);
    expect(await done).toBe('token');
  });

  test('forward by hours does not expire a code that the server still accepts', async () => {
    const { clock, setClock, done, sentAt } = pollingOnMachine([pending, pending, no('slow_down'), 'token']);
    await clock.advance(5_000);
    setClock(3 * hours);
    await clock.advance(20_000);
    expect(await done).toBe('token');
    expect(sentAt).toHaveLength(4);
  });

  test("backward by hours does not extend a code's lifetime", async () => {
    const { clock, setClock, done } = pollingOnMachine([]);
    setClock(-3 * hours);
    await clock.advance(600_000);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
  });

  test.each([
    ['the server says that it is over', no('expired_token'), 'codeExpired'],
    ['the network is not back yet', new SignInError('network'), 'network'],
    ['the server does not answer well', new SignInError('serverError'), 'codeExpired'],
  ] as const)("sleeping past a code's expiry, when %s, polls once and ends", async (_, answer, kind) => {
    const { clock, setClock, done, sentAt } = pollingOnMachine([pending, answer]);
    await clock.advance(5_000);
    setClock(8 * hours);
    await clock.advance(60_000);
    expect(await rejectionOf(done)).toMatchObject({ kind });
    expect(sentAt).toHaveLength(2);
  });

  test('sleeping past a code’s expiry, when the server no longer knows it, is an expired code', async () => {
    const { clock, setClock, done } = pollingOnMachine([pending, no('invalid_grant')]);
    await clock.advance(5_000);
    setClock(8 * hours);
    await clock.advance(60_000);
    const error = await rejectionOf(done);
    expect(error).toMatchObject({ kind: 'codeExpired' });
    expect(error).not.toHaveProperty('details.reason');
  });

  test('sleeping past the expiry of a code that was already approved still signs in', async () => {
    const { clock, setClock, done } = pollingOnMachine([pending, 'token']);
    await clock.advance(5_000);
    setClock(8 * hours);
    await clock.advance(5_000);
    expect(await done).toBe('token');
  });
});

describe('pollForToken: a truncated response', () => {
  const cut = () => new SignInError('invalidResponse', { host: 'a.example', status: 200, reason: 'cutOff' });

  test('ends nothing: polls continue while the code is valid', async () => {
    const { clock, sentAt, log, done } = polling([cut(), pending, 'token']);
    await clock.advance(15_000);
    expect(await done).toBe('token');
    expect(sentAt).toEqual([5, 10, 15]);
    expect(log.lines.join()).toContain('"kind":"network"');
  });

  test("until the code's expiry is a connection error, not an unused code", async () => {
    const { clock, done } = polling(Array.from({ length: 200 }, cut));
    await clock.advance(600_000);
    const error = await rejectionOf(done);
    expect(error).toMatchObject({ kind: 'network', details: { host: 'a.example', reason: 'codeExpired' } });
    expect(error).not.toHaveProperty('details.code');
  });

  test.each([
    ['cut off', cut(), 'network'],
    ['lost', new SignInError('network', { code: 'ECONNRESET' }), 'network'],
    ['late', new SignInError('timeout'), 'timeout'],
    ['replaced by a proxy', new SignInError('proxy', { status: 407 }), 'proxy'],
    ['replaced by a gateway', new SignInError('serverError', { status: 502 }), 'serverError'],
  ] as const)(
    'that contained the token, with %s, is reported when the code is rejected next',
    async (_, lost, kind) => {
      const { clock, done } = polling([pending, lost, no('invalid_grant')]);
      await clock.advance(60_000);
      expect(await rejectionOf(done)).toMatchObject({ kind, details: { reason: 'codeExpired' } });
    },
  );

  test('long before the code was rejected is not the cause', async () => {
    const { clock, done } = polling([cut(), pending, no('expired_token')]);
    await clock.advance(60_000);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
  });
});
