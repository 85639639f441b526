import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/errors.ts';
import { readTokenResponse, refreshOktaToken, revokeOktaToken } from '../../../../src/core/okta/token.ts';
import { authorizationServer, hour, january, oktaConnection, tokenSet } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';
import { rejectionOf, thrownBy } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const { clientId } = oktaConnection;
const answer = {
  access_token: 'access-2',
  token_type: 'Bearer',
  expires_in: 900,
  refresh_token: 'refresh-2',
  scope: 'codewhisperer:completions offline_access',
};

describe("a token endpoint's answer", () => {
  const read = (given: unknown) => readTokenResponse(given, january, ['a', 'b']);

  test('is a token set', () => {
    expect(read(answer)).toEqual({
      accessToken: 'access-2',
      refreshToken: 'refresh-2',
      obtainedAt: january,
      expiresAt: january + 900 * 1000,
      scopes: ['codewhisperer:completions', 'offline_access'],
    });
  });

  test('without a scope has the requested ones (RFC 6749, 5.1)', () => {
    expect(read({ ...answer, scope: undefined }).scopes).toEqual(['a', 'b']);
  });

  test('may say fewer scopes, between any spaces', () => {
    expect(read({ ...answer, scope: ' a  b ' }).scopes).toEqual(['a', 'b']);
    expect(read({ ...answer, scope: '' }).scopes).toEqual([]);
  });

  test.each([
    ['absent', undefined, hour],
    ['digits in a string', '900', 900_000],
    ['negative', -1, hour],
    ['huge', 1e12, 366 * 24 * hour],
  ])('has a life that is %s', (_, expires_in, life) => {
    expect(read({ ...answer, expires_in }).expiresAt).toBe(january + life);
  });

  test.each([undefined, ''])('may come without a refresh token: %o', (refresh_token) => {
    expect(read({ ...answer, refresh_token })).not.toHaveProperty('refreshToken');
  });

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['a text', 'access-2'],
    ['one without an access token', { token_type: 'Bearer' }],
    ['one with an empty access token', { ...answer, access_token: '' }],
    ['one with a number as access token', { ...answer, access_token: 42 }],
    ['one without a token type', { ...answer, token_type: undefined }],
    ['one bound to a key (DPoP)', { ...answer, token_type: 'DPoP' }],
  ])('is none when it is %s', (_, given) => {
    const { kind, facts } = thrownBy(() => read(given));
    expect(kind).toBe('invalidResponse');
    expect(JSON.stringify(facts)).not.toContain('access-2');
  });
});

/** A refresh of `refresh-1` that gets one answer. */
function refresh(given: unknown) {
  const { http, asked } = fakeHttp(given);
  const old = { refreshToken: 'refresh-1', scopes: tokenSet.scopes };
  const ports = { clock: fakeClock(january), http };
  return { asked, done: refreshOktaToken(ports, authorizationServer, clientId, old, never) };
}
const json = (body: object, status: number, headers = {}) => Response.json(body, { status, headers });

describe('a refresh', () => {
  test('is one request to the token endpoint, as a public client', async () => {
    const { asked, done } = refresh(answer);
    expect(await done).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    expect(asked.map(([request]) => request)).toEqual([`POST ${authorizationServer.tokenEndpoint}`]);
    expect(Object.fromEntries(asked[0]?.[1] ?? [])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'refresh-1',
      client_id: clientId,
    });
  });

  test('keeps the old refresh token when the answer has none', async () => {
    const { refresh_token: _, ...without } = answer;
    const { done } = refresh(without);
    expect(await done).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-1' });
  });

  test('takes a life in digits', async () => {
    const { done } = refresh({ ...answer, expires_in: '900' });
    expect(await done).toMatchObject({ expiresAt: january + 900_000 });
  });

  test.each<readonly [string, number, SignInErrorKind]>([
    ['invalid_grant', 400, 'grantRevoked'],
    ['invalid_client', 401, 'registrationRefused'],
    ['unauthorized_client', 400, 'registrationRefused'],
    ['invalid_scope', 400, 'grantRevoked'],
    ['server_error', 400, 'serverError'],
  ])('that is refused with %s (%i) is %s', async (error, status, kind) => {
    const { done } = refresh(json({ error, error_description: 'Words.' }, status));
    expect(await rejectionOf(done)).toMatchObject({
      kind,
      facts: { operation: 'refresh', host: 'example.okta.com', status, code: error, description: 'Words.' },
    });
  });

  test("keeps Okta's request id for support", async () => {
    const { done } = refresh(json({ error: 'invalid_grant' }, 400, { 'x-okta-request-id': 'aBc-123' }));
    expect(await rejectionOf(done)).toMatchObject({ facts: { requestId: 'aBc-123' } });
  });

  test.each([
    ['an empty body', new Response(null, { status: 400 })],
    ['a page', new Response('<p>No', { status: 400, headers: { 'content-type': 'text/html' } })],
    ['a redirect', new Response(null, { status: 302, headers: { location: '/' } })],
    ['no JSON', new Response('{', { headers: { 'content-type': 'application/json' } })],
    ['no token', Response.json({})],
    ['a token bound to a key', Response.json({ ...answer, token_type: 'DPoP' })],
  ])('that is answered with %s does not end the session', async (_, given) => {
    expect(await rejectionOf(refresh(given).done)).toMatchObject({ kind: 'invalidResponse' });
  });

  test("that fails on the way keeps the transport's error, and is not repeated here", async () => {
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
  ])('puts no token of %s into the error or its causes', async (_, given) => {
    const failure = await rejectionOf(refresh(given).done);
    expect(failure).toBeInstanceOf(SignInError);
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toMatch(/secret-token|refresh-1/);
  });
});

describe('a revocation', () => {
  const revoke = (given: unknown, set = tokenSet, server = authorizationServer) => {
    const { http, asked } = fakeHttp(given);
    return { asked, done: revokeOktaToken(http, server, clientId, set, never) };
  };
  const sent = (asked: readonly (readonly [string, URLSearchParams])[]) =>
    Object.fromEntries(asked[0]?.[1] ?? []);

  test('is one request with the refresh token', async () => {
    const { asked, done } = revoke(new Response(null));
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

  test('has only the access token where there is no other', async () => {
    const { refreshToken: _, ...set } = tokenSet;
    const { asked, done } = revoke(new Response(null), set);
    await done;
    expect(sent(asked)).toMatchObject({ token: 'access-1', token_type_hint: 'access_token' });
  });

  test('is not possible without an endpoint', async () => {
    const { revocationEndpoint: _, ...server } = authorizationServer;
    const { asked, done } = revoke(new Response(null), tokenSet, server);
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'metadataMissing',
      facts: { operation: 'revoke' },
    });
    expect(asked).toEqual([]);
  });

  test.each([
    ['a refusal', json({ error: 'invalid_client' }, 401), 'registrationRefused'],
    ['no JSON', new Response('no', { status: 400 }), 'invalidResponse'],
    ['silence', new SignInError('timeout'), 'timeout'],
  ])('says when it was not confirmed: %s', async (_, given, kind) => {
    expect(await rejectionOf(revoke(given).done)).toMatchObject({ name: 'SignInError', kind });
  });
});
