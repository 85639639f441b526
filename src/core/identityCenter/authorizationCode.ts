import { awaitAuthorizationResponse, isAnswerTo, redirectPath } from '../oauth/userInteraction.ts';
import type {
  AlternativeAction,
  Callback,
  InteractionResult,
  UserInteraction,
} from '../oauth/userInteraction.ts';
import type { IdentityCenterConnection } from '../connection/connection.ts';
import { dialects } from '../oauth/errorMeanings.ts';
import { errorAt, errorInCallback, meaningOf } from '../oauth/errorResponse.ts';
import type { Clock } from '../ports.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import type { SsoOidc } from './ssoOidc.ts';
import { createPkce, randomText } from '../oauth/pkce.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import type { ClientRegistration, ClientRegistrationRequest } from './registration.ts';
import { parseTokenResponse } from './token.ts';

/** Registered without a port: Identity Center then takes any (docs/PROTOCOL.md, 1; RFC 8252, 7.3). */
const registeredRedirectUri = `http://127.0.0.1${redirectPath}`;

/** The registration that this flow needs. */
export function authorizationCodeRegistration(
  endpoint: string,
  scopes: readonly string[],
  startUrl: string,
): ClientRegistrationRequest {
  return {
    endpoint,
    scopes,
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: [registeredRedirectUri],
    issuerUrl: startUrl,
  };
}

interface AuthorizationCodePorts {
  readonly clock: Clock;
  readonly loopback: LoopbackRedirect;
  readonly person: UserInteraction;
}

interface At {
  readonly oidc: SsoOidc;
  readonly registration: ClientRegistration;
  readonly endpoint: string;
  readonly alternatives: readonly AlternativeAction[];
}

/**
 * Sends the browser to `/authorize` and exchanges the code it brings back (RFC 6749 4.1, RFC 7636; the parameter is
 * `scopes`, not `scope`).
 * @throws SignInError `denied`, `codeExpired`, `registrationRefused`, `cancelled`, `portsUnavailable`
 */
export async function authorizeAndExchange(
  ports: AuthorizationCodePorts,
  connection: IdentityCenterConnection,
  { oidc, registration, endpoint, alternatives }: At,
  signal: AbortSignal,
): Promise<InteractionResult<TokenSet>> {
  await using listener = await ports.loopback.listen([0], redirectPath);
  const redirectUri = `http://127.0.0.1:${listener.port}${redirectPath}`;
  const { verifier: codeVerifier, challenge } = await createPkce();
  const state = randomText();
  const { clientId, clientSecret, scopes } = registration;
  const url = new URL(`${endpoint}/authorize`);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scopes: scopes.join(' '),
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const exchange = async ({ parameters: answer }: Callback, over: AbortSignal): Promise<TokenSet> => {
    const refusal = errorInCallback(answer, { host: url.host });
    if (refusal !== undefined) throw meaningOf(refusal, { dialect: dialects.ssoOidc, step: 'authorize' });
    const code = answer.get('code') ?? '';
    const grantType = 'authorization_code';
    const request = { clientId, clientSecret, grantType, code, redirectUri, codeVerifier };
    const sentAt = ports.clock.now();
    const response = await oidc.createToken(request, over).catch((error: unknown) => {
      throw errorAt({ dialect: dialects.ssoOidc, step: 'codeExchange' }, error);
    });
    return parseTokenResponse(response, sentAt, scopes);
  };
  return await awaitAuthorizationResponse(
    ports,
    {
      listener,
      interaction: {
        connectionName: connection.name,
        url: url.href.replaceAll('+', '%20'),
        redirectUri,
        alternatives,
        belongs: (answer, path) => path === redirectPath && isAnswerTo(answer, state),
      },
      exchange,
    },
    signal,
  );
}
