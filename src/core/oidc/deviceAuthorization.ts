import { deviceCodeGrantType, deviceCodeOf, pageToOpen, pollForToken } from '../oauth/devicePolling.ts';
import type { DeviceCode } from '../oauth/devicePolling.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import { SignInError } from '../oauth/errors.ts';
import type { GrantRequest } from '../oauth/flows.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { runInteraction } from '../oauth/userInteraction.ts';
import type { InteractionResult, UserInteraction } from '../oauth/userInteraction.ts';
import type { IsSameOrganization } from '../ports.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import { orgServerReason } from './authorizationServerRecord.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';
import { demandOf } from './clientDemand.ts';
import type { OidcClient } from './discovery.ts';
import { readSignIn, requestMembers } from './token.ts';
import { isTrustedEndpoint } from './trustedEndpoint.ts';

/** A client that can show the user a code. */
export interface DeviceCodeClient extends OidcClient {
  readonly connectionName: string;
  readonly isSameOrganization: IsSameOrganization;
  readonly user: UserInteraction;
}

/**
 * Runs the device grant (RFC 8628) at an authorization server that announces it.
 * @throws SignInError `denied`, `policy`, `notAssigned`, `codeExpired`, `cancelled`, `invalidResponse` for a foreign
 * verification page (`reason` `foreignPage`), or as the transport fails
 */
export async function deviceCodeGrant(
  oidc: DeviceCodeClient,
  { scopes }: Pick<GrantRequest, 'scopes'>,
  signal: AbortSignal,
): Promise<InteractionResult<TokenSet>> {
  const { clock, connectionName, dialect, isSameOrganization, user, server } = oidc;
  const code = await requestCode(oidc, scopes, signal);
  const { deviceCode, userCode, expiresAt } = code;
  const url = await checkPage(pageToOpen(code), server, isSameOrganization);
  const interaction = {
    connectionName,
    url,
    userCode,
    expiresAt,
    alternatives: ['authorizationCode'] as const,
  };
  const requestTokenSet = async (over: AbortSignal): Promise<TokenSet> => {
    const sentAt = clock.now();
    const form = { grant_type: deviceCodeGrantType, device_code: deviceCode };
    const members = await requestMembers(oidc, 'token', form, over).catch((error: unknown) => {
      throw demandOf(error, server) ?? error;
    });
    return readSignIn(oidc, { members, sentAt, scopes }, over);
  };
  // Poll with the interaction's signal, so that canceling does not wait for a pending request.
  return runInteraction(user, interaction, signal, async (over) =>
    pollForToken(oidc, { dialect, code, requestTokens: () => requestTokenSet(over) }, over),
  );
}

/** Requests a device code (RFC 8628, 3.1). */
async function requestCode(
  oidc: OidcClient,
  scopes: readonly string[],
  signal: AbortSignal,
): Promise<DeviceCode> {
  const { clock, dialect, server } = oidc;
  const operation = 'deviceAuthorize';
  const form = { scope: scopes.join(' ') };
  const members = await requestMembers(oidc, operation, form, signal).catch((error: unknown) => {
    const demand = demandOf(error, server, false);
    if (demand !== undefined && server.mayDemand === undefined) throw demand;
    const known = errorAt({ dialect, step: 'deviceAuthorization' }, error);
    if (!(known instanceof SignInError) || known.kind !== 'scopeRefused') throw known;
    throw new SignInError(known.kind, { ...known.details, scopes, ...orgServerReason(server) }, error);
  });
  const { device_code, user_code, verification_uri_complete, expires_in, interval } = members;
  const response = {
    deviceCode: device_code,
    userCode: user_code,
    // The drafts of RFC 8628, and Google to this day, have `verification_url`.
    verificationUri: members['verification_uri'] ?? members['verification_url'],
    verificationUriComplete: verification_uri_complete,
    expiresIn: expires_in,
    interval,
  };
  const { host } = new URL(server.deviceAuthorizationEndpoint ?? server.issuer);
  return deviceCodeOf(response, clock.now(), { operation, host });
}

/**
 * Vendors' verification page hosts, by issuer host: https://microsoft.com/devicelogin, `/deviceloginus` and
 * `/deviceloginchina`, or https://login.microsoft.com/device (learn.microsoft.com, v2-oauth2-device-code).
 */
const vendorPages: ReadonlyMap<string, readonly string[]> = new Map([
  ['login.microsoftonline.com', ['microsoft.com', 'www.microsoft.com', 'login.microsoft.com']],
  ['login.microsoftonline.us', ['microsoft.com', 'www.microsoft.com']],
  ['login.partner.microsoftonline.cn', ['microsoft.com', 'www.microsoft.com']],
]);

/** Checks that a verification page is the organization's or its vendor's. @throws SignInError `invalidResponse` */
async function checkPage(
  page: string,
  server: AuthorizationServer,
  isSameOrganization: IsSameOrganization,
): Promise<string> {
  const url = URL.parse(page);
  const issuer = new URL(server.issuer);
  const isOwn =
    url !== null &&
    (url.protocol === 'https:' || isLoopbackUrl(url)) &&
    (isVendorPage(url, issuer) || (await isTrustedEndpoint(url, issuer, isSameOrganization)));
  if (isOwn) return url.href;
  throw new SignInError('invalidResponse', {
    operation: 'verificationUri',
    reason: 'foreignPage',
    ...(url === null ? {} : { host: url.host }),
  });
}

function isVendorPage(url: URL, issuer: URL): boolean {
  const isPlain = url.username === '' && url.password === '' && url.port === '';
  return isPlain && url.protocol === 'https:' && vendorPages.get(issuer.host)?.includes(url.host) === true;
}
