import { expect, test } from 'vitest';
import { checkClientId } from '../../../../src/core/setup/oktaApplication.ts';
import { checkScopes } from '../../../../src/core/setup/oktaPolicy.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';
import { oktaConnection } from '../../fakes/examples.ts';

/** An authorization server that answers a token request with `error`, and every authorization with `refusal`. */
function server(issuer: string, error: string, refusal: string) {
  const { http } = answeringHttp((url) => {
    if (url.pathname.includes('/.well-known/'))
      return Response.json({
        issuer,
        authorization_endpoint: `${issuer}/v1/authorize`,
        token_endpoint: `${issuer}/v1/token`,
        code_challenge_methods_supported: ['S256'],
      });
    if (url.pathname.endsWith('/token')) return Response.json({ error }, { status: 400 });
    return redirectTo(`${url.searchParams.get('redirect_uri') ?? ''}?error=${refusal}`);
  });
  return checkContext({ inputs: { okta: { ...oktaConnection, issuer } }, ports: { http } });
}

test.each([
  ['invalid_grant', 'right', undefined],
  ['invalid_client', 'wrong', 'clientUnknown'],
  ['unauthorized_client', 'wrong', 'codeGrantMissing'],
  ['invalid_dpop_proof', 'wrong', 'dpopRequired'],
  ['use_dpop_nonce', 'wrong', 'dpopRequired'],
  ['too_many_moons', 'notKnown', 'unclearAnswer'],
])('F13: a token request that is answered with %s is %s (%s)', async (error, state, reason) => {
  const finding = await checkClientId(server(oktaConnection.issuer, error, 'login_required'));
  expect([finding.state, finding.reason]).toEqual([state, reason]);
});

test.each([
  ['https://example.okta.com', 'orgServer'],
  [oktaConnection.issuer, 'scopesNotConfigured'],
])('B17: scopes that %s does not know are told as %s', async (issuer, reason) => {
  const finding = await checkScopes(server(issuer, 'invalid_grant', 'invalid_scope'));
  expect([finding.state, finding.reason]).toEqual(['wrong', reason]);
});
