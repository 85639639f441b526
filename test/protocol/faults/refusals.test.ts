import { describe, expect, test } from 'vitest';
import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { FaultRule } from '../../sandbox/faults.ts';
import { API_ERROR_NAMES, errorAnswer } from '../../sandbox/identityCenter/apiError.ts';
import type { ApiErrorName } from '../../sandbox/identityCenter/apiError.ts';
import { rateLimited } from '../../sandbox/okta/oktaMessages.ts';
import { hour, noSignal, providers, refreshAt, useSandbox } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { until } from '../testClock.ts';

const scene = useSandbox();

type Answer = Omit<FaultRule, 'at'>;
/** Error responses to a refresh, their meaning, and whether they end the session (docs/ARCHITECTURE.md, rule 1). */
type Row = readonly [says: string, answer: Answer, kind: SignInErrorKind, session: 'kept' | 'over'];

const exceptions: Readonly<Record<ApiErrorName, readonly [SignInErrorKind, 'kept' | 'over']>> = {
  InvalidGrantException: ['grantRevoked', 'over'],
  InvalidClientException: ['registrationRefused', 'over'],
  UnauthorizedClientException: ['registrationRefused', 'over'],
  AccessDeniedException: ['grantRevoked', 'over'],
  ExpiredTokenException: ['grantRevoked', 'over'],
  InvalidScopeException: ['grantRevoked', 'over'],
  InvalidRequestException: ['requestRefused', 'kept'],
  UnsupportedGrantTypeException: ['grantRevoked', 'over'],
  SlowDownException: ['rateLimited', 'kept'],
  InternalServerException: ['serverError', 'kept'],
  AuthorizationPendingException: ['requestRefused', 'kept'],
  InvalidClientMetadataException: ['requestRefused', 'kept'],
  InvalidRedirectUriException: ['requestRefused', 'kept'],
};
const invalidGrant = errorAnswer('InvalidGrantException');

const atIdentityCenter: readonly Row[] = [
  ...API_ERROR_NAMES.map((name): Row => [name, errorAnswer(name), ...exceptions[name]]),
  [
    'InvalidGrantException in the header alone',
    { status: 400, headers: invalidGrant.headers, body: '{}' },
    'grantRevoked',
    'over',
  ],
  ['invalid_grant in the body alone', { status: 400, body: invalidGrant.body }, 'grantRevoked', 'over'],
  ['InvalidGrantException with a 500', { ...invalidGrant, status: 500 }, 'serverError', 'kept'],
  ['InvalidGrantException with a 429', { ...invalidGrant, status: 429 }, 'rateLimited', 'kept'],
  ['an exception of tomorrow', { status: 400, body: '{"error":"too_many_moons"}' }, 'requestRefused', 'kept'],
];

const says = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  body: JSON.stringify(body),
  headers,
});
const apiError = (errorCode: string): object => ({
  errorCode,
  errorSummary: "Invalid value for 'client_id' parameter.",
  errorLink: errorCode,
  errorId: 'oaeSandbox1',
  errorCauses: [],
});

