import { createHash } from 'node:crypto';
import {
  type CreateTokenCommandInput,
  InvalidGrantException,
  InvalidRequestException,
  type RegisterClientCommandInput,
} from '@aws-sdk/client-sso-oidc';
import { describe, expect, test } from 'vitest';
import {
  ANA,
  DEVICE_CODE,
  SCOPES,
  type Credentials,
  type Tokens,
  useIdentityCenter,
} from './identityCenterWorld.ts';

const world = useIdentityCenter();
const { passSeconds, register, createToken, refresh, callService, endpoint } = world;

describe('the authorization code flow', () => {
  const redirectUri = 'http://127.0.0.1:49152/oauth/callback';
  const codeVerifier = 'v'.repeat(43);
  const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');

  const registerPkce = (metadata: Partial<RegisterClientCommandInput> = {}): Promise<Credentials> =>
    register({
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      issuerUrl: world.standIn.startUrl,
      ...metadata,
    });

  function authorizeAddress(
    { clientId }: Credentials,
    changes: Record<string, string | undefined> = {},
    region = world.standIn.region,
  ): string {
    const parameters: Record<string, string | undefined> = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scopes: SCOPES.join(' '),
      state: 'a state/+ with blanks',
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
      ...changes,
    };
    const given = Object.entries(parameters).filter(
      (each): each is [string, string] => each[1] !== undefined,
    );
    return `${endpoint(region)}/authorize?${new URLSearchParams(given)}`;
  }

  const codeIn = (address: string): string => new URL(address).searchParams.get('code') ?? '';

  const redeem = (credentials: Credentials, grant: Partial<CreateTokenCommandInput>): Promise<Tokens> =>
    createToken(credentials, { grantType: 'authorization_code', redirectUri, codeVerifier, ...grant });

  test('leads from the registration to a token and its refresh', async () => {
    const credentials = await registerPkce();
    const redirected = world.standIn.completeAuthorize(authorizeAddress(credentials), ANA);
    expect(redirected.startsWith(`${redirectUri}?`)).toBe(true);
    const { searchParams } = new URL(redirected);
    expect([...searchParams.keys()].toSorted()).toEqual(['code', 'state']);
    expect(searchParams.get('state')).toBe('a state/+ with blanks');

    const tokens = await redeem(credentials, { code: codeIn(redirected) });
    expect((await callService(tokens.accessToken)).status).toBe(200);
    expect((await refresh(credentials, tokens.refreshToken)).accessToken).not.toBe(tokens.accessToken);
    expect(world.standIn.sessionOf(tokens.accessToken)).toMatchObject({
      username: ANA,
      startUrl: world.standIn.startUrl,
    });
  });

  test('a denial returns access_denied with the state', async () => {
    const { searchParams } = new URL(world.standIn.denyAuthorize(authorizeAddress(await registerPkce())));
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('state')).toBe('a state/+ with blanks');
    expect(searchParams.has('code')).toBe(false);
  });

  test.each([
    ['a response type other than code', { response_type: 'token' }, 'unsupported_response_type'],
    ['scope in place of scopes', { scopes: undefined, scope: SCOPES.join(' ') }, 'invalid_scope'],
    ['a scope that was not registered', { scopes: 'sso:account:access' }, 'invalid_scope'],
    ['no challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a challenge that is not a SHA-256', { code_challenge: 'short' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('%s returns an error', async (_, changes, error) => {
    const address = authorizeAddress(await registerPkce(), changes);
    const response = await fetch(address, { redirect: 'manual' });
    expect(response.status).toBe(302);
    const { origin, pathname, searchParams } = new URL(response.headers.get('location') ?? '');
    expect(origin + pathname).toBe(redirectUri);
    expect(searchParams.get('error')).toBe(error);
    expect(searchParams.get('state')).toBe('a state/+ with blanks');
    expect(world.standIn.completeAuthorize(address, ANA)).toBe(response.headers.get('location'));
  });

  test('an issuer URL of another Region returns an error', async () => {
    const credentials = await registerPkce({ issuerUrl: world.standIn.builderIdStartUrl });
    const { searchParams } = new URL(world.standIn.completeAuthorize(authorizeAddress(credentials), ANA));
    expect(searchParams.get('error')).toBe('invalid_request');
  });

  test('a client without the grant returns an error', async () => {
    const credentials = await registerPkce({ grantTypes: [DEVICE_CODE] });
    const { searchParams } = new URL(world.standIn.completeAuthorize(authorizeAddress(credentials), ANA));
    expect(searchParams.get('error')).toBe('unauthorized_client');
  });

  test.each([
    'http://localhost:49152/oauth/callback',
    'http://127.0.0.1:49152/oauth/callback/',
    'http://127.0.0.1:49152/oauth/callback?a=1',
    'http://127.0.0.1:49152/other',
    'http://[::1]:49152/oauth/callback',
    'http://127.0.0.1.example.com/oauth/callback',
    'http://user@127.0.0.1:49152/oauth/callback',
    'https://127.0.0.1:49152/oauth/callback',
    'vscode://example/oauth/callback',
  ])('the redirect URI %s gets a page and no redirect', async (uri) => {
    const address = authorizeAddress(await registerPkce(), { redirect_uri: uri });
    const response = await fetch(address, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    expect(await response.text()).toContain('<h1>This request cannot be processed</h1>');
    expect(() => world.standIn.completeAuthorize(address, ANA)).toThrow('page');
  });

  test('so does a client that is unknown, from another Region, or expired', async () => {
    const credentials = await registerPkce();
    const statusAt = async (address: string): Promise<number> =>
      (await fetch(address, { redirect: 'manual' })).status;
    expect(await statusAt(authorizeAddress({ ...credentials, clientId: 'x' }))).toBe(400);
    expect(await statusAt(authorizeAddress(credentials, {}, 'us-west-2'))).toBe(400);
    expect(await statusAt(authorizeAddress(credentials))).toBe(302);
    world.standIn.expireRegistration(credentials.clientId);
    expect(await statusAt(authorizeAddress(credentials))).toBe(400);
  });

  test('a redirect URI registered with a port matches only that port', async () => {
    const credentials = await registerPkce({ redirectUris: [redirectUri] });
    expect(codeIn(world.standIn.completeAuthorize(authorizeAddress(credentials), ANA))).not.toBe('');
    const other = authorizeAddress(credentials, { redirect_uri: redirectUri.replace('49152', '49153') });
    expect(() => world.standIn.completeAuthorize(other, ANA)).toThrow('page');
  });

  test.each([
    ['another verifier', { codeVerifier: 'w'.repeat(43) }],
    ['another port in the redirect URI', { redirectUri: redirectUri.replace('49152', '49153') }],
    ['the redirect URI as it was registered', { redirectUri: 'http://127.0.0.1/oauth/callback' }],
  ])('%s is rejected, and redeems the code', async (_, changes) => {
    const credentials = await registerPkce();
    const code = codeIn(world.standIn.completeAuthorize(authorizeAddress(credentials), ANA));
    await expect(redeem(credentials, { code, ...changes })).rejects.toBeInstanceOf(InvalidGrantException);
    await expect(redeem(credentials, { code })).rejects.toBeInstanceOf(InvalidGrantException);
    expect(world.standIn.stats().liveSessions).toBe(0);
  });

  test('a code works once, only for its own client, and for a short time', async () => {
    const credentials = await registerPkce();
    const newCode = (): string => codeIn(world.standIn.completeAuthorize(authorizeAddress(credentials), ANA));
    const used = newCode();
    await redeem(credentials, { code: used });
    await expect(redeem(credentials, { code: used })).rejects.toBeInstanceOf(InvalidGrantException);
    const foreign = redeem(await registerPkce(), { code: newCode() });
    await expect(foreign).rejects.toBeInstanceOf(InvalidGrantException);
    const late = newCode();
    passSeconds(60);
    await expect(redeem(credentials, { code: late })).rejects.toBeInstanceOf(InvalidGrantException);
  });

  test.each(['code', 'redirectUri', 'codeVerifier'])('%s is required', async (member) => {
    const asked = redeem(await registerPkce(), { code: 'x', [member]: undefined });
    await expect(asked).rejects.toBeInstanceOf(InvalidRequestException);
  });
});
