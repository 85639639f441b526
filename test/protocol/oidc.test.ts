import { describe, expect, test } from 'vitest';
import { endSessionAddress } from '../../src/features/endSession.ts';
import { ownRedirectPath, redirectUriAt } from '../../src/core/oidc/redirectUri.ts';
import { createSigningKey } from '../sandbox/okta/accessTokens.ts';
import { CLIENT_ID } from '../sandbox/oidc/provider.ts';
import type { OidcSettings } from '../sandbox/oidc/provider.ts';
import { people } from '../sandbox/people.ts';
import { failureOf, ports, sceneAt, standard } from './oidcScene.ts';
import type { Vendor } from './oidcScene.ts';
import { ana, ben, personWho } from './people.ts';
import { noSignal } from './scene.ts';

const uidOf = (username: string): string => people.find((person) => person.username === username)?.uid ?? '';
const anyPortAt = (host: string) => async (issuer: string) => [
  `http://${host}${await ownRedirectPath(issuer)}`,
];

/**
 * Entra ID supports public clients and PKCE with S256, but lists neither (learn.microsoft.com,
 * v2-oauth2-auth-code-flow).
 */
const asEntra: OidcSettings['metadata'] = (document) => ({
  ...document,
  code_challenge_methods_supported: undefined,
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
});

const vendors: readonly (readonly [string, Vendor])[] = [
  [
    'a plain provider with fixed ports',
    {
      settings: { ...standard, issuerPath: '/tenants/one' },
      connection: { redirectUri: `http://localhost:${ports[0]}` },
      loginOf: (username) => username,
      redirectUri: new RegExp(`^http://localhost:${ports[0]}/oauth/callback/[0-9a-f]{16}$`),
    },
  ],
  [
    'a provider shaped like Microsoft Entra ID',
    {
      settings: {
        ...standard,
        issuerPath: '/0a1b2c3d-1111-4222-8333-444455556666/v2.0',
        redirectUris: anyPortAt('localhost'),
        anyPort: true,
        issParameter: false,
        revocation: false,
        deviceGrant: true,
        refreshTokens: 'lenient',
        idTokenClaims: ['preferred_username'],
        metadata: asEntra,
      },
      connection: { redirectUri: 'http://localhost' },
      loginOf: (username) => username,
      redirectUri: /^http:\/\/localhost:\d+\/oauth\/callback\/[0-9a-f]{16}$/,
    },
  ],
  [
    'a provider shaped like Keycloak',
    {
      settings: {
        ...standard,
        issuerPath: '/realms/x',
        redirectUris: anyPortAt('127.0.0.1'),
        anyPort: true,
        issParameter: false,
      },
      connection: { redirectUri: 'http://127.0.0.1' },
      loginOf: (username) => username,
      redirectUri: /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback\/[0-9a-f]{16}$/,
    },
  ],
  [
    'a provider with the device grant',
    {
      settings: { ...standard, deviceGrant: true, issParameter: false, idTokenClaims: ['email'] },
      connection: { flow: 'deviceCode' },
      loginOf: (username) => username,
      redirectUri: /^$/,
    },
  ],
  [
    'a provider that renews without rotation and names a person by sub alone',
    {
      settings: { ...standard, issuerPath: '/oidc', refreshTokens: 'kept', idTokenClaims: [] },
      connection: {
        redirectUri: `http://localhost:${ports[1]}`,
        loginHint: 'a+n&a@example.com',
        authorizeParameters: { audience: 'https://api.example.com/v1', acr_values: 'phr mfa' },
      },
      loginOf: uidOf,
      redirectUri: new RegExp(`^http://localhost:${ports[1]}/oauth/callback/[0-9a-f]{16}$`),
    },
  ],
];

