import { scopesOf } from '../core/connection/connection.ts';
import type { IdentityCenterConnection } from '../core/connection/connection.ts';
import { deviceCodeGrantType, startDeviceAuthorization } from '../core/identityCenter/deviceAuthorization.ts';
import { endpointsOf } from '../core/identityCenter/endpoints.ts';
import { requestRegistration } from '../core/identityCenter/registration.ts';
import { parseStartUrl } from '../core/identityCenter/startUrl.ts';
import type { SetupPorts } from './setupPorts.ts';

/**
 * Registers a client and asks for a device code; nothing of it is kept, and the code expires by itself.
 * @throws SignInError as `requestRegistration` and `startDeviceAuthorization`
 */
export async function askDeviceAuthorization(
  { clock, ssoOidcAt, endpoints }: SetupPorts,
  connection: IdentityCenterConnection,
  signal: AbortSignal,
): Promise<void> {
  const { region } = connection;
  const startUrl = parseStartUrl(connection.startUrl, region).url;
  const { oidc: endpoint } = endpointsOf(region, endpoints, startUrl);
  const oidc = ssoOidcAt({ region, url: endpoint });
  const grantTypes = [deviceCodeGrantType, 'refresh_token'];
  const wish = { endpoint, scopes: scopesOf(connection), grantTypes };
  const registration = await requestRegistration(clock, oidc, wish, signal);
  await startDeviceAuthorization(clock, oidc, registration, startUrl, signal);
}
