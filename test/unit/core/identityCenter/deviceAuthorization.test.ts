import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { startDeviceAuthorization } from '../../../../src/core/identityCenter/deviceAuthorization.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { january, registration } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const startUrl = 'https://d-1234567890.awsapps.com/start';
const never = new AbortController().signal;
const answer = {
  deviceCode: 'device-code-1',
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://device.sso.eu-central-1.amazonaws.com/',
  verificationUriComplete: 'https://device.sso.eu-central-1.amazonaws.com/?user_code=ABCD-EFGH',
  expiresIn: 600,
  interval: 1,
};

function start(given: unknown) {
  const oidc = fakeSsoOidc().willAnswer('startDeviceAuthorization', given);
  return {
    oidc,
    done: startDeviceAuthorization(fakeClock(january), oidc, { registration, startUrl }, never),
  };
}

describe('startDeviceAuthorization: a device authorization', () => {
  test('is requested with the registration and the start URL, and parsed', async () => {
    const { oidc, done } = start(answer);
    expect(await done).toEqual({
      deviceCode: 'device-code-1',
      userCode: 'ABCD-EFGH',
      page: answer.verificationUri,
      completePage: answer.verificationUriComplete,
      expiresAt: january + 600 * 1000,
      intervalSeconds: 1,
    });
    const { clientId, clientSecret } = registration;
    expect(oidc.asked).toEqual([['startDeviceAuthorization', { clientId, clientSecret, startUrl }]]);
  });

  test('may lack a complete address', async () => {
    const { done } = start({ ...answer, verificationUriComplete: undefined });
    expect(await done).not.toHaveProperty('completePage');
  });

  test.each([
    ['absent', undefined, 5],
    ['null', null, 5],
    ['zero', 0, 5],
    ['negative', -1, 5],
    ['NaN', NaN, 5],
    ['words', 'often', 5],
    ['one', 1, 1],
    ['a half', 0.5, 1],
    ['digits in a string', '2', 2],
    ['a minute', 60, 60],
    ['huge', 1e9, 60],
    ['infinite', Infinity, 5],
  ])('whose interval is %s (%o) is polled every %i seconds', async (_, interval, seconds) => {
    expect(await start({ ...answer, interval }).done).toMatchObject({ intervalSeconds: seconds });
  });

  test.each([
    ['absent', undefined, 600],
    ['null', null, 600],
    ['zero', 0, 600],
    ['negative', -600, 600],
    ['words', 'soon', 600],
    ['a second', 1, 30],
    ['digits in a string', '300', 300],
    ['a quarter of an hour', 900, 900],
    ['huge', 1e9, 3600],
    ['infinite', Infinity, 600],
  ])('with the lifetime %s (%o) expires after %i seconds', async (_, expiresIn, seconds) => {
    const { expiresAt } = await start({ ...answer, expiresIn }).done;
    expect(expiresAt).toBe(january + seconds * 1000);
  });

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['no device code', { ...answer, deviceCode: '' }],
    ['a number as device code', { ...answer, deviceCode: 7 }],
    ['no user code', { ...answer, userCode: undefined }],
    ['a user code that cannot be typed', { ...answer, userCode: '<b>\u202e</b>' }],
    ['a user code without an end', { ...answer, userCode: 'A'.repeat(41) }],
    ['no address', { ...answer, verificationUri: undefined }],
  ])('is rejected if the response has %s', async (_, wrong) => {
    expect(await rejectionOf(start(wrong).done)).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'startDeviceAuthorization' },
    });
  });

  test.each<readonly [string, SignInErrorKind]>([
    ['invalid_request', 'invalidStartUrl'],
    ['invalid_client', 'registrationRefused'],
    ['unauthorized_client', 'registrationRefused'],
    ['slow_down', 'rateLimited'],
  ])('that fails with %s is %s', async (word, kind) => {
    const { done } = start(new OAuthErrorResponse(word, { status: 400 }));
    expect(await rejectionOf(done)).toMatchObject({ kind });
  });

  test('that fails on the way keeps its error', async () => {
    const failure = new Error('no network');
    expect(await rejectionOf(start(failure).done)).toBe(failure);
  });
});
