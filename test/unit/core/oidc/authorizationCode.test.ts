import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { authorizationCodeGrant } from '../../../../src/core/oidc/authorizationCode.ts';
import { redirectUriAt } from '../../../../src/core/oidc/redirectUri.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { authorizationServer, january, oktaConnection } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { jwt } from '../../fakes/jwt.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { clientId } = oktaConnection;
const scopes = ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'];
const tokens = {
  access_token: 'access-1',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'refresh-1',
};

/** A sign-in up to the moment when it waits for the browser. */
async function begin(
  answer: unknown = tokens,
  more: { prompt?: 'login'; iss?: boolean; scopes?: readonly string[] } = {},
) {
  const server = { ...authorizationServer, issParameter: more.iss === true };
  const registered = new Response(null, { status: 302, headers: { location: redirectUriAt(8008) } });
  const { http, asked } = fakeHttp(registered, answer);
  const ports = {
    clock: fakeClock(january),
    http,
    log: fakeLog(),
    loopback: fakeLoopback(),
    user: fakePerson(),
  };
  const asker = new AbortController();
  const prompt = more.prompt === undefined ? {} : { prompt: more.prompt };
  const request = {
    scopes: more.scopes ?? scopes,
    redirectPorts: [8008],
    ...prompt,
  };
  const outcome = authorizationCodeGrant(oktaClient(ports, server), request, asker.signal);
  const done = outcome.then(doneOf);
  done.catch(() => undefined);
  await settleUntil(() => ports.user.turns.length === 1);
  const url = ports.user.turns[0]?.url ?? '';
  const state = new URL(url).searchParams.get('state') ?? '';
  const nothingLeft = () => {
    expect(ports.clock.sleeping).toBe(0);
    expect(ports.user.open).toBe(0);
    expect(ports.loopback.listening).toBe(0);
  };
  return { ...ports, asked, asker, done, url, state, nothingLeft };
}

test('the redirect URI is what Okta compares, byte for byte', () => {
  expect(redirectUriAt(2128)).toBe('http://localhost:2128/oauth/callback');
});

describe('authorizationCodeGrant: a sign-in with an authorization code', () => {
  test('opens the authorization endpoint with all parameters that Okta needs', async () => {
    const { url, state, user, asker } = await begin();
    expect(url.startsWith(`${authorizationServer.authorizationEndpoint}?`)).toBe(true);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: 'http://localhost:8008/oauth/callback',
      scope: scopes.join(' '),
      state,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge_method: 'S256',
    });
    expect(state.length).toBeGreaterThanOrEqual(32);
    expect(user.turns[0]).toMatchObject({ connectionName: 'Example', expiresAt: january + 600_000 });
    asker.abort();
  });

  test("encodes spaces so that the editor's opener preserves them", async () => {
    const { url, asker } = await begin();
    expect(url).not.toContain('+');
    expect(url).toContain('codewhisperer%3Aconversations%20offline_access');
    asker.abort();
  });

  test('asks for a different user on request', async () => {
    const { url, asker } = await begin(tokens, { prompt: 'login' });
    expect(new URL(url).searchParams.get('prompt')).toBe('login');
    asker.abort();
  });

  test('F9: binds a requested ID token to the request with a nonce', async () => {
    const answered: Record<string, unknown> = { ...tokens };
    const given = new Response(null);
    given.text = async () => JSON.stringify(answered);
    const { url, loopback, state, done } = await begin(given, { scopes: ['openid', 'offline_access'] });
    const nonce = new URL(url).searchParams.get('nonce') ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(32);
    const exp = Date.now() + 3600_000;
    const claims = { iss: authorizationServer.issuer, aud: clientId, sub: '00u1', iat: 1, exp, nonce };
    answered['id_token'] = jwt(claims);
    loopback.arrive({ code: 'code-1', state });
    expect((await done).tokenSet).toMatchObject({ accessToken: 'access-1', idToken: answered['id_token'] });
  });

  test('F9: rejects an ID token for another request', async () => {
    const claims = {
      iss: authorizationServer.issuer,
      aud: clientId,
      sub: '00u1',
      iat: 1,
      exp: 1e10,
      nonce: 'x',
    };
    const answered = { ...tokens, id_token: jwt(claims) };
    const { loopback, state, done } = await begin(answered, { scopes: ['openid'] });
    loopback.arrive({ code: 'code-1', state });
    expect(await rejectionOf(done)).toMatchObject({ details: { reason: 'idToken', code: 'nonce' } });
    expect(loopback.pages).not.toContain('signedIn');
  });

  test('exchanges the returned code for tokens', async () => {
    const { loopback, asked, state, url, done, nothingLeft } = await begin();
    expect(loopback.arrive({ code: 'code-1', state })).toBe(true);
    expect(await done).toEqual({
      tokenSet: expect.objectContaining({
        accessToken: 'access-1',
        refreshToken: 'refresh-1',
        scopes,
      }) as unknown,
      redirect: { uri: 'http://localhost:8008/oauth/callback', defense: 'okta' },
    });
    const [request, form] = asked[1] ?? [];
    expect(request).toBe(`POST ${authorizationServer.tokenEndpoint}`);
    const verifier = form?.get('code_verifier') ?? '';
    expect(Object.fromEntries(form ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: 'http://localhost:8008/oauth/callback',
      client_id: clientId,
      code_verifier: verifier,
    });
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    expect(new URL(url).searchParams.get('code_challenge')).toBe(challenge);
    expect(asked).toHaveLength(2);
    expect(loopback.pages).toEqual(['signedIn']);
    nothingLeft();
  });
});

