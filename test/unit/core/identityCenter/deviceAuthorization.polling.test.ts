import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { deviceCodeGrant } from '../../../../src/core/identityCenter/deviceAuthorization.ts';
import { deviceCodeGrantType } from '../../../../src/core/oauth/devicePolling.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { january, registration } from '../../fakes/examples.ts';
import { identityCenterClient, registered } from '../../fakes/identityCenterClient.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const seconds = 1000;
const approved = { accessToken: 'access-1', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-1' };
const no = (word: string) => new OAuthErrorResponse(word, { operation: 'createToken', status: 400 });
const pending = no('authorization_pending');

const page = 'https://d-1234567890.awsapps.com/start';

/** A code that lives ten minutes and is polled every five seconds by default, with the responses to its polls. */
async function wait(answers: readonly unknown[], { intervalSeconds = 5, lifeSeconds = 600 } = {}) {
  const client = identityCenterClient();
  const { clock, user, oidc } = client;
  const asker = new AbortController();
  oidc.willAnswer('registerClient', registered(1)).willAnswer('startDeviceAuthorization', {
    deviceCode: 'device-code-1',
    userCode: 'ABCD-EFGH',
    verificationUri: page,
    expiresIn: lifeSeconds,
    interval: intervalSeconds,
  });
  oidc.willAnswer('createToken', ...answers);
  const done = deviceCodeGrant(client, asker.signal).then(doneOf);
  done.catch(() => undefined); // The test inspects it after advancing the clock.
  await settleUntil(() => user.open === 1);
  const polls = () => oidc.asked.filter(([operation]) => operation === 'createToken');
  const nothingLeft = () => {
    expect(clock.sleeping).toBe(0);
    expect(user.open).toBe(0);
  };
  return { ...client, asker, polls, done, nothingLeft };
}

describe('deviceCodeGrant: a user who allows access', () => {
  test('sees the code, and the tokens arrive with the next poll', async () => {
    const { clock, user, polls, done, nothingLeft } = await wait([pending, approved]);
    expect(user.turns).toEqual([
      {
        connectionName: 'Example',
        url: page,
        userCode: 'ABCD-EFGH',
        expiresAt: january + 600 * seconds,
        alternatives: [],
      },
    ]);
    await clock.advance(5 * seconds);
    expect(polls()).toHaveLength(1);
    await clock.advance(5 * seconds);
    expect((await done).tokenSet).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      obtainedAt: january + 10 * seconds,
      expiresAt: january + 3610 * seconds,
      scopes: registration.scopes,
    });
    nothingLeft();
  });

  test('is polled for with the device code and its registration', async () => {
    const { clock, polls, done } = await wait([approved]);
    await clock.advance(5 * seconds);
    await done;
    const { clientId, clientSecret } = registration;
    const request = { clientId, clientSecret, grantType: deviceCodeGrantType, deviceCode: 'device-code-1' };
    expect(polls()).toEqual([['createToken', request]]);
  });
});

describe('deviceCodeGrant: the interval', () => {
  test('passes before the first poll and between polls', async () => {
    const { clock, polls, asker } = await wait([pending, pending, pending], { intervalSeconds: 2 });
    await clock.advance(2 * seconds - 1);
    expect(polls()).toHaveLength(0);
    await clock.advance(1);
    expect(polls()).toHaveLength(1);
    await clock.advance(4 * seconds);
    expect(polls()).toHaveLength(3);
    asker.abort();
  });

  test('grows by five seconds after slow_down, permanently', async () => {
    const { clock, polls, done } = await wait([no('slow_down'), pending, no('slow_down'), approved]);
    const pollsAfter = async (time: number) => {
      await clock.advance(time * seconds);
      return polls().length;
    };
    expect(await pollsAfter(5)).toBe(1);
    expect(await pollsAfter(9)).toBe(1);
    expect(await pollsAfter(1)).toBe(2);
    expect(await pollsAfter(9)).toBe(2);
    expect(await pollsAfter(1)).toBe(3);
    expect(await pollsAfter(14)).toBe(3);
    expect(await pollsAfter(1)).toBe(4);
    expect(await done).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
  });
});

