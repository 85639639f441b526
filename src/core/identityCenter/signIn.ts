import type { InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { FlowName } from '../oauth/flows.ts';
import type { IdentityCenterConnection } from '../connection/connection.ts';
import { SignInError } from '../oauth/errors.ts';
import type { Clock, Log, SecretStore } from '../ports.ts';
import type { LoopbackRedirect } from '../oauth/loopbackRedirect.ts';
import type { SsoOidc, SsoOidcAt } from './ssoOidc.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { authorizationCodeRegistration, authorizeAndExchange } from './authorizationCode.ts';
import { deviceCodeGrantType } from '../oauth/devicePolling.ts';
import type { DeviceCode } from '../oauth/devicePolling.ts';
import { startDeviceAuthorization, waitForApproval } from './deviceAuthorization.ts';
import { checkVerificationPage } from './endpoints.ts';
import type { IdentityCenterEndpoints } from './endpoints.ts';
import { forgetRegistration, registerClient } from './registration.ts';
import type { ClientRegistration } from './clientRegistration.ts';
import type { ClientRegistrationRequest } from './registration.ts';

/** What both flows at Identity Center stand on. */
export interface IdentityCenterPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly loopback: LoopbackRedirect;
  readonly person: UserInteraction;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
}

/** What is asked for. */
export interface IdentityCenterRequest {
  readonly scopes: readonly string[];
  readonly endpoints: IdentityCenterEndpoints;
  /** The other flow, where this host has it: offered while the browser is open, never taken silently. */
  readonly otherFlow?: FlowName;
}

/** What came of it: the tokens and the registration they belong to. */
export interface IdentityCenterSignIn {
  readonly tokenSet: TokenSet;
  readonly registration: ClientRegistration;
}

/**
 * Device authorization (RFC 8628) at Identity Center: two requests and the polls. A kept registration that the
 * service refuses is made anew once.
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
  const clientRequest = {
    endpoint: endpoints.oidc,
    scopes,
    grantTypes: [deviceCodeGrantType, 'refresh_token'],
  };
  return withRegistration(
    ports,
    {
      region,
      clientRequest,
      attempt: async (oidc, registration, isRefused) => {
        const code = await isRefused(
          startDeviceAuthorization(ports.clock, oidc, { registration, startUrl }, signal),
        );
        const { userCode, expiresAt } = code;
        const turn = {
          connectionName: connection.name,
          url: pageOf(code, connection, endpoints.oidc),
          userCode,
          expiresAt,
          alternatives: otherFlow === undefined ? [] : [otherFlow],
        };
        return waitForApproval(ports, oidc, { registration, code, turn }, signal);
      },
    },
    signal,
  );
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
  const clientRequest = authorizationCodeRegistration(endpoints.oidc, scopes, connection.startUrl);
  const alternatives = otherFlow === undefined ? [] : [otherFlow];
  return withRegistration(
    ports,
    {
      region: connection.region,
      clientRequest,
      attempt: (oidc, registration) =>
        authorizeAndExchange(
          ports,
          connection,
          { oidc, registration, endpoint: endpoints.oidc, alternatives },
          signal,
        ),
    },
    signal,
  );
}

type Attempt = (
  oidc: SsoOidc,
  registration: ClientRegistration,
  /** Marks the step at which a refused registration is made anew; nothing was shown to the person before it. */
  isRefused: <T>(step: Promise<T>) => Promise<T>,
) => Promise<InteractionResult<TokenSet>>;

class RegistrationRefused extends Error {
  override readonly name = 'RegistrationRefused';
}

function isRefusal(error: unknown): boolean {
  return error instanceof SignInError && error.kind === 'registrationRefused';
}

/** What is done with a registration, and in which region. */
interface RegisteredAttempt {
  readonly region: string;
  readonly clientRequest: ClientRegistrationRequest;
  readonly attempt: Attempt;
}

async function withRegistration(
  ports: IdentityCenterPorts,
  { region, clientRequest, attempt }: RegisteredAttempt,
  signal: AbortSignal,
): Promise<InteractionResult<IdentityCenterSignIn>> {
  const oidc = ports.ssoOidcAt({ region, url: clientRequest.endpoint });
  const tryWith = async (renew: boolean): Promise<InteractionResult<IdentityCenterSignIn>> => {
    const registration = await registerClient(ports, oidc, { clientRequest, renew }, signal);
    const outcome = await attempt(oidc, registration, (step) =>
      step.catch((error: unknown) => {
        throw isRefusal(error) && !renew
          ? new RegistrationRefused('registration refused', { cause: error })
          : error;
      }),
    ).catch(async (error: unknown) => {
      if (isRefusal(error)) await forgetRegistration(ports.secrets, clientRequest);
      throw error;
    });
    return 'done' in outcome ? { done: { tokenSet: outcome.done, registration } } : outcome;
  };
  try {
    return await tryWith(false);
  } catch (error) {
    if (!(error instanceof RegistrationRefused)) throw error;
    ports.log.info('The stored client registration was rejected; registering again', { region });
    return tryWith(true);
  }
}