describe('authorizationCodeGrant: a callback of another sign-in', () => {
  test('is ignored, and the correct one afterwards is accepted', async () => {
    const { loopback, state, done } = await begin();
    expect(loopback.arrive({ code: 'foreign', state: 'another' })).toBe(false);
    expect(loopback.arrive({ code: 'foreign' })).toBe(false);
    expect(loopback.arrive(new URLSearchParams(`code=a&code=b&state=${state}`))).toBe(false);
    expect(loopback.arrive(new URLSearchParams(`code=a&state=${state}&state=${state}`))).toBe(false);
    expect(loopback.arrive({ error: 'access_denied', state: 'another' })).toBe(false);
    expect(loopback.arrive({ code: 'code-1', state })).toBe(true);
    expect((await done).tokenSet.accessToken).toBe('access-1');
  });
});

describe("authorizationCodeGrant: Okta's error in the redirect", () => {
  const policy = 'Policy evaluation failed for this request, please check the policy configurations.';
  test.each<readonly [string, string, SignInErrorKind]>([
    ['access_denied', policy, 'policy'],
    ['access_denied', 'User is not assigned to the client application.', 'notAssigned'],
    ['access_denied', 'The resource owner denied the request.', 'policy'],
    ['access_denied', '', 'policy'],
    ['invalid_scope', 'One or more scopes are not configured.', 'scopeRefused'],
    ['invalid_request', 'Words.', 'requestRefused'],
    ['server_error', 'Words.', 'serverError'],
    ['something_new', 'Words.', 'requestRefused'],
  ])('%s, "%s" is %s', async (error, error_description, kind) => {
    const { loopback, asked, state, done, nothingLeft } = await begin();
    loopback.arrive({ error, error_description, state });
    expect(await rejectionOf(done)).toMatchObject({
      kind,
      details: { code: error, host: 'example.okta.com' },
    });
    expect(loopback.pages).toEqual(['failed']);
    expect(asked).toHaveLength(1);
    nothingLeft();
  });
});

describe('authorizationCodeGrant: a response of a type that was not requested', () => {
  test.each(['id_token', 'token', 'response'])(
    'with %s is rejected, and its code stays here',
    async (name) => {
      const { loopback, asked, state, done, nothingLeft } = await begin();
      loopback.arrive({ code: 'code-1', state, [name]: 'a.b.c' });
      expect(await rejectionOf(done)).toMatchObject({ kind: 'invalidResponse' });
      expect(loopback.pages).toEqual(['failed']);
      expect(asked).toHaveLength(1);
      nothingLeft();
    },
  );
});

describe('authorizationCodeGrant: a rejected code', () => {
  test('was used or expired: no session ends', async () => {
    const refused = Response.json({ error: 'invalid_grant' }, { status: 400 });
    const { loopback, state, done, nothingLeft } = await begin(refused);
    loopback.arrive({ code: 'code-1', state });
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(loopback.pages).toEqual(['failed']);
    nothingLeft();
  });
});

describe('authorizationCodeGrant: no callback', () => {
  test('for ten minutes: the prompt closes and the port is released', async () => {
    const { clock, done, nothingLeft } = await begin();
    await clock.advance(600_000 - 1);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    nothingLeft();
  });

  test('because the user canceled', async () => {
    const { user, done, nothingLeft } = await begin();
    user.giveUp();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    nothingLeft();
  });

  test('because the caller canceled', async () => {
    const enough = new SignInError('cancelled', { operation: 'test' });
    const { asker, done, nothingLeft } = await begin();
    asker.abort(enough);
    expect(await rejectionOf(done)).toBe(enough);
    nothingLeft();
  });
});