describe.each(vendors)('%s', (_name, vendor) => {
  const isDevice = vendor.connection.flow === 'deviceCode';

  test('signs in, with the account named in the ID token', async () => {
    const { provider, signIn } = await sceneAt(vendor);
    const { account, tokenSet, ...session } = await signIn();
    const { issuer } = provider;
    const address = issuer.replace(/\/$/, '');
    const name = vendor.loginOf(ana);
    expect(account).toEqual({ id: `${issuer} ${uidOf(ana)}`, label: `${name} (${address})`, name });
    expect(session.type).toBe('oidc');
    expect(tokenSet.accessToken).not.toContain('.');
    expect(provider.keysFetched).toBe(1);
    if (isDevice) {
      expect([...new Set(provider.grants)]).toEqual(['urn:ietf:params:oauth:grant-type:device_code']);
      return;
    }
    expect(provider.grants).toEqual(['authorization_code']);
    const [sent = new URLSearchParams()] = provider.authorizeRequests;
    const { authorizeParameters, loginHint } = vendor.connection;
    expect(Object.fromEntries(sent)).toEqual({
      ...authorizeParameters,
      ...(loginHint === undefined ? {} : { login_hint: loginHint }),
      response_type: 'code',
      client_id: CLIENT_ID,
      redirect_uri: expect.stringMatching(vendor.redirectUri) as string,
      scope: 'openid profile offline_access',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
  });

  test('refreshes twice, and keeps the account', async () => {
    const { sessions, signIn } = await sceneAt(vendor);
    const session = await signIn();
    const second = await sessions.refresh(session.id, noSignal);
    const third = await sessions.refresh(session.id, noSignal);
    const tokens = [session, second, third].map(({ tokenSet }) => tokenSet);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(3);
    const refreshTokens = new Set(tokens.map(({ refreshToken }) => refreshToken));
    expect(refreshTokens.size).toBe(vendor.settings.refreshTokens === 'kept' ? 1 : 3);
    expect(third.account).toEqual(session.account);
  });

  test('handles a session whose refresh token was used elsewhere', async () => {
    const { sessions, signIn } = await sceneAt(vendor);
    const { id, tokenSet, ...session } = await signIn();
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: CLIENT_ID,
      refresh_token: tokenSet.refreshToken ?? '',
    });
    if (session.type !== 'oidc') throw new Error('It is a session of this provider.');
    expect((await fetch(session.server.tokenEndpoint, { method: 'POST', body })).status).toBe(200);
    const refreshing = sessions.refresh(id, noSignal);
    if (vendor.settings.refreshTokens === 'strict')
      expect(await failureOf(refreshing)).toMatchObject({ kind: 'grantRevoked' });
    else expect((await refreshing).id).toBe(id);
  });

  test('keeps separate sessions for two users', async () => {
    const { sessions, signIn } = await sceneAt(vendor);
    const one = await signIn(ana);
    const other = await signIn(ben);
    expect(other.id).not.toBe(one.id);
    expect((await signIn(ana)).id).toBe(one.id);
    const names = (await sessions.list()).sessions.map(({ account }) => account.name);
    expect(names.toSorted()).toEqual([ana, ben].map(vendor.loginOf).toSorted());
  });

  test('signs out, including at the server if it lists revocation', async () => {
    const { provider, sessions, signIn } = await sceneAt(vendor);
    const { id } = await signIn();
    expect(provider.liveRefreshTokens()).toBe(1);
    await sessions.signOut(id, noSignal);
    expect(provider.liveRefreshTokens()).toBe(vendor.settings.revocation ? 0 : 1);
    expect((await sessions.list()).sessions).toEqual([]);
  });

  test('signs in with the new key after key rotation, and refreshes', async () => {
    const { provider, sessions, signIn } = await sceneAt(vendor);
    const first = await signIn();
    await provider.rotateKeys();
    const second = await signIn();
    expect(second.id).toBe(first.id);
    expect(provider.keysFetched).toBe(2);
    await provider.rotateKeys();
    const renewed = await sessions.refresh(second.id, noSignal);
    expect(renewed.tokenSet.idToken).not.toBe(second.tokenSet.idToken);
  });

  test.each<readonly [string, Record<string, unknown>, string]>([
    ['for another client', { aud: 'another' }, 'aud'],
    ['of another issuer', { iss: 'https://login.example.com' }, 'iss'],
    ['to another party', { aud: [CLIENT_ID, 'another'], azp: 'another' }, 'azp'],
    ...(isDevice ? [] : [['of another request', { nonce: 'another' }, 'nonce'] as const]),
  ])('rejects an ID token %s', async (_what, change, code) => {
    const { provider, sessions, signIn } = await sceneAt(vendor);
    provider.forge((claims) => ({ ...claims, ...change }));
    const failure = await failureOf(signIn());
    expect(failure).toMatchObject({ kind: 'invalidResponse', reason: 'idToken', code });
    expect((await sessions.list()).sessions).toEqual([]);
  });

  test('rejects an ID token that expired long ago', async () => {
    const { provider, signIn } = await sceneAt(vendor);
    provider.forge((claims) => ({ ...claims, exp: Number(claims['iat']) - 3600 }));
    expect(await failureOf(signIn())).toMatchObject({ kind: 'invalidResponse', reason: 'idTokenTimes' });
  });

  test('rejects an ID token signed by a key that is not in the JWKS', async () => {
    const { provider, signIn } = await sceneAt(vendor);
    provider.forge((claims) => claims, await createSigningKey());
    expect(await failureOf(signIn())).toMatchObject({ kind: 'invalidResponse', reason: 'idToken' });
  });
});

