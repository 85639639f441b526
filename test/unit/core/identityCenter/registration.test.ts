import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { forgettingRefused, registerClient } from '../../../../src/core/identityCenter/registration.ts';
import type { ClientRegistrationRequest } from '../../../../src/core/identityCenter/registration.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { day, january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const clientRequest: ClientRegistrationRequest = {
  endpoint: 'https://oidc.eu-central-1.amazonaws.com',
  scopes: ['codewhisperer:completions', 'codewhisperer:conversations'],
  grantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
};
const in90Days = (january + 90 * day) / 1000;
const answer = (number: number, more: object = { clientSecretExpiresAt: in90Days }) => ({
  clientId: `client-${number}`,
  clientSecret: `client-secret-${number}`,
  ...more,
});

function world(...answers: unknown[]) {
  const ports = { clock: fakeClock(january), secrets: fakeSecrets() };
  const oidc = fakeSsoOidc().willAnswer('registerClient', ...answers);
  const register = (asked = clientRequest, renew = false) =>
    registerClient(ports, oidc, { clientRequest: asked, renew }, never);
  return { ...ports, oidc, register };
}

describe('registerClient: a registration', () => {
  test('is requested with the given metadata, and parsed', async () => {
    const { oidc, register } = world(answer(1));
    expect(await register()).toEqual({
      clientId: 'client-1',
      clientSecret: 'client-secret-1',
      expiresAt: january + 90 * day,
      scopes: clientRequest.scopes,
      grantTypes: clientRequest.grantTypes,
    });
    const { scopes, grantTypes } = clientRequest;
    expect(oidc.asked).toEqual([['registerClient', { scopes, grantTypes }]]);
  });

  test('for the authorization code includes its redirect URI and issuer', async () => {
    const { oidc, register } = world(answer(1));
    const more = {
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      issuerUrl: 'https://d-1234567890.awsapps.com/start',
    };
    await register({ ...clientRequest, ...more });
    expect(oidc.asked).toMatchObject([['registerClient', more]]);
  });

  test('is stored: the second sign-in sends no request', async () => {
    const { oidc, register } = world(answer(1));
    const first = await register();
    expect(await register()).toEqual(first);
    expect(oidc.asked).toHaveLength(1);
  });

  test('does not depend on the order of its scopes', async () => {
    const { oidc, register } = world(answer(1));
    await register();
    await register({ ...clientRequest, scopes: [...clientRequest.scopes].reverse() });
    expect(oidc.asked).toHaveLength(1);
  });

  test.each([
    ['endpoint', { endpoint: 'https://oidc.us-east-1.amazonaws.com' }],
    ['scopes', { scopes: ['sso:account:access'] }],
    ['grants', { grantTypes: ['authorization_code', 'refresh_token'] }],
    ['redirect URIs', { redirectUris: ['http://127.0.0.1/oauth/callback'] }],
    ['issuer', { issuerUrl: 'https://d-1234567890.awsapps.com/start' }],
  ])('differs for other %s', async (_, other) => {
    const { register } = world(answer(1), answer(2));
    expect(await register()).toMatchObject({ clientId: 'client-1' });
    expect(await register({ ...clientRequest, ...other })).toMatchObject({ clientId: 'client-2' });
    expect(await register()).toMatchObject({ clientId: 'client-1' });
  });

  test('that expires within a day is renewed and stored', async () => {
    const { clock, oidc, register } = world(answer(1), answer(2, { clientSecretExpiresAt: in90Days * 2 }));
    await register();
    await clock.advance(89 * day - 1);
    expect(await register()).toMatchObject({ clientId: 'client-1' });
    await clock.advance(1);
    expect(await register()).toMatchObject({ clientId: 'client-2' });
    expect(await register()).toMatchObject({ clientId: 'client-2' });
    expect(oidc.asked).toHaveLength(2);
  });

  test('is renewed on request', async () => {
    const { register } = world(answer(1), answer(2));
    await register();
    expect(await register(clientRequest, true)).toMatchObject({ clientId: 'client-2' });
    expect(await register()).toMatchObject({ clientId: 'client-2' });
  });

  test.each([
    ['no JSON', '{'],
    ['another version', '{"version":2,"registration":{}}'],
    ['another shape', '{"version":1,"registration":{"clientId":7}}'],
    ['null', 'null'],
    ['an empty text', ''],
  ])('whose record is %s is renewed', async (_, record) => {
    const { secrets, register } = world(answer(1), answer(2));
    await register();
    for (const key of secrets.map.keys()) secrets.map.set(key, record);
    expect(await register()).toMatchObject({ clientId: 'client-2' });
    expect(await register()).toMatchObject({ clientId: 'client-2' });
  });

  test.each([
    ['says no end', {}],
    ['says an end of zero', { clientSecretExpiresAt: 0 }],
    ['says a negative end', { clientSecretExpiresAt: -1 }],
    ['says an end that is not a number', { clientSecretExpiresAt: 'soon' }],
    ['says no finite end', { clientSecretExpiresAt: Infinity }],
  ])('with a response that %s lives 90 days', async (_, end) => {
    const { register } = world(answer(1, end));
    expect(await register()).toMatchObject({ expiresAt: january + 90 * day });
  });

  test.each([
    ['a moment that no date can hold', 1e20, 366 * day],
    ['a moment in milliseconds', january + 90 * day, 90 * day],
    ['seconds from now', 90 * 24 * 3600, 90 * day],
  ])('with %s in the response has a representable expiry', async (_, end, life) => {
    const { expiresAt } = await world(answer(1, { clientSecretExpiresAt: end })).register();
    expect(expiresAt).toBe(january + life);
    expect(new Date(expiresAt).toISOString()).toMatch(/^\d{4}-/);
  });

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['no secret', { clientId: 'client-1' }],
    ['an empty id', { ...answer(1), clientId: '' }],
    ['a number as secret', { ...answer(1), clientSecret: 7 }],
  ])('with %s in the response is rejected, and not stored', async (_, wrong) => {
    const { secrets, register } = world(wrong);
    expect(await rejectionOf(register())).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'registerClient' },
    });
    expect(secrets.map.size).toBe(0);
  });
});