describe('deviceCodeGrant: a poll that fails on the way', () => {
  test.each<SignInErrorKind>(['network', 'serverError', 'rateLimited', 'proxy', 'certificate'])(
    'for %s is retried and logged',
    async (kind) => {
      const { clock, log, done } = await wait([new SignInError(kind), pending, approved]);
      await clock.advance(25 * seconds);
      expect(await done).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
      expect(log.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    },
  );

  test('because of a server error is retried', async () => {
    const trouble = new OAuthErrorResponse('server_error', { status: 500 });
    const { clock, done } = await wait([trouble, approved]);
    await clock.advance(10 * seconds);
    expect(await done).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
  });

  test('waits as long as the server requires', async () => {
    const busy = new SignInError('rateLimited', { retryAt: january + 60 * seconds });
    const { clock, polls, done } = await wait([busy, approved]);
    await clock.advance(59 * seconds);
    expect(polls()).toHaveLength(1);
    await clock.advance(6 * seconds);
    expect(await done).toMatchObject({ tokenSet: { accessToken: 'access-1' } });
  });
});

describe('deviceCodeGrant: an error from the server', () => {
  test.each<readonly [string, SignInErrorKind]>([
    ['access_denied', 'denied'],
    ['expired_token', 'codeExpired'],
    ['invalid_grant', 'codeExpired'],
    ['invalid_client', 'registrationRefused'],
    ['unauthorized_client', 'registrationRefused'],
    ['invalid_request', 'requestRefused'],
  ])('with %s ends the sign-in at once, as %s', async (word, kind) => {
    const { clock, polls, done, nothingLeft } = await wait([no(word)]);
    await clock.advance(60 * seconds);
    expect(await rejectionOf(done)).toMatchObject({ kind });
    expect(polls()).toHaveLength(1);
    nothingLeft();
  });

  test('with an unknown code also ends it at once (RFC 8628, 3.5)', async () => {
    const { clock, polls, done } = await wait([no('something_new'), pending]);
    await clock.advance(5 * seconds);
    await clock.advance(5 * seconds);
    expect(polls()).toHaveLength(1);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'requestRefused' });
  });
});

describe("deviceCodeGrant: the code's expiry", () => {
  test('closes the prompt', async () => {
    const never = Array.from({ length: 120 }, () => pending);
    const { clock, polls, done, nothingLeft } = await wait(never);
    await clock.advance(600 * seconds);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(polls().length).toBeGreaterThanOrEqual(119);
    nothingLeft();
  });

  test('is not delayed by an interval: the prompt closes on time', async () => {
    const { clock, user, asker } = await wait([pending, pending], { intervalSeconds: 60, lifeSeconds: 90 });
    await clock.advance(91 * seconds);
    expect(user.open).toBe(0);
    asker.abort();
  });

  test('follows the wall clock after the machine slept', async () => {
    const { clock, done } = await wait([no('expired_token')]);
    await clock.advance(24 * 3600 * seconds);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
  });
});

describe('deviceCodeGrant: canceling', () => {
  test('by the user stops polling', async () => {
    const { clock, user, polls, done, nothingLeft } = await wait([pending]);
    await clock.advance(5 * seconds);
    user.giveUp();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    nothingLeft();
    await clock.advance(60 * seconds);
    expect(polls()).toHaveLength(1);
  });

  test('by the caller ends both, with the given reason', async () => {
    const reason = new SignInError('cancelled', { operation: 'test' });
    const { clock, asker, done, nothingLeft } = await wait([pending]);
    await clock.advance(5 * seconds);
    asker.abort(reason);
    expect(await rejectionOf(done)).toBe(reason);
    nothingLeft();
  });

  test('during a poll aborts that poll', async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const hanging = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      return promise;
    };
    const { clock, user, done, nothingLeft } = await wait([hanging]);
    await clock.advance(5 * seconds);
    user.giveUp();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    nothingLeft();
  });
});

test('no log line contains a secret', async () => {
  const { clock, log, done } = await wait([new SignInError('network'), no('slow_down'), approved]);
  await clock.advance(30 * seconds);
  await done;
  expect(log.lines.join('\n')).not.toMatch(/device-code-1|client-secret-1|access-1|refresh-1/);
});
