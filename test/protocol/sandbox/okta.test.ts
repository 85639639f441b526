import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  None,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
  type TokenEndpointResponse,
  tokenRevocation,
} from 'openid-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createStorage } from '../../sandbox/okta/adapter.ts';
import { type Arrival, createBrowser } from '../../sandbox/okta/browser.ts';
import { rateLimited } from '../../sandbox/okta/oktaMessages.ts';
import { type OktaOptions, type OktaOrganization, startOkta } from '../../sandbox/okta/organization.ts';
import { withGrace } from '../../sandbox/okta/refreshRotation.ts';
import { GUIDE_PORTS, GUIDE_SCOPES } from '../../sandbox/okta/settings.ts';
import { countGrants } from '../../sandbox/okta/stats.ts';
import { people } from '../../sandbox/people.ts';

const ANA = 'ana@example.com';
const BEN = 'ben@example.com';
/** Not assigned to the application. */
const CHO = 'cho@example.com';
const REDIRECT_URI = 'http://localhost:2128/oauth/callback';
const SCOPE = GUIDE_SCOPES.join(' ');

/** Vitest's matchers are `any`, which would hide mistakes. */
const anyText: unknown = expect.any(String);
const anyNumber: unknown = expect.any(Number);
const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

let okta: OktaOrganization;
/** Offset of the organization's `Current` from real time. */
let minutesLater: number;

/** Starts the organization for the test; replaces the default one, once per test. */
async function restart(options: OktaOptions): Promise<void> {
  await okta.close();
  okta = await startOkta({ now: () => Date.now() + minutesLater * 60_000, ...options });
}

beforeEach(async () => {
  minutesLater = 0;
  okta = await startOkta({ now: () => Date.now() + minutesLater * 60_000 });
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await okta.close();
});

const discover = (): Promise<Configuration> =>
  discovery(new URL(okta.issuer), okta.clientId, undefined, None(), {
    // oxlint-disable-next-line typescript/no-deprecated -- the sandbox listens on loopback, without TLS
    execute: [allowInsecureRequests],
  });

/** An authorization request like the extension's; `undefined` in `changes` removes a parameter. */
async function authorizationRequest(changes: Readonly<Record<string, string | undefined>> = {}) {
  const codeVerifier = randomPKCECodeVerifier();
  const state = randomState();
  const parameters: Readonly<Record<string, string | undefined>> = {
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...changes,
  };
  const url = buildAuthorizationUrl(await discover(), {});
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { url: url.href, codeVerifier, state };
}

/** A complete sign-in, redeemed with the real openid-client. */
async function signIn(
  username = ANA,
  scope = SCOPE,
): Promise<TokenEndpointResponse & { refresh_token: string }> {
  const { url, codeVerifier, state } = await authorizationRequest({ scope });
  const { location } = await okta.authorize(url, username);
  const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
  const tokens = await authorizationCodeGrant(await discover(), new URL(location ?? ''), checks);
  return Object.assign(tokens, { refresh_token: tokens.refresh_token ?? '' });
}

/** A raw request to the token endpoint. */
function requestToken(parameters: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ client_id: okta.clientId, ...parameters });
  return fetch(`${okta.issuer}/v1/token`, { method: 'POST', body });
}

const refresh = (refreshToken: string): Promise<Response> =>
  requestToken({ grant_type: 'refresh_token', refresh_token: refreshToken });

/** The refresh token returned by a refresh. */
async function refreshed(refreshToken: string): Promise<string> {
  const response = await refresh(refreshToken);
  expect(response.status).toBe(200);
  return ((await response.json()) as { refresh_token: string }).refresh_token;
}

const INVALID_REFRESH_TOKEN = {
  error: 'invalid_grant',
  error_description: 'The refresh token is invalid or expired.',
};

async function expectRefusedRefresh(refreshToken: string): Promise<void> {
  const response = await refresh(refreshToken);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual(INVALID_REFRESH_TOKEN);
}