const atOkta: readonly Row[] = [
  ['invalid_grant', says(400, { error: 'invalid_grant' }), 'grantRevoked', 'over'],
  ['invalid_client', says(401, { error: 'invalid_client' }), 'registrationRefused', 'over'],
  ['unauthorized_client', says(400, { error: 'unauthorized_client' }), 'registrationRefused', 'over'],
  ['access_denied', says(400, { error: 'access_denied' }), 'grantRevoked', 'over'],
  ['invalid_scope', says(400, { error: 'invalid_scope' }), 'grantRevoked', 'over'],
  ['invalid_request', says(400, { error: 'invalid_request' }), 'requestRefused', 'kept'],
  ['temporarily_unavailable', says(400, { error: 'temporarily_unavailable' }), 'serverError', 'kept'],
  ['an error of tomorrow', says(400, { error: 'too_many_moons' }), 'requestRefused', 'kept'],
  ['invalid_grant with a 503', says(503, { error: 'invalid_grant' }), 'serverError', 'kept'],
  ['invalid_grant with a 429', says(429, { error: 'invalid_grant' }), 'rateLimited', 'kept'],
  // Regressions: both counted as an invalid response, and the refresh was retried forever.
  [
    'an unknown client in the words of the API',
    says(401, apiError('invalid_client')),
    'registrationRefused',
    'over',
  ],
  [
    'invalid_client with a challenge',
    says(401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="Okta"' }),
    'registrationRefused',
    'over',
  ],
  ['another error of the API', says(400, apiError('E0000021')), 'requestRefused', 'kept'],
];

async function checkRow(provider: Provider, [, answer, kind, session]: Row): Promise<void> {
  using product = scene.window();
  const { id, tokenSet } = await scene.signIn(product, provider);
  scene.sandbox.faults.add({ at: refreshAt[provider], times: Infinity, ...answer });

  scene.clock.jump(hour - 65_000);
  expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
  await until(() => product.sessions.lastFailure(id) !== undefined);
  const { refreshToken: _none, ...withoutRefreshToken } = tokenSet;
  const served = session === 'over' ? withoutRefreshToken : tokenSet;
  expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(served);
  const asked = scene.sandbox.requestLog.count(refreshAt[provider]);
  expect(asked).toBe(1);

  scene.clock.jump(hour);
  expect((await product.failureOf(product.sessions.withFreshToken(id, noSignal))).kind).toBe(kind);
  const [stored] = (await product.sessions.list()).sessions;
  expect(stored?.ended?.kind).toBe(session === 'over' ? kind : undefined);
  expect(scene.sandbox.requestLog.count(refreshAt[provider])).toBe(session === 'over' ? 1 : 2);
  expect(product.log.join('\n')).toMatch(
    new RegExp(`^warn Refresh failed .*"kind":"${kind}".*"effect":"${session}"`, 'm'),
  );
}

describe('a refresh at Identity Center', () => {
  test.each(atIdentityCenter)('%s', async (...row) => checkRow('identityCenter', row));
});

describe('a refresh at Okta', () => {
  test.each(atOkta)('%s', async (...row) => checkRow('okta', row));
});

test('Okta: stores the ID that support asks for with the end of a session', async () => {
  using product = scene.window();
  const { id } = await scene.signIn(product, 'okta');
  scene.clock.jump(hour);
  scene.sandbox.faults.add({ at: refreshAt.okta, ...says(401, apiError('invalid_client')) });
  const { details } = await product.failureOf(product.sessions.withFreshToken(id, noSignal));
  expect(details.requestId).toMatch(/^[\w-]{36}$/);
  expect(details.description).toBe("Invalid value for 'client_id' parameter.");
});

test('Okta: waits for X-Rate-Limit-Reset, by Okta’s clock', async () => {
  using product = scene.window();
  const { id } = await scene.signIn(product, 'okta');
  scene.clock.jump(hour);
  scene.sandbox.faults.add({ at: refreshAt.okta, ...rateLimited(Date.now() + 60_000) });
  expect((await product.failureOf(product.sessions.withFreshToken(id, noSignal))).kind).toBe('rateLimited');
  scene.clock.jump(59_000);
  expect((await product.failureOf(product.sessions.withFreshToken(id, noSignal))).kind).toBe('rateLimited');
  expect(scene.sandbox.requestLog.count(refreshAt.okta)).toBe(1);
  scene.clock.jump(70_000); // It is the same for all windows, so each adds a delay.
  expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet.obtainedAt).toBe(scene.clock.now());
});

/** Servers and proxies that repeat what they received. Each window's disposal fails if a secret leaked. */
const echoes: readonly (readonly [string, (secret: string) => Answer])[] = [
  [
    'in the description',
    (secret) => says(400, { error: 'invalid_grant', error_description: `No ${secret}!` }),
  ],
  ['as the error', (secret) => says(400, { error: secret })],
  ['as a code of the API', (secret) => says(400, { errorCode: secret, errorSummary: secret, errorId: 'x' })],
  [
    'on a page',
    (secret) => ({ status: 200, body: `<p>You sent ${secret}`, headers: { 'content-type': 'text/html' } }),
  ],
  // A truncated response is requested again at once.
  ['in broken JSON', (secret) => ({ status: 200, body: `{"accessToken":"${secret}",`, times: 2 })],
  [
    'as the token’s type',
    (secret) => says(200, { accessToken: 'a', access_token: 'a', tokenType: secret, token_type: secret }),
  ],
  ['as a challenge', (secret) => says(401, {}, { 'www-authenticate': `Bearer error="${secret}"` })],
  ['as the exception’s name', (secret) => says(400, {}, { 'x-amzn-errortype': secret })],
  [
    'as the request’s id',
    (secret) => says(503, {}, { 'x-amzn-requestid': secret, 'x-okta-request-id': secret }),
  ],
];

describe.each(providers)('%s: a server that repeats the refresh token', (provider) => {
  test.each(echoes)('%s does not leak it into the log or an error', async (_where, answer) => {
    using product = scene.window();
    const { id, tokenSet } = await scene.signIn(product, provider);
    scene.clock.jump(hour);
    scene.sandbox.faults.add({ at: refreshAt[provider], ...answer(tokenSet.refreshToken ?? '') });
    await product.failureOf(product.sessions.withFreshToken(id, noSignal));
    expect(product.log.at(-1)).toMatch(/^warn Refresh failed/);
  });
});
