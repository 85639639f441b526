import { describe, expect, test } from 'vitest';
import { openIdAuthorizationChecks } from '../../../../src/setup/checks/openIdAuthorization.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';

const redirectUri = 'http://localhost/oauth/callback';
const oidc = {
  type: 'oidc',
  name: 'My company',
  issuer: 'https://login.example.com',
  clientId: 'developer-sign-in',
  redirectUri,
  scopes: ['openid', 'reports'],
} as const;

interface Server {
  /** The registered redirect URIs; `*` is a wildcard. */
  readonly registered?: readonly string[];
  /** `scopes_supported` of its metadata. */
  readonly announced?: readonly string[];
  /** The valid scopes; it sends `invalid_scope` for any other. */
  readonly known?: readonly string[];
}

/** The result of a check at this server. */
async function found(id: (typeof openIdAuthorizationChecks)[number]['id'], server: Server) {
  const { registered = [redirectUri], announced, known } = server;
  const { http } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/'))
      return Response.json({
        issuer: oidc.issuer,
        authorization_endpoint: `${oidc.issuer}/authorize`,
        token_endpoint: `${oidc.issuer}/token`,
        code_challenge_methods_supported: ['S256'],
        ...(announced === undefined ? {} : { scopes_supported: announced }),
      });
    const uri = url.searchParams.get('redirect_uri') ?? '';
    if (!registered.some((one) => one === '*' || uri.replace(/:\d+\//, '/') === one))
      return new Response('The redirect_uri is not registered', { status: 400 });
    const asked = url.searchParams.get('scope')?.split(' ') ?? [];
    const isRefused = known !== undefined && asked.some((scope) => !known.includes(scope));
    return redirectTo(`${uri}?error=${isRefused ? 'invalid_scope' : 'login_required'}`);
  });
  const row = openIdAuthorizationChecks.find((one) => one.id === id);
  const result = await row?.run?.(checkContext({ inputs: { oidcClient: oidc }, ports: { http } }));
  const evidence = Object.fromEntries((result?.evidence ?? []).map(({ name, value }) => [name, value]));
  return { state: result?.state, reason: result?.reason, evidence };
}

describe('openIdAuthorizationChecks: oidc.redirectUris', () => {
  test('passes where the URI of the connection is registered', async () => {
    expect(await found('oidc.redirectUris', {})).toMatchObject({ state: 'pass' });
  });

  test('a provider that redirects to any address passed', async () => {
    const { state, reason, evidence } = await found('oidc.redirectUris', { registered: ['*'] });
    expect([state, reason]).toEqual(['warning', 'anyRedirectUri']);
    expect(evidence['acceptedInstead']).toEqual([expect.stringContaining('.invalid/')]);
  });

  test('names the variant that was registered by mistake', async () => {
    const byMistake = 'http://127.0.0.1/oauth/callback';
    const { state, reason, evidence } = await found('oidc.redirectUris', { registered: [byMistake] });
    expect([state, reason]).toEqual(['fail', 'redirectUrisMissing']);
    expect(evidence['acceptedInstead']).toContainEqual(expect.stringContaining('127.0.0.1'));
  });
});

describe('openIdAuthorizationChecks: oidc.scopes', () => {
  test.each<[what: string, server: Server, state: string, reason: string | undefined]>([
    ['announced', { announced: ['openid', 'reports'] }, 'pass', undefined],
    ['refused', { known: ['openid'] }, 'fail', 'scopeRefused'],
    ['taken by a server that refuses others', { known: ['openid', 'reports'] }, 'pass', undefined],
    ['not announced by a server that takes all', { announced: ['openid'] }, 'warning', 'scopesNotAnnounced'],
    ['not seen before the sign-in', {}, 'inconclusive', 'scopesNotSeen'],
  ])('%s', async (_, server, state, reason) => {
    expect(await found('oidc.scopes', server)).toMatchObject({ state, reason });
  });
});
