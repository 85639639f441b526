import { describe, expect, test } from 'vitest';
import { openIdApplicationChecks } from '../../../../src/setup/checks/openIdApplication.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';

const issuer = 'https://login.example.com';
const oidcClient = {
  type: 'oidc',
  name: 'My company',
  issuer,
  clientId: 'developer-sign-in',
  redirectUri: 'http://localhost/oauth/callback',
} as const;

/** The result for the client at a provider whose token endpoint refuses the made-up code like this. */
async function refusedWith(error: string, description: string | undefined, hasRedirectUri: boolean) {
  const { http } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/'))
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        code_challenge_methods_supported: ['S256'],
      });
    if (url.pathname === '/token')
      return Response.json({ error, error_description: description }, { status: 400 });
    return hasRedirectUri
      ? redirectTo(`${url.searchParams.get('redirect_uri') ?? ''}?error=login_required`)
      : new Response('<p>', { status: 400 });
  });
  const row = openIdApplicationChecks.find(({ id }) => id === 'oidc.client');
  return row?.run?.(checkContext({ inputs: { oidcClient }, ports: { http } }));
}

describe('openIdApplicationChecks: oidc.client', () => {
  test.each([
    ['invalid_grant', undefined, undefined],
    [
      'unauthorized_client',
      "Grant type 'authorization_code' not allowed for the client.",
      'codeGrantMissing',
    ],
    ['unauthorized_client', undefined, 'codeGrantMissing'],
    // Microsoft Entra ID and older releases of Keycloak send the same code for a client that they don’t have.
    [
      'unauthorized_client',
      "AADSTS700016: Application with identifier 'developer-sign-in' was not found in the directory 'Example'.",
      'clientUnknown',
    ],
    [
      'unauthorized_client',
      'UNKNOWN_CLIENT: Client was not identified by any client authenticator',
      'clientUnknown',
    ],
    // Keycloak: the code of a client without its secret, and that of one that it doesn’t have.
    ['unauthorized_client', 'Invalid client or Invalid client credentials', 'clientSecret'],
    ['invalid_client', 'Invalid client or Invalid client credentials', 'clientUnknown'],
  ])(
    '%s, %s: an unknown client was reported as one without the code flow or a secret',
    async (error, words, reason) => {
      const found = await refusedWith(error, words, reason !== 'clientUnknown');
      expect(found?.reason).toBe(reason);
    },
  );
});
