import { describe, expect, test } from 'vitest';
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

/** An authorization server that answers a request by its scopes. */
function server(answer: (scopes: readonly string[]) => string | undefined) {
  const { http } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/')) return Response.json(document);
    const error = answer(url.searchParams.get('scope')?.split(' ') ?? []);
    const redirectUri = url.searchParams.get('redirect_uri') ?? '';
    return error === undefined
      ? new Response('', { status: 400 })
      : redirectTo(`${redirectUri}?error=${error}`);
  });
  return checkContext({ inputs: { okta: oktaConnection }, ports: { http } });
}

const asks =
  (...names: readonly string[]) =>
  (scopes: readonly string[]) =>
    names.some((name) => scopes.includes(name));

describe('the scopes of the guide', () => {
  test.each<[string | undefined, CheckResult['state'], string | undefined]>([
    ['login_required', 'pass', undefined],
    ['interaction_required', 'pass', undefined],
    ['invalid_scope', 'fail', 'scopesNotConfigured'],
    ['access_denied', 'fail', 'scopesRefused'],
    ['server_error', 'inconclusive', 'unclearAnswer'],
    [undefined, 'inconclusive', 'noRedirectUri'],
  ])('answered with %s are %s', async (error, state, reason) => {
    const finding = await checkScopes(server(() => error));
    expect([finding.state, finding.reason]).toEqual([state, reason]);
  });
});

describe('the rule', () => {
  test('is the narrow one when every scope too many is refused', async () => {
    const isWide = asks('openid', 'profile', 'email');
    const finding = await checkRule(
      server((scopes) => (isWide(scopes) ? 'access_denied' : 'login_required')),
    );
    expect(finding).toMatchObject({ state: 'pass' });
    expect(finding.evidence).toContainEqual({ name: 'refusedScopes', value: ['openid', 'profile', 'email'] });
  });

  test('is too wide when some are taken and others refused', async () => {
    const isWide = asks('profile', 'email');
    const finding = await checkRule(
      server((scopes) => (isWide(scopes) ? 'access_denied' : 'login_required')),
    );
    expect(finding).toMatchObject({ state: 'fail', reason: 'ruleTooWide' });
    expect(finding.evidence).toContainEqual({ name: 'scopes', value: ['openid'] });
  });

  test('is not known at a server that decides only after a sign-in: that is not a slip', async () => {
    const finding = await checkRule(server(() => 'login_required'));
    expect(finding).toMatchObject({ state: 'inconclusive', reason: 'ruleNotSeen' });
  });
});
