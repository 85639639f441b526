import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { authorizationCodeGrant } from '../../../../src/core/identityCenter/authorizationCode.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { january, registration } from '../../fakes/examples.ts';
import { identityCenterClient, registered } from '../../fakes/identityCenterClient.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const endpoint = 'https://oidc.eu-central-1.amazonaws.com';
const tokens = { accessToken: 'access-1', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-1' };

/** A sign-in up to the moment when it waits for the browser, on port 8008 instead of any free one. */
async function begin(...answers: readonly unknown[]) {
  const listened: (readonly number[])[] = [];
  const loopback = fakeLoopback();
  const onPort8008 = {
    listen: (ports: readonly number[], path: string) => {
      listened.push(ports);
      return loopback.listen([8008], path);
    },
  };
  const ports = { ...identityCenterClient(), loopback: onPort8008, alternatives: ['deviceCode'] as const };
  const { oidc } = ports;
  oidc.willAnswer('registerClient', registered(1)).willAnswer('createToken', ...answers);
  const outcome = authorizationCodeGrant(ports, new AbortController().signal);
  outcome.catch(() => undefined);
  await settleUntil(() => ports.user.open === 1);
  const url = ports.user.turns[0]?.url ?? '';
  const state = new URL(url).searchParams.get('state') ?? '';
  const nothingLeft = () => {
    expect([ports.clock.sleeping, ports.user.open, loopback.listening]).toEqual([0, 0, 0]);
  };
  const tokenRequests = () => oidc.asked.filter(([operation]) => operation === 'createToken');
  return { ...ports, loopback, listened, tokenRequests, outcome, url, state, nothingLeft };
}

describe('authorizationCodeGrant: a sign-in with an authorization code at Identity Center', () => {
  test('uses any free port and opens /authorize with scopes, not scope', async () => {
    const { listened, url, state, user } = await begin();
    expect(listened).toEqual([[0]]);
    expect(url.startsWith(`${endpoint}/authorize?`)).toBe(true);
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'client-1',
      redirect_uri: 'http://127.0.0.1:8008/oauth/callback',
      scopes: 'codewhisperer:completions codewhisperer:conversations',
      state,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as unknown,
      code_challenge_method: 'S256',
    });
    expect(state.length).toBeGreaterThanOrEqual(32);
    expect(url).not.toContain('+');
    expect(url).not.toContain('client-secret-1');
    expect(user.turns[0]).toMatchObject({
      connectionName: 'Example',
      redirectUri: 'http://127.0.0.1:8008/oauth/callback',
      expiresAt: january + 600_000,
      alternatives: ['deviceCode'],
    });
    user.giveUp();
  });

  test('exchanges the returned code for tokens, with the same redirect URI', async () => {
    const { loopback, tokenRequests, url, state, outcome, nothingLeft } = await begin(tokens);
    expect(loopback.arrive({ code: 'code-1', state })).toBe(true);
    expect(doneOf(await outcome).tokenSet).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      obtainedAt: january,
      expiresAt: january + 3600_000,
      scopes: registration.scopes,
    });
    const [[, request] = []] = tokenRequests();
    const codeVerifier = String(request?.['codeVerifier']);
    expect(request).toEqual({
      clientId: 'client-1',
      clientSecret: 'client-secret-1',
      grantType: 'authorization_code',
      code: 'code-1',
      redirectUri: 'http://127.0.0.1:8008/oauth/callback',
      codeVerifier,
    });
    const challenge = createHash('sha256').update(codeVerifier).digest('base64url');
    expect(new URL(url).searchParams.get('code_challenge')).toBe(challenge);
    expect(loopback.pages).toEqual(['signedIn']);
    nothingLeft();
  });

  test('ignores callbacks that do not belong to it, including errors, and requests no token', async () => {
    const { loopback, tokenRequests, state, user, outcome } = await begin();
    const foreign = [`code=a&state=other`, 'code=a', 'error=access_denied', `code=a&code=b&state=${state}`];
    for (const query of foreign) expect(loopback.arrive(new URLSearchParams(query))).toBe(false);
    expect(tokenRequests()).toEqual([]);
    user.giveUp();
    await rejectionOf(outcome);
  });

  test('has a different verifier and state each time', async () => {
    const [first, second] = [await begin(), await begin()];
    const challenge = (url: string) => new URL(url).searchParams.get('code_challenge');
    expect(first.state).not.toBe(second.state);
    expect(challenge(first.url)).not.toBe(challenge(second.url));
    first.user.giveUp();
    second.user.giveUp();
  });

  test('returns the choice of the device code', async () => {
    const { user, outcome, nothingLeft } = await begin();
    user.choose('deviceCode');
    expect(await outcome).toEqual({ choice: 'deviceCode' });
    nothingLeft();
  });
});

describe('authorizationCodeGrant: an error', () => {
  test.each<readonly [string, SignInErrorKind]>([
    ['access_denied', 'denied'],
    ['invalid_request', 'invalidStartUrl'],
    ['unauthorized_client', 'registrationRefused'],
    ['invalid_scope', 'scopeRefused'],
    ['server_error', 'serverError'],
    ['something_new', 'requestRefused'],
  ])('in the redirect, %s, is %s, without a token request', async (error, kind) => {
    const { loopback, tokenRequests, state, outcome, nothingLeft } = await begin();
    loopback.arrive({ error, error_description: 'Words.', state });
    expect(await rejectionOf(outcome)).toMatchObject({
      kind,
      details: { code: error, description: 'Words.', host: 'oidc.eu-central-1.amazonaws.com' },
    });
    expect(tokenRequests()).toEqual([]);
    expect(loopback.pages).toEqual(['failed']);
    nothingLeft();
  });

  test('in the redirect takes precedence over a code', async () => {
    const { loopback, tokenRequests, state, outcome } = await begin();
    loopback.arrive({ error: 'access_denied', code: 'code-1', state });
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'denied' });
    expect(tokenRequests()).toEqual([]);
  });

  test.each([{}, { code: '' }])('is a callback without a code: %o', async (parameters) => {
    const { loopback, tokenRequests, state, outcome } = await begin();
    loopback.arrive({ ...parameters, state });
    expect(await rejectionOf(outcome)).toMatchObject({ details: { reason: 'noCode' } });
    expect(tokenRequests()).toEqual([]);
  });

  test.each<readonly [Error, SignInErrorKind]>([
    [new OAuthErrorResponse('invalid_grant', { status: 400 }), 'codeExpired'],
    [new OAuthErrorResponse('invalid_client', { status: 401 }), 'registrationRefused'],
    [new OAuthErrorResponse('access_denied', { status: 400 }), 'denied'],
    [new SignInError('network'), 'network'],
  ])('at the token request, %s, is %s', async (answer, kind) => {
    const { loopback, state, outcome, nothingLeft } = await begin(answer);
    loopback.arrive({ code: 'code-1', state });
    expect(await rejectionOf(outcome)).toMatchObject({ kind });
    expect(loopback.pages).toEqual(['failed']);
    nothingLeft();
  });
});