/** A part of a JWT: 0 is the header, 1 the claims. */
const partOf = (token: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<string, unknown>;
const claimsOf = (token: string): Record<string, unknown> => partOf(token, 1);

const parametersOf = (arrival: Arrival): Record<string, string> =>
  Object.fromEntries(new URL(arrival.location ?? 'about:blank').searchParams);

function askForCompletion(token: string, headers: Record<string, string> = { TokenType: 'EXTERNAL_IDP' }) {
  return fetch(okta.protectedUrl, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

describe('metadata', () => {
  test.each(['openid-configuration', 'oauth-authorization-server'])(
    'is at %s relative to the issuer',
    async (name) => {
      const response = await fetch(`${okta.issuer}/.well-known/${name}`);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        issuer: okta.issuer,
        authorization_endpoint: `${okta.issuer}/v1/authorize`,
        token_endpoint: `${okta.issuer}/v1/token`,
        revocation_endpoint: `${okta.issuer}/v1/revoke`,
        introspection_endpoint: `${okta.issuer}/v1/introspect`,
        jwks_uri: `${okta.issuer}/v1/keys`,
        userinfo_endpoint: `${okta.issuer}/v1/userinfo`,
        end_session_endpoint: `${okta.issuer}/v1/logout`,
        device_authorization_endpoint: `${okta.issuer}/v1/device/authorize`,
        code_challenge_methods_supported: ['S256'],
      });
    },
  );

  test('is at no other address', async () => {
    const response = await fetch(`${okta.origin}/.well-known/openid-configuration`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errorCode: 'E0000007' });
  });

  test('publishes the configured scopes, which do not include the guide’s', async () => {
    const published = (await discover()).serverMetadata().scopes_supported;
    expect(published).toContain('openid');
    expect(published).not.toContain('codewhisperer:completions');
    await restart({ publishedScopes: GUIDE_SCOPES });
    expect((await discover()).serverMetadata().scopes_supported).toEqual(GUIDE_SCOPES);
  });

  test('can be modified', async () => {
    okta.patchMetadata((document) => ({ ...document, issuer: 'http://[::1]:1/other' }));
    await expect(discover()).rejects.toMatchObject({ code: 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' });
  });

  test('two organizations of one process share nothing', async () => {
    await using other = {
      organization: await startOkta(),
      [Symbol.asyncDispose]: () => other.organization.close(),
    };
    const { refresh_token } = await signIn();
    const body = new URLSearchParams({
      client_id: okta.clientId,
      grant_type: 'refresh_token',
      refresh_token,
    });
    const response = await fetch(`${other.organization.issuer}/v1/token`, { method: 'POST', body });
    expect(response.status).toBe(400);
    await refreshed(refresh_token);
  });
});

describe('signing in', () => {
  test('returns three scopes, an hour, and an access token with Okta’s claims', async () => {
    const before = Math.floor(Date.now() / 1000);
    const tokens = await signIn();
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600 });
    expect(new Set(tokens.scope?.split(' '))).toEqual(new Set(GUIDE_SCOPES));
    expect(tokens.refresh_token).not.toBe('');
    expect(tokens.id_token).toBeUndefined();

    const claims = claimsOf(tokens.access_token);
    expect(claims).toMatchObject({
      ver: 1,
      iss: okta.issuer,
      aud: 'api://codewhisperer',
      sub: ANA,
      uid: people[0]?.uid,
      cid: okta.clientId,
    });
    expect(new Set(claims['scp'] as string[])).toEqual(new Set(GUIDE_SCOPES));
    expect(claims['iat']).toBeGreaterThanOrEqual(before);
    expect(claims['exp']).toBe(Number(claims['iat']) + 3600);
    expect(claims['auth_time']).toBeGreaterThanOrEqual(before);
    expect(Object.keys(partOf(tokens.access_token, 0)).toSorted()).toEqual(['alg', 'kid']);
  });

  test('sends a code and the state, and no issuer', async () => {
    const { url, state } = await authorizationRequest();
    const arrival = await okta.authorize(url, ANA);
    expect(arrival).toMatchObject({ status: 302, signIns: 1, body: '' });
    expect(parametersOf(arrival)).toEqual({ code: anyText, state });
  });

  test('sends and lists an issuer if configured', async () => {
    await restart({ issParameter: true });
    expect((await discover()).serverMetadata().authorization_response_iss_parameter_supported).toBe(true);
    const { url } = await authorizationRequest();
    expect(parametersOf(await okta.authorize(url, ANA))).toMatchObject({ iss: okta.issuer });
    const refused = await authorizationRequest({ scope: 'openid' });
    expect(parametersOf(await okta.authorize(refused.url, ANA))).toMatchObject({ iss: okta.issuer });
    expect((await signIn()).access_token).not.toBe('');
  });

  test('a wrong password shows an error, and the right one still works', async () => {
    const wrong = people.map((person) => ({ ...person, password: 'not it' }));
    const { url } = await authorizationRequest();
    const arrival = await createBrowser(wrong).open(url, ANA);
    expect(arrival.location).toBeUndefined();
    expect(arrival.body).toContain('<p role="alert">Unable to sign in</p>');
    expect(arrival.body).toContain(`value="${ANA}"`);
    expect(arrival.body).toMatch(/name="password"[^>]*\sautofocus\s/);
    expect((await okta.authorize(url, ANA)).location).toContain('code=');
  });

  test('the form has labels, a heading and one button, and its username from login_hint', async () => {
    const { url } = await authorizationRequest({ login_hint: 'ben"@example.com' });
    const first = await fetch(url, { redirect: 'manual' });
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const page = await (
      await fetch(new URL(first.headers.get('location') ?? '', url), { headers: { cookie } })
    ).text();
    expect(page).toMatch(/<h1>Sign In<\/h1>/);
    expect(page).toMatch(/<label\s*>Username\s*<input\s+name="username"\s+value="ben&quot;@example.com"/);
    expect(page).toMatch(/<label\s*>\s*Password\s*<input\s+type="password"/);
    expect(page.match(/<button/g)).toHaveLength(1);
  });

  test('a sign-in that was not started shows a page', async () => {
    const response = await fetch(`${okta.origin}/signin/nothing`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('400 Bad Request');
  });
});

describe('the browser session', () => {
  test('answers a second authorization without a question; both have separate grants', async () => {
    const browser = createBrowser(people);
    const client = await discover();
    const refreshTokens: string[] = [];
    for (const signIns of [1, 0]) {
      const { url, codeVerifier, state } = await authorizationRequest();
      const arrival = await browser.open(url, ANA);
      expect(arrival.signIns).toBe(signIns);
      const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
      const { refresh_token } = await authorizationCodeGrant(client, new URL(arrival.location ?? ''), checks);
      refreshTokens.push(refresh_token ?? '');
    }
    const [first = '', second = ''] = refreshTokens;
    expect(okta.grantOf(first)).not.toBe(okta.grantOf(second));
    await tokenRevocation(client, first);
    await expectRefusedRefresh(first);
    await refreshed(second);
  });

  test('a code without offline_access stays valid when the browser moves on to another', async () => {
    const browser = createBrowser(people);
    const { url, codeVerifier, state } = await authorizationRequest({ scope: 'codewhisperer:completions' });
    const { location } = await browser.open(url, ANA);
    await browser.open((await authorizationRequest({ scope: 'codewhisperer:completions' })).url, ANA);
    const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
    await authorizationCodeGrant(await discover(), new URL(location ?? ''), checks);
  });

  test('prompt=login asks anyway, and another user may sign in', async () => {
    const browser = createBrowser(people);
    await browser.open((await authorizationRequest()).url, ANA);
    const again = await authorizationRequest({ prompt: 'login' });
    expect(await browser.open(again.url, ANA)).toMatchObject({ signIns: 1 });

    const { url, codeVerifier, state } = await authorizationRequest({ prompt: 'login' });
    const { location } = await browser.open(url, BEN);
    const checks = { pkceCodeVerifier: codeVerifier, expectedState: state };
    const tokens = await authorizationCodeGrant(await discover(), new URL(location ?? ''), checks);
    expect(claimsOf(tokens.access_token)['sub']).toBe(BEN);
  });

  test('prompt=none returns login_required without a session, and a code with one', async () => {
    const browser = createBrowser(people);
    const { url, state } = await authorizationRequest({ prompt: 'none' });
    const arrival = await browser.open(url, ANA);
    expect(arrival).toMatchObject({ status: 302, signIns: 0 });
    expect(parametersOf(arrival)).toEqual({
      error: 'login_required',
      error_description: 'The client specified not to prompt, but the user is not logged in.',
      state,
    });

    await browser.open((await authorizationRequest()).url, ANA);
    const silent = await authorizationRequest({ prompt: 'none' });
    const { location } = await browser.open(silent.url, ANA);
    const checks = { pkceCodeVerifier: silent.codeVerifier, expectedState: silent.state };
    const tokens = await authorizationCodeGrant(await discover(), new URL(location ?? ''), checks);
    expect(tokens.refresh_token).toEqual(anyText);
  });
});

describe('stored data', () => {
  const storage = createStorage();
  const tokens = withGrace(storage.adapterFor('RefreshToken'), {
    graceSeconds: 0,
    now: Date.now,
    revokeTokens: (grantId) => storage.revokeTokens(grantId),
    onReuseInsideGrace: () => expect.unreachable('A grace period is missing.'),
  });

  test('when two concurrent requests find a token unused, the later one ends the grant', async () => {
    await storage.adapterFor('Grant').upsert('g', { jti: 'g' });
    await tokens.upsert('t', { jti: 't', grantId: 'g' });
    expect(await tokens.find('t')).not.toHaveProperty('consumed');
    await tokens.consume('t');
    await expect(tokens.consume('t')).rejects.toThrow('invalid_grant');
    expect(await tokens.find('t')).toBeUndefined();
    expect(storage.records('Grant')).toEqual([]);

    // The earlier request stores its new token only now.
    await tokens.upsert('late', { jti: 'late', grantId: 'g' });
    expect(countGrants(storage).stats().liveGrants).toBe(0);
  });

  test('is copied: changes do not persist unless stored', async () => {
    const sessions = storage.adapterFor('Session');
    await sessions.upsert('s', { authorizations: { client: { grantId: 'one' } } });
    const session = await sessions.find('s');
    Object.assign(session?.authorizations?.['client'] ?? {}, { grantId: 'two' });
    expect(await sessions.find('s')).toEqual({ authorizations: { client: { grantId: 'one' } } });
  });
});

describe('redirect URIs', () => {
  test.each(GUIDE_PORTS)('localhost:%d is registered', async (port) => {
    const { url } = await authorizationRequest({
      redirect_uri: `http://localhost:${port}/oauth/callback`,
      prompt: 'none',
    });
    expect((await okta.authorize(url, ANA)).location).toContain(
      `http://localhost:${port}/oauth/callback?error=`,
    );
  });

  test.each([
    'http://127.0.0.1:2128/oauth/callback',
    'http://[::1]:2128/oauth/callback',
    'http://localhost:2128/oauth/callback/',
    'http://localhost:2128/oauth/callback?a=b',
    'http://LOCALHOST:2128/oauth/callback',
    'http://localhost:2129/oauth/callback',
    'https://localhost:2128/oauth/callback',
    undefined,
  ])('%s gets a 400 page and no redirect', async (redirectUri) => {
    for (const prompt of ['none', undefined]) {
      const { url } = await authorizationRequest({ redirect_uri: redirectUri, prompt });
      const response = await fetch(url, { redirect: 'manual' });
      expect(response.status).toBe(400);
      expect(response.headers.get('location')).toBeNull();
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(await response.text()).toContain('<h1>400 Bad Request</h1>');
    }
  });

  test('a removed one is rejected with Okta’s message', async () => {
    await restart({ redirectUris: ['http://localhost:4649/oauth/callback'] });
    const { body, location } = await okta.authorize((await authorizationRequest()).url, ANA);
    expect(location).toBeUndefined();
    expect(body).toContain('parameter must be a Login redirect URI in the client app settings.');
  });

  test('an unknown client ID gets a 400 page, also with prompt=none', async () => {
    for (const prompt of ['none', undefined]) {
      const { url } = await authorizationRequest({ client_id: '0oaunknown0unknown00', prompt });
      const arrival = await okta.authorize(url, ANA);
      expect(arrival).toMatchObject({ status: 400, location: undefined });
      expect(arrival.body).toContain('Invalid value for &#39;client_id&#39; parameter.');
    }
  });

  test('the token request must repeat it', async () => {
    const { url, codeVerifier } = await authorizationRequest();
    const { code = '' } = parametersOf(await okta.authorize(url, ANA));
    const response = await requestToken({
      grant_type: 'authorization_code',
      code,
      code_verifier: codeVerifier,
      redirect_uri: 'http://localhost:4649/oauth/callback',
    });
    expect(await response.json()).toMatchObject({
      error: 'invalid_grant',
      error_description: textLike(/redirect_uri/),
    });
  });
});

describe('the authorization request', () => {
  test.each([
    [
      'without PKCE',
      { code_challenge: undefined, code_challenge_method: undefined },
      'PKCE code challenge is required',
    ],
    ['with PKCE plain', { code_challenge_method: 'plain' }, 'code_challenge_method'],
    ['with a challenge and no method', { code_challenge_method: undefined }, 'code_challenge_method'],
    ['without state', { state: undefined }, "invalid 'state' parameter"],
  ])('%s is an invalid_request', async (_name, changes, words) => {
    const { url } = await authorizationRequest(changes);
    const parameters = parametersOf(await okta.authorize(url, ANA));
    expect(parameters['error']).toBe('invalid_request');
    expect(parameters['error_description']).toContain(words);
  });

  test.each(['openid', 'profile', 'email', `openid ${SCOPE}`])('for %s fails the policy', async (scope) => {
    const { url, state } = await authorizationRequest({ scope });
    const arrival = await okta.authorize(url, ANA);
    expect(arrival.location).toMatch(/^http:\/\/localhost:2128\/oauth\/callback\?/);
    expect(parametersOf(arrival)).toEqual({
      error: 'access_denied',
      error_description: 'Policy evaluation failed for this request, please check the policy configurations.',
      state,
    });
  });

  test.each(['codewhisperer:completions nonsense', 'sso:account:access', undefined])(
    'for %s is an invalid_scope',
    async (scope) => {
      const { url, state } = await authorizationRequest({ scope });
      expect(parametersOf(await okta.authorize(url, ANA))).toEqual({
        error: 'invalid_scope',
        error_description: 'One or more scopes are not configured for the authorization server resource.',
        state,
      });
    },
  );

  test('of a user without the application is rejected after sign-in, and then without a question', async () => {
    const browser = createBrowser(people);
    for (const signIns of [1, 0]) {
      const { url, state } = await authorizationRequest();
      const arrival = await browser.open(url, CHO);
      expect(arrival.signIns).toBe(signIns);
      expect(parametersOf(arrival)).toEqual({
        error: 'access_denied',
        error_description: 'User is not assigned to the client application.',
        state,
      });
    }
    expect(okta.stats().liveGrants).toBe(0);
  });

  test('for openid is allowed if the policy lists it', async () => {
    await restart({ allowedScopes: ['openid', ...GUIDE_SCOPES] });
    const tokens = await signIn(ANA, `openid ${SCOPE}`);
    expect(tokens.id_token).toEqual(anyText);
    expect(claimsOf(tokens.access_token)['scp']).toContain('openid');
  });
});

describe('the token endpoint', () => {
  test('requires the verifier', async () => {
    for (const verifier of [randomPKCECodeVerifier(), undefined]) {
      const { url } = await authorizationRequest();
      const { code = '' } = parametersOf(await okta.authorize(url, ANA));
      const response = await requestToken({
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        ...(verifier === undefined ? {} : { code_verifier: verifier }),
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        error: 'invalid_grant',
        error_description: 'PKCE verification failed.',
      });
    }
  });

  test('responds to a wrong method with an API error', async () => {
    const response = await fetch(`${okta.issuer}/v1/token`);
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({ errorCode: 'E0000022' });
  });

  test('accepts a code once', async () => {
    const { url, codeVerifier } = await authorizationRequest();
    const { code = '' } = parametersOf(await okta.authorize(url, ANA));
    const redeem = () =>
      requestToken({
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        code_verifier: codeVerifier,
      });
    const tokens = (await (await redeem()).json()) as { refresh_token: string };
    const response = await redeem();
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'The authorization code is invalid or has expired.',
    });
    await expectRefusedRefresh(tokens.refresh_token);
  });

  test('rejects an unknown client with an API error and IDs for support', async () => {
    const response = await requestToken({
      client_id: '0oaunknown0unknown00',
      grant_type: 'refresh_token',
      refresh_token: 'x',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-okta-request-id')).toMatch(/\S+/);
    expect(await response.json()).toEqual({
      errorCode: 'invalid_client',
      errorSummary: "Invalid value for 'client_id' parameter.",
      errorLink: 'invalid_client',
      errorId: textLike(/^oae/),
      errorCauses: [],
    });
  });

  test('returns no refresh token without offline_access or without the grant', async () => {
    const scope = 'codewhisperer:completions codewhisperer:conversations';
    const tokens = await signIn(ANA, scope);
    expect(tokens).toMatchObject({ refresh_token: '', scope });

    await restart({ refreshTokens: false });
    const without = await signIn();
    expect(without).toMatchObject({ refresh_token: '', scope });
    const response = await refresh('x');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: 'unauthorized_client',
      error_description: 'The client is not authorized to use the provided grant type.',
    });
  });
});

