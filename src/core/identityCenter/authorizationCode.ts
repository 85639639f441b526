import { errorInCallback } from '../oauth/errorResponse.ts';
import { createPkce, randomText } from '../oauth/pkce.ts';
import { awaitAuthorizationResponse, isResponseTo, redirectPath } from '../oauth/userInteraction.ts';
import type { Callback, InteractionResult } from '../oauth/userInteraction.ts';
import { forgettingRefused, registerClient } from './registration.ts';
import type { IdentityCenterClient, IdentityCenterTokens } from './registration.ts';
import { throwMeaning } from './ssoOidc.ts';
import { parseTokenResponse } from './token.ts';

/**
 * Runs the authorization code grant with PKCE over a loopback redirect (RFC 6749, 4.1; RFC 7636; RFC 8252) at
 * Identity Center, whose `/authorize` takes `scopes`, not `scope`.
 * @throws SignInError `denied`, `codeExpired`, `registrationRefused`, `cancelled`, `portsUnavailable`, or an error of
 * the transport
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
    // Without a port, so Identity Center accepts any (docs/PROTOCOL.md, 1; RFC 8252, 7.3).
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
    const parameters = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scopes: registration.scopes.join(' '),
      state,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const exchange = async ({ parameters: callback }: Callback, over: AbortSignal) => {
      const refusal = errorInCallback(callback, { host: new URL(endpoint).host });
      if (refusal !== undefined) throwMeaning('authorize')(refusal);
      const code = callback.get('code') ?? '';
      const grantType = 'authorization_code';
      const request = { clientId, clientSecret, grantType, code, redirectUri, codeVerifier };
      const sentAt = clock.now();
      const response = await oidc.createToken(request, over).catch(throwMeaning('codeExchange'));
      return { tokenSet: parseTokenResponse(response, sentAt, registration.scopes), registration };
    };
    const interaction = {
      connectionName: connection.name,
      url: `${endpoint}/authorize?${parameters}`.replaceAll('+', '%20'),
      redirectUri,
      alternatives,
      accepts: (callback: URLSearchParams, path: string) =>
        path === redirectPath && isResponseTo(callback, state),
    };
    return await awaitAuthorizationResponse(client, { listener, interaction, exchange }, signal);
  });
}
