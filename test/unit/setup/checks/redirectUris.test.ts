import { describe, expect, test } from 'vitest';
import { ownRedirectPath } from '../../../../src/core/oidc/redirectUri.ts';
import { checkRedirectUris } from '../../../../src/setup/checks/oktaApplication.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection } from '../../fakes/examples.ts';

const custom = 'https://login.example.com/oauth2/aus1';
const own = await ownRedirectPath(custom);
const uris = (path: string) => [2128, 4649].map((port) => `http://localhost:${port}${path}`);
const ownUris = uris(own);
const sharedUris = uris('/oauth/callback');

/** The result with these registered redirect URIs. */
async function check(issuer: string, registered: readonly string[], announcesIss = false, page = '') {
  const { http, asked } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/')) {
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/v1/authorize`,
        token_endpoint: `${issuer}/v1/token`,
        code_challenge_methods_supported: ['S256'],
        authorization_response_iss_parameter_supported: announcesIss,
      });
    }
    const redirectUri = url.searchParams.get('redirect_uri') ?? '';
    return registered.includes(redirectUri)
      ? redirectTo(`${redirectUri}?error=login_required`)
      : new Response(page, { status: 400 });
  });
  const result = await checkRedirectUris(
    checkContext({ inputs: { oktaClient: { ...oktaConnection, issuer } }, ports: { http } }),
  );
  const evidence = Object.fromEntries(result.evidence.map(({ name, value }) => [name, value]));
  return { ...result, evidence, asked: asked.map(([url]) => new URL(url).searchParams.get('redirect_uri')) };
}

describe('01.20: the redirect URI check', () => {
  test('passes for an Okta organization without issuer-specific URIs, and does not require them', async () => {
    const { state, reason, asked } = await check(oktaConnection.issuer, sharedUris);
    expect([state, reason]).toEqual(['pass', undefined]);
    expect(asked.filter((uri) => uri !== null)).toEqual(sharedUris);
  });

  test('passes for an issuer that lists iss without issuer-specific URIs', async () => {
    const { state, reason, evidence } = await check(custom, sharedUris, true);
    expect([state, reason, evidence]).toEqual(['pass', undefined, { registered: sharedUris }]);
  });

  test('passes for another issuer with only its own', async () => {
    const { state, reason, evidence } = await check(custom, ownUris);
    expect([state, reason, evidence]).toEqual(['pass', undefined, { registered: ownUris }]);
  });

  test('warns for another issuer, and lists the safer ones', async () => {
    const { state, reason, evidence } = await check(custom, sharedUris);
    expect([state, reason]).toEqual(['warning', 'ownRedirectUrisMissing']);
    expect(evidence).toEqual({ missing: ownUris, registered: sharedUris });
  });

  test('fails for another issuer if a port has neither, listing the safer ones first', async () => {
    const { state, reason, evidence } = await check(custom, sharedUris.slice(0, 1));
    expect([state, reason]).toEqual(['fail', 'redirectUrisMissing']);
    expect(evidence).toMatchObject({ missing: [...ownUris, ...sharedUris.slice(1)] });
  });

  test.each([
    ['The &#39;redirect_uri&#39; parameter must be a Login redirect URI', 'fail', 'noneRegistered'],
    ['<h1>400 Bad Request</h1>nginx', 'inconclusive', 'redirectUrisNotKnown'],
    ['{"message":"Request blocked"}', 'inconclusive', 'redirectUrisNotKnown'],
  ])('if none works, fails only if the page says so: %s', async (page, state, reason) => {
    const found = await check(oktaConnection.issuer, [], false, page);
    expect([found.state, found.reason]).toEqual([state, reason]);
    expect(found.evidence).toMatchObject({
      [state === 'fail' ? 'missing' : 'notKnown']: sharedUris,
    });
  });

  test('fails for those missing next to one that works, whatever the page says', async () => {
    const found = await check(oktaConnection.issuer, sharedUris.slice(0, 1), false, 'Bad Request');
    expect([found.state, found.reason]).toEqual(['fail', 'redirectUrisMissing']);
  });
});
