import { deviceCodeGrantType, deviceCodeOf, pageToOpen, pollForToken } from '../oauth/devicePolling.ts';
import type { DeviceCode } from '../oauth/devicePolling.ts';
import { dialects } from '../oauth/errorMeanings.ts';
import { membersOf } from '../oauth/tokenSet.ts';
import { runInteraction } from '../oauth/userInteraction.ts';
import type { InteractionResult } from '../oauth/userInteraction.ts';
import type { Clock } from '../ports.ts';
import { checkVerificationPage } from './endpoints.ts';
import { forgettingRefused, isRegistrationRefused, registerClient } from './registration.ts';
import type { ClientRegistration, IdentityCenterClient, IdentityCenterTokens } from './registration.ts';
import { throwMeaning } from './ssoOidc.ts';
import type { SsoOidc } from './ssoOidc.ts';
import { parseTokenResponse } from './token.ts';

/**
 * Runs the device authorization grant (RFC 8628) at Identity Center. If the service rejects a stored registration,
 * registers again once before prompting the user.
 * @throws SignInError `invalidStartUrl`, `denied`, `codeExpired`, `cancelled`, `registrationRefused`,
 * `invalidResponse` for a page that is not AWS's, or an error of the transport
 */
export async function deviceCodeGrant(
  client: IdentityCenterClient,
  signal: AbortSignal,
): Promise<InteractionResult<IdentityCenterTokens>> {
  const { alternatives, clock, connection, endpoint, log, oidc, user, scopes } = client;
  const { name: connectionName, region, startUrl } = connection;
  const clientRequest = { endpoint, scopes, grantTypes: [deviceCodeGrantType, 'refresh_token'] };
  return forgettingRefused(client, clientRequest, async () => {
    let registration = await registerClient(client, oidc, { clientRequest, renew: false }, signal);
    const start = () => startDeviceAuthorization(clock, oidc, { registration, startUrl }, signal);
    const code = await start().catch(async (error: unknown) => {
      if (!isRegistrationRefused(error)) throw error;
      log.info('The stored client registration was rejected; registering again', { region });
      registration = await registerClient(client, oidc, { clientRequest, renew: true }, signal);
      return start();
    });
    const checked = (page: string): string => checkVerificationPage(page, region, endpoint);
    const { deviceCode, userCode, expiresAt, page, completePage = page } = code;
    const pages = { userCode, page: checked(page), completePage: checked(completePage) };
    const url = pageToOpen(pages, new URL(startUrl).host);
    const { clientId, clientSecret } = registration;
    const request = { clientId, clientSecret, grantType: deviceCodeGrantType, deviceCode };
    const interaction = { connectionName, url, userCode, expiresAt, alternatives };
    return runInteraction(user, interaction, signal, (over) => {
      const requestTokens = async (): Promise<IdentityCenterTokens> => {
        const sentAt = clock.now();
        const response = await oidc.createToken(request, over);
        return { tokenSet: parseTokenResponse(response, sentAt, registration.scopes), registration };
      };
      return pollForToken(client, { dialect: dialects.ssoOidc, code, requestTokens }, over);
    });
  });
}

/**
 * Requests a device code (StartDeviceAuthorization).
 * @throws SignInError `invalidStartUrl` for InvalidRequest, which here usually means a wrong start URL or region;
 * `registrationRefused`; `invalidResponse`; or an error of the transport
 */
export async function startDeviceAuthorization(
  clock: Clock,
  oidc: SsoOidc,
  { registration, startUrl }: { readonly registration: ClientRegistration; readonly startUrl: string },
  signal: AbortSignal,
): Promise<DeviceCode> {
  const { clientId, clientSecret } = registration;
  const response = await oidc
    .startDeviceAuthorization({ clientId, clientSecret, startUrl }, signal)
    .catch(throwMeaning('deviceAuthorization'));
  return deviceCodeOf(membersOf(response), clock.now(), { operation: 'startDeviceAuthorization' });
}
