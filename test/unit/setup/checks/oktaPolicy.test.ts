import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { checkRedirectUris } from '../../../../src/setup/checks/oktaApplication.ts';
import { checkRule, checkScopes } from '../../../../src/setup/checks/oktaPolicy.ts';
import type { CheckResult } from '../../../../src/setup/checkResult.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection } from '../../fakes/examples.ts';

const { issuer } = oktaConnection;
const document = {
  issuer,
  authorization_endpoint: `${issuer}/v1/authorize`,
  token_endpoint: `${issuer}/v1/token`,
  code_challenge_methods_supported: ['S256'],
};

/** An authorization server whose response depends on the requested scopes. */
function server(answer: (scopes: readonly string[]) => string | undefined, published: object = {}) {
  const { http } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/')) return Response.json({ ...document, ...published });
    const error = answer(url.searchParams.get('scope')?.split(' ') ?? []);
    const redirectUri = url.searchParams.get('redirect_uri') ?? '';
    return error === undefined
      ? new Response('', { status: 400 })
      : redirectTo(`${redirectUri}?error=${error}`);
  });
  return checkContext({ inputs: { oktaClient: oktaConnection }, ports: { http } });
}

/** The scopes of this server. */
const known = [
  ...['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'],
  ...['openid', 'profile', 'email', 'address', 'phone', 'device_sso'],
];
/** A server that knows its scopes, and evaluates the rule before a sign-in. */
const early = (granted: readonly string[]) => (scopes: readonly string[]) =>
  scopes.some((scope) => !known.includes(scope))
    ? 'invalid_scope'
    : scopes.every((scope) => granted.includes(scope))
      ? 'login_required'
      : 'access_denied';

describe('checkScopes: the scopes of the guide', () => {
  test.each<[string | undefined, CheckResult['state'], string | undefined]>([
    ['login_required', 'pass', undefined],
    ['interaction_required', 'pass', undefined],
    ['invalid_scope', 'fail', 'scopesNotConfigured'],
    ['access_denied', 'fail', 'scopesRefused'],
    ['server_error', 'inconclusive', 'unclearAnswer'],
    [undefined, 'inconclusive', 'noRedirectUri'],
  ])('with the response %s are %s', async (error, state, reason) => {
    const result = await checkScopes(server((scopes) => (scopes.length > 3 ? 'invalid_scope' : error)));
    expect([result.state, result.reason]).toEqual([state, reason]);
  });

  test('A5: are not verified by a server that also accepts a made-up one', async () => {
    const result = await checkScopes(server(() => 'login_required'));
    expect([result.state, result.reason]).toEqual(['inconclusive', 'scopesNotShown']);
  });
});

describe('checkRule: A4: the rule', () => {
  test('passes if every extra scope is rejected, and shows what was tried', async () => {
    const result = await checkRule(server(early(known.slice(0, 3))));
    expect(result).toMatchObject({ state: 'pass' });
    expect(result.evidence).toContainEqual({ name: 'refusedScopes', value: known.slice(3) });
  });

  test.each([
    ['openid', known.slice(0, 4), ['openid']],
    ['address and phone', [...known.slice(0, 3), 'address', 'phone'], ['address', 'phone']],
  ])('that also grants %s is a warning', async (_, granted, scopes) => {
    const result = await checkRule(server(early(granted)));
    expect(result).toMatchObject({ state: 'warning', reason: 'ruleTooWide' });
    expect(result.evidence).toContainEqual({ name: 'scopes', value: scopes });
  });

  test('that grants a scope found only in the metadata is a warning', async () => {
    const custom = [...known, 'reports:read'];
    const granted = [...known.slice(0, 3), 'reports:read'];
    const result = await checkRule(
      server(
        (scopes) =>
          scopes.some((scope) => !custom.includes(scope))
            ? 'invalid_scope'
            : scopes.every((scope) => granted.includes(scope))
              ? 'login_required'
              : 'access_denied',
        { scopes_supported: custom },
      ),
    );
    expect(result).toMatchObject({ state: 'warning', reason: 'ruleTooWide' });
    expect(result.evidence).toContainEqual({ name: 'scopes', value: ['reports:read'] });
  });

  test('a server in trouble passed the rule if one scope was refused', async () => {
    const result = await checkRule(
      server((scopes) =>
        scopes.includes('phone') ? 'temporarily_unavailable' : early(known.slice(0, 3))(scopes),
      ),
    );
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'unclearAnswer' });
    expect(result.evidence).toContainEqual({ name: 'code', value: 'temporarily_unavailable' });
  });

  test('that accepts everything reports that “Any scopes” is the default', async () => {
    const result = await checkRule(server(early(known)));
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'anyScopes' });
    expect(result.evidence).toContainEqual({ name: 'scopes', value: known.slice(3) });
  });
});

describe('checkRule: B2: an ambiguous response from Okta', () => {
  const limited = new SignInError('rateLimited', { host: 'example.okta.com', status: 429, retryAt: 1 });

  test.each([
    ['a page', () => new Response('Welcome')],
    ['its sign-in page', () => redirectTo('/login/login.htm')],
    ['too many requests', () => limited],
    ['a proxy', () => new SignInError('proxy', { host: 'example.okta.com' })],
  ])('%s does not mean a missing redirect URI', async (_, answer) => {
    for (const check of [checkScopes, checkRule]) {
      const result = await check(unclear(answer));
      expect(result).toMatchObject({ state: 'inconclusive', reason: 'blocked' });
      expect(result.evidence).toEqual([{ name: 'blockedBy', value: ['okta.redirectUris'] }]);
    }
  });

  test('keeps the cause, with its time', async () => {
    const result = await checkRedirectUris(unclear(() => limited));
    expect(result).toMatchObject({ state: 'inconclusive', reason: 'couldNotAsk', error: limited });
    const redirected = await checkRedirectUris(unclear(() => redirectTo('/login/login.htm?x=secret')));
    expect(redirected).toMatchObject({ state: 'inconclusive', reason: 'redirectUrisNotKnown' });
    expect(redirected.evidence).toContainEqual({ name: 'redirectsTo', value: '/login/login.htm' });
  });

  test('a rate limit during the check proves nothing about the rule', async () => {
    let asked = 0;
    const rule = await checkRule(
      unclear(({ searchParams }) => {
        asked += 1;
        const error = searchParams.get('scope')?.includes('none') ? 'invalid_scope' : 'login_required';
        return asked > 5 ? limited : redirectTo(`${searchParams.get('redirect_uri') ?? ''}?error=${error}`);
      }),
    );
    expect(rule).toMatchObject({ state: 'inconclusive', reason: 'couldNotAsk', error: limited });
  });

  function unclear(answer: (url: URL) => Response | Error) {
    const { http } = answeringHttp((url) =>
      url.pathname.includes('/.well-known/') ? Response.json(document) : answer(url),
    );
    return checkContext({ inputs: { oktaClient: oktaConnection }, ports: { http } });
  }
});