describe('refresh tokens', () => {
  test('rotate with every use; the response has all scopes and a new access token', async () => {
    const first = await signIn();
    const second = await refreshTokenGrant(await discover(), first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(new Set(second.scope?.split(' '))).toEqual(new Set(GUIDE_SCOPES));
    expect(claimsOf(second.access_token)).toMatchObject({
      sub: ANA,
      auth_time: claimsOf(first.access_token)['auth_time'],
    });
    await refreshed(second.refresh_token ?? '');
    const [count] = okta.stats().acceptedRefreshes.values();
    expect(count).toBe(2);
  });

  test('the previous one works again within the grace period, and so does its result', async () => {
    const { refresh_token: first } = await signIn();
    const second = await refreshed(first);
    minutesLater = 0.49;
    const third = await refreshed(first);
    expect(third).not.toBe(second);
    await refreshed(second);
    await refreshed(third);
    expect(okta.stats()).toMatchObject({ reusesInsideGrace: 1, reusesAfterGrace: 0, liveGrants: 1 });
  });

  test('use after the grace period revokes the newest one too', async () => {
    const { refresh_token: first } = await signIn();
    const other = await signIn(BEN);
    const grantId = okta.grantOf(first) ?? '';
    const newest = await refreshed(await refreshed(first));
    minutesLater = 0.5;
    await expectRefusedRefresh(first);
    await expectRefusedRefresh(newest);
    expect(okta.stats()).toMatchObject({
      reusesAfterGrace: 1,
      familiesKilled: new Set([grantId]),
      liveGrants: 1,
    });
    await refreshed(other.refresh_token);
  });

  test('use within the grace period does not extend it', async () => {
    const { refresh_token: first } = await signIn();
    await refreshed(first);
    minutesLater = 0.4;
    await refreshed(first);
    minutesLater = 0.6;
    await expectRefusedRefresh(first);
  });

  test('without grace, one of two concurrent uses wins, and the family is revoked', async () => {
    await restart({ refreshGraceSeconds: 0 });
    const { refresh_token: token } = await signIn();
    const statuses = await Promise.all([refresh(token), refresh(token), refresh(token), refresh(token)]).then(
      (responses) => responses.map(({ status }) => status).toSorted(),
    );
    expect(statuses).toEqual([200, 400, 400, 400]);
    const { acceptedRefreshes, familiesKilled, liveGrants } = okta.stats();
    expect([...acceptedRefreshes.values()]).toEqual([1]);
    expect(familiesKilled.size).toBe(1);
    expect(liveGrants).toBe(0);
  });

  test('a persistent one stays the same', async () => {
    await restart({ rotate: false, refreshGraceSeconds: 0 });
    const { refresh_token: token } = await signIn();
    expect(await refreshed(token)).toBe(token);
    expect(await refreshed(token)).toBe(token);
    expect([...okta.stats().acceptedRefreshes.values()]).toEqual([2]);
  });

  test('the lifetime of a session counts from the sign-in, rotated or not', async () => {
    await restart({ sessionSeconds: 100, accessTokenSeconds: 2 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const tokens = await signIn();
    expect(tokens.expires_in).toBe(2);
    vi.setSystemTime(Date.now() + 60_000);
    const newest = await refreshed(tokens.refresh_token);
    vi.setSystemTime(Date.now() + 41_000);
    await expectRefusedRefresh(newest);
    expect(okta.stats().liveGrants).toBe(0);
  });

  test('forty grants are refreshed concurrently and quickly', async () => {
    const grants = await Promise.all(Array.from({ length: 40 }, () => signIn()));
    const start = performance.now();
    const rounds = grants.map(async ({ refresh_token }) => {
      let token = refresh_token;
      for (let round = 0; round < 10; round += 1) token = await refreshed(token);
    });
    await Promise.all(rounds);
    // 2,000 refreshes in four minutes allow 120 ms for each; the sandbox must not be the bottleneck.
    expect((performance.now() - start) / 400).toBeLessThan(40);
    expect([...okta.stats().acceptedRefreshes.values()]).toEqual(Array(40).fill(10));
  });
});

describe('ending a session', () => {
  const revoke = (token: string): Promise<Response> =>
    fetch(`${okta.issuer}/v1/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: okta.clientId, token, token_type_hint: 'refresh_token' }),
    });

  test('a revoked refresh token is rejected, and so are the others of its grant', async () => {
    const { refresh_token: first } = await signIn();
    const second = await refreshed(first);
    expect((await revoke(second)).status).toBe(200);
    await expectRefusedRefresh(second);
    await expectRefusedRefresh(first);
    expect(okta.stats()).toMatchObject({ revocations: 1, liveGrants: 0 });
  });

  test('introspection distinguishes valid refresh tokens from others', async () => {
    const { refresh_token: token } = await signIn();
    const introspect = async (): Promise<unknown> => {
      const body = new URLSearchParams({ client_id: okta.clientId, token });
      return (await fetch(`${okta.issuer}/v1/introspect`, { method: 'POST', body })).json();
    };
    expect(await introspect()).toMatchObject({ active: true, sub: ANA });
    await revoke(token);
    expect(await introspect()).toEqual({ active: false });
  });

  test('revocation returns 200 a second time, for an unknown token, and for an access token', async () => {
    const { access_token, refresh_token } = await signIn();
    const response = await revoke(access_token);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    await refreshed(refresh_token);
    for (const token of [refresh_token, refresh_token, 'unknown']) {
      expect((await revoke(token)).status).toBe(200);
    }
  });

  test('revocation is rejected for an unknown client', async () => {
    const body = new URLSearchParams({ client_id: '0oaunknown0unknown00', token: 'x' });
    const response = await fetch(`${okta.issuer}/v1/revoke`, { method: 'POST', body });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ errorCode: 'invalid_client' });
  });

  test('an administrator ends a user’s grants and browser sessions, and no other user’s', async () => {
    const browser = createBrowser(people);
    await browser.open((await authorizationRequest()).url, ANA);
    const ana = await signIn(ANA);
    const ben = await signIn(BEN);
    expect(okta.endSessions(ANA)).toBe(1);
    await expectRefusedRefresh(ana.refresh_token);
    await refreshed(ben.refresh_token);
    const silent = await authorizationRequest({ prompt: 'none' });
    expect(parametersOf(await browser.open(silent.url, ANA))['error']).toBe('login_required');
  });
});

describe('device authorization', () => {
  interface DeviceAnswer {
    device_code: string;
    user_code: string;
    verification_uri: string;
    verification_uri_complete: string;
  }

  const begin = (scope = SCOPE): Promise<Response> =>
    fetch(`${okta.issuer}/v1/device/authorize`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: okta.clientId, scope }),
    });
  const poll = (deviceCode: string): Promise<Response> =>
    requestToken({ grant_type: DEVICE_CODE, device_code: deviceCode });

  test('is pending until the code is activated, then returns tokens', async () => {
    const answer = (await (await begin()).json()) as DeviceAnswer;
    expect(answer).toMatchObject({
      user_code: textLike(/^[A-Z]{8}$/),
      verification_uri: `${okta.origin}/activate`,
      verification_uri_complete: `${okta.origin}/activate?user_code=${answer.user_code}`,
      expires_in: 600,
      interval: 5,
    });
    const pending = await poll(answer.device_code);
    expect(pending.status).toBe(400);
    expect(await pending.json()).toEqual({
      error: 'authorization_pending',
      error_description: 'The device authorization is pending. Please try again later.',
    });

    const arrival = await okta.authorize(answer.verification_uri_complete, ANA);
    expect(arrival).toMatchObject({ status: 200, signIns: 1 });
    expect(arrival.body).toContain('<h1>Device activated</h1>');
    const tokens = (await (await poll(answer.device_code)).json()) as TokenEndpointResponse;
    expect(claimsOf(tokens.access_token)).toMatchObject({ sub: ANA, auth_time: anyNumber });
    expect(tokens.scope).toContain('offline_access');
    await refreshed(tokens.refresh_token ?? '');
    expect(await (await poll(answer.device_code)).json()).toMatchObject({ error: 'invalid_grant' });
  });

  test('is denied if the user cancels or does not have the application', async () => {
    const cancelled = (await (await begin()).json()) as DeviceAnswer;
    const page = await createBrowser(people).open(cancelled.verification_uri_complete, ANA, 'abort');
    expect(page.body).toContain('The device was not activated.');
    expect(await (await poll(cancelled.device_code)).json()).toMatchObject({ error: 'access_denied' });

    const unassigned = (await (await begin()).json()) as DeviceAnswer;
    const refused = await okta.authorize(unassigned.verification_uri_complete, CHO);
    expect(refused.body).toContain('User is not assigned to the client application.');
    expect(await (await poll(unassigned.device_code)).json()).toEqual({
      error: 'access_denied',
      error_description: 'User is not assigned to the client application.',
    });
  });

  test('a wrong code asks for another one', async () => {
    const { body } = await okta.authorize(`${okta.origin}/activate?user_code=WRONGONE`, ANA);
    expect(body).toContain('<p role="alert">Invalid code. Try again.</p>');
    expect(body).toMatch(/<label\s*>Activation Code\s*<input/);
  });

  test('the access policy applies here too', async () => {
    expect(await (await begin('openid')).json()).toMatchObject({ error: 'access_denied' });
    expect(await (await begin('nonsense')).json()).toMatchObject({ error: 'invalid_scope' });
  });

  test('returns the configured interval', async () => {
    await restart({ deviceIntervalSeconds: 1 });
    expect(await (await begin()).json()).toMatchObject({ interval: 1 });
  });

  test('omits the interval if configured, and the code expires', async () => {
    await restart({ deviceIntervalSeconds: undefined });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const answer = (await (await begin()).json()) as DeviceAnswer;
    expect(answer).not.toHaveProperty('interval');
    vi.setSystemTime(Date.now() + 601_000);
    expect(await (await poll(answer.device_code)).json()).toMatchObject({ error: 'expired_token' });
  });
});

describe('the protected resource', () => {
  test('accepts a new token and returns its user', async () => {
    const { access_token } = await signIn();
    const response = await askForCompletion(access_token);
    expect(response.status).toBe(200);
    const body = (await response.json()) as { scopes: string[] };
    expect(body).toMatchObject({ suggestion: anyText, sub: ANA });
    expect(new Set(body.scopes)).toEqual(new Set(GUIDE_SCOPES));
  });

  test('rejects an expired, forged, foreign or missing token, or one without its type header', async () => {
    const { access_token } = await signIn();
    const [header = '', payload = '', signature = ''] = access_token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...claimsOf(access_token), sub: BEN })).toString('base64url');
    for (const token of [`${header}.${forged}.${signature}`, `${header}.${payload}.`, 'x']) {
      expect((await askForCompletion(token)).status).toBe(401);
    }
    expect((await askForCompletion(access_token, {})).status).toBe(401);
    expect((await fetch(okta.protectedUrl)).status).toBe(401);
    minutesLater = 60;
    expect((await askForCompletion(access_token)).status).toBe(401);
    await restart({});
    expect((await askForCompletion(access_token)).status).toBe(401);
  });

  test('rejects a token without its scope with 403', async () => {
    const { access_token } = await signIn(ANA, 'codewhisperer:conversations');
    expect((await askForCompletion(access_token)).status).toBe(403);
  });
});

describe('faults and the request log', () => {
  test('a refresh with a lost response was processed; its token works again within the grace period', async () => {
    const { refresh_token: first } = await signIn();
    okta.faults.add({ at: 'okta.token:refresh_token', drop: 'after' });
    await expect(refresh(first)).rejects.toThrow();
    expect([...okta.stats().acceptedRefreshes.values()]).toEqual([1]);
    await refreshed(await refreshed(first));
    expect(okta.stats()).toMatchObject({ reusesInsideGrace: 1 });
  });

  test('a refresh dropped before processing consumes nothing', async () => {
    const { refresh_token: first } = await signIn();
    okta.faults.add({ at: 'okta.token:refresh_token', drop: 'before' });
    await expect(refresh(first)).rejects.toThrow();
    expect(okta.stats().acceptedRefreshes.size).toBe(0);
    await refreshed(first);
    expect(okta.stats()).toMatchObject({ reusesInsideGrace: 0 });
  });

  test('a rate limit has Okta’s response', async () => {
    okta.faults.add({ at: 'okta.token', ...rateLimited(1_700_000_000_500) });
    const response = await refresh('x');
    expect(response.status).toBe(429);
    expect(response.headers.get('x-rate-limit-reset')).toBe('1700000001');
    expect(response.headers.get('x-okta-request-id')).toMatch(/\S+/);
    expect(await response.json()).toMatchObject({ errorCode: 'E0000047', errorId: anyText });
  });

  test('every request has a name and an ID, and nothing is printed', async () => {
    const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    await restart({});
    const { refresh_token } = await signIn();
    await refreshed(refresh_token);
    await fetch(`${okta.issuer}/v1/keys`);
    await fetch(`${okta.issuer}/v1/nothing`);
    const operations = okta.requestLog.list().map(({ operation }) => operation);
    expect(operations).toEqual([
      'okta.metadata',
      'okta.authorize',
      'okta.signIn',
      'okta.signIn',
      'okta.resume',
      'okta.metadata',
      'okta.token:authorization_code',
      'okta.token:refresh_token',
      'okta.keys',
      'okta.unknown',
    ]);
    expect(new Set(okta.requestLog.list().map(({ requestId }) => requestId)).size).toBe(operations.length);
    expect(okta.stats().tokenRequests).toBe(2);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });
});
