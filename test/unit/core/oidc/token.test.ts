import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { refresh as refreshTokens, revoke } from '../../../../src/core/oidc/token.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { authorizationServer, january, oktaConnection, tokenSet } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const { clientId } = oktaConnection;
const answer = {
  access_token: 'access-2',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_token: 'refresh-2',
  scope: 'codewhisperer:completions offline_access',
};

const before = { ...tokenSet, refreshToken: 'refresh-1' };

/** A refresh of `refresh-1` with one response. */
function refresh(given: unknown) {
  const { http, asked } = fakeHttp(given);
  const ports = { clock: fakeClock(january), http, log: fakeLog() };
  return { asked, done: refreshTokens(oktaClient(ports), before, tokenSet.scopes, never) };
}
const json = (body: object, status: number, headers = {}) => Response.json(body, { status, headers });

describe('a refresh', () => {
  test('is one request to the token endpoint, as a public client', async () => {
    const { asked, done } = refresh(answer);
    expect((await done).tokenSet).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    expect(asked.map(([request]) => request)).toEqual([`POST ${authorizationServer.tokenEndpoint}`]);
    expect(Object.fromEntries(asked[0]?.[1] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: clientId,
    });
  });

  test('keeps the old refresh token if the response has none', async () => {
    const { refresh_token: _, ...without } = answer;
    const { done } = refresh(without);
    expect((await done).tokenSet).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-1' });
  });

  test('accepts a lifetime in digits', async () => {
    const { done } = refresh({ ...answer, expires_in: '900' });
    expect((await done).tokenSet).toMatchObject({ expiresAt: january + 900_000 });
  });

  test.each<readonly [string, number, SignInErrorKind]>([
    ['invalid_grant', 400, 'grantRevoked'],
    ['invalid_client', 401, 'registrationRefused'],
    ['unauthorized_client', 400, 'registrationRefused'],
    ['invalid_scope', 400, 'grantRevoked'],
    ['server_error', 400, 'serverError'],
  ])('that fails with %s (%i) is %s', async (error, status, kind) => {
    const { done } = refresh(json({ error, error_description: 'Words.' }, status));
    expect(await rejectionOf(done)).toMatchObject({
      kind,
      details: { operation: 'refresh', host: 'example.okta.com', status, code: error, description: 'Words.' },
    });
  });

  test.each<readonly [string, Response, SignInErrorKind, string | undefined]>([
    [
      'a challenge that names the error, and no body',
      new Response(null, {
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' },
      }),
      'grantRevoked',
      'invalid_token',
    ],
    [
      'a challenge beside a body',
      json({ error: 'invalid_grant' }, 401, { 'www-authenticate': 'Basic realm="x"' }),
      'grantRevoked',
      'invalid_grant',
    ],
    ['a refusal with 200', json({ error: 'invalid_grant' }, 200), 'grantRevoked', 'invalid_grant'],
  ])('F4: that fails with %s ends the session', async (_, response, kind, code) => {
    const error = await rejectionOf(refresh(response).done);
    expect(error).toMatchObject({ kind, details: { code } });
  });

  test('F4: an empty challenge keeps its status, so that it is counted', async () => {
    const silent = new Response(null, { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } });
    const error = await rejectionOf(refresh(silent).done);
    expect(error).toMatchObject({ kind: 'invalidResponse', details: { status: 401 } });
  });

  test("keeps Okta's request ID for support", async () => {
    const { done } = refresh(json({ error: 'invalid_grant' }, 400, { 'x-okta-request-id': 'aBc-123' }));
    expect(await rejectionOf(done)).toMatchObject({ details: { requestId: 'aBc-123' } });
  });

  test.each([
    ['an empty body', new Response(null, { status: 400 })],
    ['a page', new Response('<p>No', { status: 400, headers: { 'content-type': 'text/html' } })],
    ['a redirect', new Response(null, { status: 302, headers: { location: '/' } })],
    ['no JSON', new Response('{', { headers: { 'content-type': 'application/json' } })],
    ['no token', Response.json({})],
  ])('with the response %s does not end the session', async (_, given) => {
    expect(await rejectionOf(refresh(given).done)).toMatchObject({ kind: 'invalidResponse' });
  });

  test('F13: that returns a token bound to a key (DPoP) is rejected for that reason', async () => {
    const { done } = refresh({ access_token: 'access-2', token_type: 'DPoP' });
    expect(await rejectionOf(done)).toMatchObject({ kind: 'requestRefused', details: { reason: 'dpop' } });
  });

  test.each<readonly [string, object, SignInErrorKind]>([
    ['an access token that is bound to a key', { token_type: 'DPoP' }, 'requestRefused'],
    ['an access token of another type', { token_type: 'mac' }, 'invalidResponse'],
    ['no access token', { access_token: null }, 'invalidResponse'],
  ])('F9: keeps a rotated refresh token that arrives with %s', async (_, strange, kind) => {
    const { tokenSet: stored, refused } = await refresh({ ...answer, ...strange }).done;
    expect(stored).toEqual({ ...before, refreshToken: 'refresh-2' });
    expect(refused).toMatchObject({ kind });
  });

  test.each<readonly [string, object]>([
    ['scope: null', { scope: null }],
    ['a list of scopes', { scope: ['a'] }],
    ['a scope as an object', { scope: {} }],
    ['id_token: null', { id_token: null }],
    ['an opaque ID token', { id_token: 'opaque' }],
    ['a life in words', { expires_in: 'soon' }],
    ['a life as an object', { expires_in: {} }],
    ['no life', { expires_in: null }],
    ['a negative life', { expires_in: -1 }],
    ['an endless life', { expires_in: 1e300 }],
    ['no token type', { token_type: null }],
    ['a token type in capitals', { token_type: 'BEARER' }],
    ['members of its own', { device_secret: 'x', issued_token_type: {}, authorization_details: [] }],
  ])('F9: stores a rotated refresh token that arrives with %s', async (_, strange) => {
    const { tokenSet: stored, refused } = await refresh({ ...answer, ...strange }).done;
    expect(refused).toBeUndefined();
    expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
  });

  test.each([null, '', 42, {}])('F9: keeps the old refresh token if the new one is %o', async (none) => {
    const { tokenSet: stored } = await refresh({ ...answer, refresh_token: none }).done;
    expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-1' });
  });

  test.each([
    ['a byte order mark', `\ufeff${JSON.stringify(answer)}`, 'application/json'],
    ['a plain content type', JSON.stringify(answer), 'text/plain'],
    ['the content type of a page', JSON.stringify(answer), 'text/html; charset=utf-8'],
    ['a content type of its own', JSON.stringify(answer), 'application/vnd.example+json'],
  ])('F9: stores a rotated refresh token that arrives with %s', async (_, body, type) => {
    const given = new Response(body, { status: 200, headers: { 'content-type': type } });
    expect((await refresh(given).done).tokenSet).toMatchObject({ refreshToken: 'refresh-2' });
  });

  test("that fails on the way keeps the transport's error, without a retry here", async () => {
    const failure = new SignInError('timeout');
    const { asked, done } = refresh(failure);
    expect(await rejectionOf(done)).toBe(failure);
    expect(asked).toHaveLength(1);
  });

  test.each([
    [
      'a broken answer',
      new Response('{"access_token":"secret-token"', { headers: { 'content-type': 'application/json' } }),
    ],
    ['a wrong answer', Response.json({ access_token: 'secret-token', token_type: 'mac' })],
    ['a refusal that echoes', json({ error: 'invalid_grant', refresh_token: 'secret-token' }, 400)],
    ['a word that echoes', json({ error: `secret-token${'0'.repeat(24)}` }, 400)],
  ])('does not put a token of %s into the error or its causes', async (_, given) => {
    const failure = await rejectionOf(refresh(given).done);
    expect(failure).toBeInstanceOf(SignInError);
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/secret-token|refresh-1/);
  });
});

