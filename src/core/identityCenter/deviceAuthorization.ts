import { deviceCodeGrantType, deviceCodeOf, pollForToken } from '../oauth/devicePolling.ts';
import type { DeviceCode } from '../oauth/devicePolling.ts';
import { dialects } from '../oauth/errorMeanings.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import { membersOf } from '../oauth/tokenSet.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { runInteraction } from '../oauth/userInteraction.ts';
import type { InteractionRequest, InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { Clock, Log } from '../ports.ts';
import type { ClientRegistration } from './registration.ts';
import type { SsoOidc } from './ssoOidc.ts';
import { parseTokenResponse } from './token.ts';

/**
 * Asks for a code (StartDeviceAuthorization).
 * @throws SignInError `invalidStartUrl` for InvalidRequest, which here mostly means a wrong start URL or region;
 * `registrationRefused`; `invalidResponse`; or as the transport fails
 */
export async function startDeviceAuthorization(
  clock: Clock,
  oidc: SsoOidc,
  { registration, startUrl }: { readonly registration: ClientRegistration; readonly startUrl: string },
  signal: AbortSignal,
): Promise<DeviceCode> {
  const { clientId, clientSecret } = registration;
  const answer = await oidc
    .startDeviceAuthorization({ clientId, clientSecret, startUrl }, signal)
    .catch((error: unknown) => {
      throw errorAt({ dialect: dialects.ssoOidc, step: 'deviceAuthorization' }, error);
    });
  return deviceCodeOf(membersOf(answer), clock.now(), { operation: 'startDeviceAuthorization' });
}

interface PollingPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly person: UserInteraction;
}

/** What is approved, and how the person is told. */
export interface AwaitedApproval {
  readonly registration: ClientRegistration;
  readonly code: DeviceCode;
  readonly interaction: InteractionRequest;
}

/**
 * Shows the code and polls CreateToken until the person has decided, or chose another way.
 * @throws SignInError `denied`, `codeExpired`, `cancelled`, `registrationRefused`
 */
export async function waitForApproval(
  ports: PollingPorts,
  oidc: SsoOidc,
  { registration, code, interaction }: AwaitedApproval,
  signal: AbortSignal,
): Promise<InteractionResult<TokenSet>> {
  const { clientId, clientSecret, scopes } = registration;
  const request = { clientId, clientSecret, grantType: deviceCodeGrantType, deviceCode: code.deviceCode };
  return runInteraction(ports.person, interaction, signal, (over) => {
    const ask = async (): Promise<TokenSet> => {
      const sentAt = ports.clock.now();
      return parseTokenResponse(await oidc.createToken(request, over), sentAt, scopes);
    };
    return pollForToken(ports, { dialect: dialects.ssoOidc, code, ask }, over);
  });
}