const plain: Vendor = {
  settings: { ...standard, issParameter: false },
  connection: {},
  loginOf: (username) => username,
  redirectUri: /./,
};

// zitadel/zitadel#10301, MarcelCoding/jitsi-openid#341: the client's neighbors in its project are audiences, too.
test('an ID token for further audiences is accepted if it is issued to this client', async () => {
  const { provider, signIn } = await sceneAt(plain);
  provider.forge((claims) => ({ ...claims, aud: ['neighbor', CLIENT_ID, 'project'], azp: CLIENT_ID }));
  expect((await signIn()).account.name).toBe(ana);
});

test('an issuer without iss gets an issuer-specific redirect URI without configuration', async () => {
  const { provider, signIn } = await sceneAt(plain);
  await signIn();
  const sent = provider.authorizeRequests[0]?.get('redirect_uri');
  expect(sent).toBe(redirectUriAt(ports[0] ?? 0, await ownRedirectPath(provider.issuer)));
});

test('an issuer that sends iss shares a redirect URI with others', async () => {
  const redirectUris = async () => [redirectUriAt(ports[0] ?? 0, '/oauth/callback')];
  const settings = { ...standard, redirectUris };
  const { provider, signIn } = await sceneAt({ ...plain, settings });
  await signIn();
  expect(provider.authorizeRequests[0]?.get('redirect_uri')).toBe(
    `http://localhost:${ports[0]}/oauth/callback`,
  );
});

test('a provider without refresh tokens gives a session that lasts until its token expires', async () => {
  const { provider, sessions, clock, signIn } = await sceneAt({
    ...plain,
    settings: { ...plain.settings, refreshTokens: 'none', idTokenClaims: ['email'] },
  });
  const { id, tokenSet, account } = await signIn();
  expect(account.name).toBe(ana);
  expect(tokenSet.refreshToken).toBeUndefined();
  expect((await sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
  clock.jump(2 * 3600_000);
  expect((await failureOf(sessions.withFreshToken(id, noSignal))).kind).toBe('signInNeeded');
  expect(provider.grants).toEqual(['authorization_code']);
});

test('the browser signs out on the end-session page of the server, which then asks for a sign-in', async () => {
  const settings = { ...plain.settings, logout: true };
  const { provider, sessions, connection } = await sceneAt({ ...plain, settings });
  const browser = provider.openBrowser();
  const asked: number[] = [];
  const person = personWho(async ({ url }) => {
    const { location = '', signIns } = await browser.open(url, ana);
    asked.push(signIns);
    await fetch(location);
  });
  const signIn = () => sessions.signIn(connection, {}, person, noSignal);
  await signIn();
  await signIn();
  const [session] = (await sessions.list()).sessions;
  if (session?.type !== 'oidc') throw new Error('It is a session of this provider.');
  const { tokenSet, server } = session;
  const page = endSessionAddress(server, CLIENT_ID, tokenSet.idToken) ?? '';
  expect([...new URL(page).searchParams.keys()]).toEqual(['client_id']);
  await sessions.signOut(session.id, noSignal);
  expect((await browser.open(page, ana)).body).toContain('Signed out');
  await signIn();
  expect(asked).toEqual([1, 0, 1]);
});

test('the userinfo endpoint is listed but not used', async () => {
  const { provider, sessions, signIn } = await sceneAt(plain);
  const { id } = await signIn();
  await sessions.refresh(id, noSignal);
  await sessions.signOut(id, noSignal);
  const metadata = (await (
    await fetch(`${provider.issuer}/.well-known/openid-configuration`)
  ).json()) as object;
  expect(metadata).toHaveProperty('userinfo_endpoint');
  expect([...provider.asked]).toEqual(expect.arrayContaining(['/authorize', '/token', '/keys', '/revoke']));
  expect([...provider.asked]).not.toContain('/userinfo');
});

test('a provider without the device grant uses the browser, whatever the preferred flow', async () => {
  const { provider, sessions, connection } = await sceneAt(plain);
  const person = personWho(async ({ url }) => {
    const { location = '' } = await provider.authorize(url, ana);
    await fetch(location);
  });
  await sessions.signIn(connection, { flow: 'deviceCode' }, person, noSignal);
  expect(provider.grants).toEqual(['authorization_code']);
});