describe('revoke: a revocation', () => {
  const revocation = (given: unknown, set = tokenSet, server = authorizationServer) => {
    const { http, asked } = fakeHttp(given);
    return {
      asked,
      done: revoke(oktaClient({ http, clock: fakeClock(january), log: fakeLog() }, server), set, never),
    };
  };
  const sent = (asked: readonly (readonly [string, URLSearchParams])[]) =>
    Object.fromEntries(asked[0]?.[1] ?? []);

  test('is one request with the refresh token', async () => {
    const { asked, done } = revocation(new Response(null));
    await done;
    expect(asked.map(([request]) => request)).toEqual([
      `POST ${authorizationServer.revocationEndpoint ?? ''}`,
    ]);
    expect(sent(asked)).toEqual({
      token: 'refresh-1',
      token_type_hint: 'refresh_token',
      client_id: clientId,
    });
  });

  test('sends the access token only without a refresh token', async () => {
    const { refreshToken: _, ...set } = tokenSet;
    const { asked, done } = revocation(new Response(null), set);
    await done;
    expect(sent(asked)).toMatchObject({ token: 'access-1', token_type_hint: 'access_token' });
  });

  test('is confirmed by status 200 only', async () => {
    const { done } = revocation(new Response(null, { status: 204 }));
    expect(await rejectionOf(done)).toMatchObject({ kind: 'invalidResponse', details: { status: 204 } });
  });

  test('is never sent over plain http', async () => {
    const server = { ...authorizationServer, revocationEndpoint: 'http://example.okta.com/revoke' };
    const { asked, done } = revocation(new Response(null), tokenSet, server);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'invalidResponse' });
    expect(asked).toEqual([]);
  });

  test('is impossible without an endpoint', async () => {
    const { revocationEndpoint: _, ...server } = authorizationServer;
    const { asked, done } = revocation(new Response(null), tokenSet, server);
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'metadataMissing',
      details: { operation: 'revoke' },
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['a refusal', json({ error: 'invalid_client' }, 401), 'registrationRefused'],
    ['no JSON', new Response('no', { status: 400 }), 'invalidResponse'],
    ['silence', new SignInError('timeout'), 'timeout'],
  ])('reports when it was not confirmed: %s', async (_, given, kind) => {
    expect(await rejectionOf(revocation(given).done)).toMatchObject({ name: 'SignInError', kind });
  });
});
