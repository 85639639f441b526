import type { IdentityCenterConnection } from '../connection.ts';
import { SignInError } from '../errors.ts';
import type { Clock, Log, Person, SecretStore, SsoOidcAt } from '../ports.ts';
import type { TokenSet } from '../tokenSet.ts';
import { deviceCodeGrant, startDeviceAuthorization, waitForApproval } from './deviceAuthorization.ts';
import type { DeviceAuthorization } from './deviceAuthorization.ts';
import { checkVerificationPage } from './endpoints.ts';
import type { IdentityCenterEndpoints } from './endpoints.ts';
import { registerClient } from './registration.ts';
import type { ClientRegistration } from './registration.ts';

interface IdentityCenterPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly person: Person;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
}

/** What came of it: the tokens and the registration they belong to. */
export interface IdentityCenterSignIn {
  readonly tokenSet: TokenSet;
  readonly registration: ClientRegistration;
}

/**
 * Device authorization (RFC 8628) at Identity Center: two requests and the polls. A kept registration that the
 * service refuses is made anew once.
 * @throws SignInError `startUrlRefused`, `denied`, `codeExpired`, `cancelled`, `unexpectedAnswer` for a page
 * that is not AWS's, or as the transport fails
 */
export async function signInWithDeviceCode(
  ports: IdentityCenterPorts,
  connection: IdentityCenterConnection,
  request: { readonly scopes: readonly string[]; readonly endpoints: IdentityCenterEndpoints },
  signal: AbortSignal,
): Promise<IdentityCenterSignIn> {
  const { region, startUrl } = connection;
  const { scopes, endpoints } = request;
  const oidc = ports.ssoOidcAt({ region, url: endpoints.oidc });
  const wish = { endpoint: endpoints.oidc, scopes, grantTypes: [deviceCodeGrant, 'refresh_token'] };

  const start = async (renew: boolean): Promise<[ClientRegistration, DeviceAuthorization]> => {
    const made = await registerClient(ports, oidc, wish, signal, renew);
    return [made, await startDeviceAuthorization(ports.clock, oidc, made, startUrl, signal)];
  };
  const [registration, authorization] = await start(false).catch((error: unknown) => {
    if (!(error instanceof SignInError) || error.kind !== 'registrationRefused') throw error;
    ports.log.info('The kept client registration was refused; registering again', { host: error.facts.host });
    return start(true);
  });

  const turn = {
    connectionName: connection.name,
    url: checkVerificationPage(authorization.verificationUriComplete, region, endpoints.oidc),
    userCode: authorization.userCode,
    expiresAt: authorization.expiresAt,
  };
  const tokenSet = await waitForApproval(ports, oidc, registration, authorization, turn, signal);
  return { tokenSet, registration };
}
