import type { InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { FlowName } from '../oauth/flows.ts';
import type { IdentityCenterConnection } from '../connection/connection.ts';
import { SignInError } from '../oauth/errors.ts';
import type { Clock, Log, SecretStore } from '../ports.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import type { SsoOidcAt } from './ssoOidc.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { authorizationCodeRegistration, authorizeAndExchange } from './authorizationCode.ts';
import { deviceCodeGrantType } from '../oauth/devicePolling.ts';
import type { DeviceCode } from '../oauth/devicePolling.ts';
import { startDeviceAuthorization, waitForApproval } from './deviceAuthorization.ts';
import { checkVerificationPage } from './endpoints.ts';
import type { IdentityCenterEndpoints } from './endpoints.ts';
import { forgetRegistration, registerClient } from './registration.ts';
import type { ClientRegistration, ClientRegistrationRequest } from './registration.ts';

/** What both flows at Identity Center stand on. */
export interface IdentityCenterPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly loopback: LoopbackRedirect;
  readonly person: UserInteraction;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
}

/** The scopes of a sign-in, and the services that it goes to. */
export interface IdentityCenterRequest {
  readonly scopes: readonly string[];
  readonly endpoints: IdentityCenterEndpoints;
  /** The other flow, where this host has it: offered while the browser is open, never taken silently. */
  readonly otherFlow?: FlowName;
}

/** The tokens of a sign-in, and the registration they belong to. */
export interface IdentityCenterSignIn {
  readonly tokenSet: TokenSet;
  readonly registration: ClientRegistration;
}

/**
 * Device authorization (RFC 8628) at Identity Center: two requests and the polls. A kept registration that the
 * service refuses is made anew once, before anything is shown.
 * @throws SignInError `invalidStartUrl`, `denied`, `codeExpired`, `cancelled`, `invalidResponse` for a page
 * that is not AWS's, or as the transport fails
 */
export async function deviceCodeGrant(
  ports: IdentityCenterPorts,
  connection: IdentityCenterConnection,
  { scopes, endpoints, otherFlow }: IdentityCenterRequest,
  signal: AbortSignal,
): Promise<InteractionResult<IdentityCenterSignIn>> {
  const { region, startUrl } = connection;
  const oidc = ports.ssoOidcAt({ region, url: endpoints.oidc });
  const grantTypes = [deviceCodeGrantType, 'refresh_token'];
  const clientRequest = { endpoint: endpoints.oidc, scopes, grantTypes };
  return forgettingRefused(ports, clientRequest, async () => {
    let registration = await registerClient(ports, oidc, { clientRequest, renew: false }, signal);
    const start = () => startDeviceAuthorization(ports.clock, oidc, { registration, startUrl }, signal);
    const code = await start().catch(async (error: unknown) => {
      if (!isRefusal(error)) throw error;
      ports.log.info('The stored client registration was rejected; registering again', { region });
      registration = await registerClient(ports, oidc, { clientRequest, renew: true }, signal);
      return start();
    });
    const interaction = {
      connectionName: connection.name,
      url: pageOf(code, connection, endpoints.oidc),
      userCode: code.userCode,
      expiresAt: code.expiresAt,
      alternatives: otherFlow === undefined ? [] : [otherFlow],
    };
    const outcome = await waitForApproval(ports, oidc, { registration, code, interaction }, signal);
    return 'done' in outcome ? { done: { tokenSet: outcome.done, registration } } : outcome;
  });
}

/**
 * The page to open: the one that has the code in it, where it is at the page without it or at the start URL and really
 * has this code; otherwise the page on which the person types it (RFC 8628, 3.3.1).
 * @throws SignInError `invalidResponse` when either is not AWS's
 */
function pageOf(
  { userCode, page, completePage = page }: DeviceCode,
  { region, startUrl }: IdentityCenterConnection,
  endpoint: string,
): string {
  const complete = new URL(checkVerificationPage(completePage, region, endpoint));
  const plain = checkVerificationPage(page, region, endpoint);
  const lettersOf = (text: string) => text.replaceAll(/[^\da-z]/gi, '').toLowerCase();
  const isOwn = [plain, startUrl].some((one) => URL.parse(one)?.host === complete.host);
  return isOwn && lettersOf(complete.search + complete.hash).includes(lettersOf(userCode))
    ? complete.href
    : plain;
}

/**
 * Authorization code with PKCE over a loopback redirect at Identity Center: a registration and one token request.
 * A registration that was refused at the token request is thrown away, so that the next sign-in makes a new one.
 * @throws SignInError `denied`, `codeExpired`, `cancelled`, `portsUnavailable`, or as the transport fails
 */
export async function authorizationCodeGrant(
  ports: IdentityCenterPorts,
  connection: IdentityCenterConnection,
  { scopes, endpoints, otherFlow }: IdentityCenterRequest,
  signal: AbortSignal,
): Promise<InteractionResult<IdentityCenterSignIn>> {
  const { region, startUrl } = connection;
  const oidc = ports.ssoOidcAt({ region, url: endpoints.oidc });
  const clientRequest = authorizationCodeRegistration(endpoints.oidc, scopes, startUrl);
  return forgettingRefused(ports, clientRequest, async () => {
    const registration = await registerClient(ports, oidc, { clientRequest, renew: false }, signal);
    const alternatives = otherFlow === undefined ? [] : [otherFlow];
    const at = { oidc, registration, endpoint: endpoints.oidc, alternatives };
    const outcome = await authorizeAndExchange(ports, connection, at, signal);
    return 'done' in outcome ? { done: { tokenSet: outcome.done, registration } } : outcome;
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof SignInError && error.kind === 'registrationRefused';
}

/** Does `work` with a registration, which is thrown away where the service refuses it. */
async function forgettingRefused<T>(
  { secrets }: IdentityCenterPorts,
  clientRequest: ClientRegistrationRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) await forgetRegistration(secrets, clientRequest);
    throw error;
  }
}
