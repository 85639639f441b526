import { dialects } from '../oauth/errorMeanings.ts';
import { errorAt, errorInCallback, meaningOf } from '../oauth/errorResponse.ts';
import { createPkce, randomText } from '../oauth/pkce.ts';
import { awaitAuthorizationResponse, isAnswerTo, redirectPath } from '../oauth/userInteraction.ts';
import type { Callback, InteractionResult } from '../oauth/userInteraction.ts';
import { forgettingRefused, registerClient } from './registration.ts';
import type { IdentityCenterClient, IdentityCenterTokens } from './registration.ts';
import { parseTokenResponse } from './token.ts';

/**
 * Authorization code with PKCE over a loopback redirect (RFC 6749 4.1, RFC 7636, RFC 8252) at Identity Center: a
 * registration and one token request. `/authorize` takes `scopes`, not `scope`.
 * @throws SignInError `denied`, `codeExpired`, `registrationRefused`, `cancelled`, `portsUnavailable`, or as the
 * transport fails
 */
export async function authorizationCodeGrant(
  client: IdentityCenterClient,
  signal: AbortSignal,
): Promise<InteractionResult<IdentityCenterTokens>> {
  const { alternatives, clock, connection, endpoint, loopback, oidc, scopes } = client;
  const clientRequest = {
    endpoint,
    scopes,
    grantTypes: ['authorization_code', 'refresh_token'],
    // Registered without a port: Identity Center then takes any (docs/PROTOCOL.md, 1; RFC 8252, 7.3).
    redirectUris: [`http://127.0.0.1${redirectPath}`],
    issuerUrl: connection.startUrl,
  };
  return forgettingRefused(client, clientRequest, async () => {
    const registration = await registerClient(client, oidc, { clientRequest, renew: false }, signal);
    const { clientId, clientSecret } = registration;
    await using listener = await loopback.listen([0], redirectPath);
    const redirectUri = `http://127.0.0.1:${listener.port}${redirectPath}`;
    const { verifier: codeVerifier, challenge } = await createPkce();
    const state = randomText();
    const url = new URL(`${endpoint}/authorize`);
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scopes: registration.scopes.join(' '),
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    const exchange = async ({ parameters: answer }: Callback, over: AbortSignal) => {
      const refusal = errorInCallback(answer, { host: url.host });
      if (refusal !== undefined) throw meaningOf(refusal, { dialect: dialects.ssoOidc, step: 'authorize' });
      const code = answer.get('code') ?? '';
      const grantType = 'authorization_code';
      const request = { clientId, clientSecret, grantType, code, redirectUri, codeVerifier };
      const sentAt = clock.now();
      const response = await oidc.createToken(request, over).catch((error: unknown) => {
        throw errorAt({ dialect: dialects.ssoOidc, step: 'codeExchange' }, error);
      });
      return { tokenSet: parseTokenResponse(response, sentAt, registration.scopes), registration };
    };
    const interaction = {
      connectionName: connection.name,
      url: url.href.replaceAll('+', '%20'),
      redirectUri,
      alternatives,
      belongs: (answer: URLSearchParams, path: string) => path === redirectPath && isAnswerTo(answer, state),
    };
    return await awaitAuthorizationResponse(client, { listener, interaction, exchange }, signal);
  });
}