test('a keyring that throws costs a request each time, but no sign-in', async () => {
  const { secrets, register } = world(answer(1), answer(2));
  const breaks = () => Promise.reject(new Error('locked'));
  Object.assign(secrets, { get: breaks, set: breaks, delete: breaks });
  expect(await register()).toMatchObject({ clientId: 'client-1' });
  expect(await register()).toMatchObject({ clientId: 'client-2' });
  const refused = new SignInError('registrationRefused');
  const work = () => Promise.reject(refused);
  expect(await rejectionOf(forgettingRefused({ secrets }, clientRequest, work))).toBe(refused);
});

test('that was rejected is renewed at the next sign-in, and no other', async () => {
  const { secrets, register } = world(answer(1), answer(2), answer(3));
  const other = { ...clientRequest, scopes: ['sso:account:access'] };
  await register();
  await register(other);
  const refused = () => Promise.reject(new SignInError('registrationRefused'));
  await rejectionOf(forgettingRefused({ secrets }, clientRequest, refused));
  expect(await register(other)).toMatchObject({ clientId: 'client-2' });
  expect(await register()).toMatchObject({ clientId: 'client-3' });
});

describe('registerClient: a rejected registration', () => {
  test.each<readonly [string, SignInErrorKind]>([
    ['invalid_scope', 'scopeRefused'],
    ['invalid_request', 'requestRefused'],
    ['invalid_client_metadata', 'requestRefused'],
    ['invalid_redirect_uri', 'requestRefused'],
    ['slow_down', 'rateLimited'],
  ])('with %s is %s', async (word, kind) => {
    const { register } = world(new OAuthErrorResponse(word, { operation: 'registerClient', status: 400 }));
    expect(await rejectionOf(register())).toMatchObject({ kind, details: { code: word } });
  });

  test('keeps the stored one unchanged', async () => {
    const { register } = world(answer(1), new OAuthErrorResponse('invalid_request', { status: 400 }));
    await register();
    await rejectionOf(register(clientRequest, true));
    expect(await register()).toMatchObject({ clientId: 'client-1' });
  });

  test('due to the network keeps its error', async () => {
    const broken = new Error('no network');
    const { register } = world(broken);
    expect(await rejectionOf(register())).toBe(broken);
  });
});
