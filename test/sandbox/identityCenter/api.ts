import {
  CreateTokenRequest$,
  RegisterClientRequest$,
  StartDeviceAuthorizationRequest$,
} from '@aws-sdk/client-sso-oidc';
import { ApiError } from './apiError.ts';
import type { AuthorizationRequests, CodeRedemption } from './authorizationRequests.ts';
import type { Grant } from './consent.ts';
import type { DeviceAuthorizations } from './deviceAuthorizations.ts';
import { directoryIn } from './directories.ts';
import { parseRequest } from './model.ts';
import {
  AUTHORIZATION_CODE_GRANT,
  type ClientCredentials,
  type ClientMetadata,
  DEVICE_CODE_GRANT,
  REFRESH_TOKEN_GRANT,
  type Registration,
  type Registrations,
} from './registrations.ts';
import type { IssuedRoleCredentials } from './roleCredentials.ts';
import type { IssuedTokens, Sessions } from './sessions.ts';

/** The complete state of the stand-in. */
export interface IdentityCenterState {
  readonly registrations: Registrations;
  readonly deviceAuthorizations: DeviceAuthorizations;
  readonly authorizationRequests: AuthorizationRequests;
  readonly sessions: Sessions;
  readonly roleCredentials: IssuedRoleCredentials;
}

/**
 * One operation of the SSO-OIDC API.
 * @param body the parsed JSON of the request, not validated
 * @returns the members of the response, as spelled on the wire
 * @throws {ApiError}
 */
export type ApiOperation = (region: string, body: unknown) => object;

/**
 * The operations by their names in the API model, with a lower-case first letter.
 * @param verificationUri the page where users enter a user code
 */
export function createApi(
  state: IdentityCenterState,
  verificationUri: string,
): Record<'registerClient' | 'startDeviceAuthorization' | 'createToken', ApiOperation> {
  return {
    registerClient(region, body) {
      // The model validation ensures the types of members, here and below.
      const metadata = parseRequest(RegisterClientRequest$, body) as unknown as ClientMetadata;
      const registration = state.registrations.register(region, metadata);
      return {
        clientId: registration.clientId,
        clientSecret: registration.clientSecret,
        clientIdIssuedAt: Math.floor(registration.issuedAt / 1000),
        clientSecretExpiresAt: Math.floor(registration.expiresAt / 1000),
      };
    },

    startDeviceAuthorization(region, body) {
      const request = parseRequest(StartDeviceAuthorizationRequest$, body) as unknown as ClientCredentials & {
        startUrl: string;
      };
      const registration = state.registrations.require(region, request, DEVICE_CODE_GRANT);
      const directory = directoryIn(region, request.startUrl);
      if (directory === undefined) {
        throw new ApiError('InvalidRequestException', 'Invalid start URL provided');
      }
      const started = state.deviceAuthorizations.start(registration, directory.startUrl);
      return {
        ...started,
        verificationUri,
        verificationUriComplete: `${verificationUri}?user_code=${started.userCode}`,
      };
    },

    createToken(region, body) {
      const request = parseRequest(CreateTokenRequest$, body) as unknown as CreateToken;
      const redeem = GRANTS.get(request.grantType);
      if (redeem === undefined) throw new ApiError('UnsupportedGrantTypeException');
      return redeem(state, state.registrations.require(region, request, request.grantType), request);
    },
  };
}

/** Does not read `scope`, which has no effect: tokens carry the registration's scopes. */
interface CreateToken extends ClientCredentials, Partial<CodeRedemption> {
  readonly grantType: string;
  readonly deviceCode?: string;
  readonly refreshToken?: string;
}

type Redeem = (state: IdentityCenterState, registration: Registration, request: CreateToken) => IssuedTokens;

const GRANTS = new Map<string, Redeem>([
  [
    DEVICE_CODE_GRANT,
    ({ deviceAuthorizations, sessions }, registration, request) => {
      const grant = deviceAuthorizations.poll(registration, given(request, 'deviceCode'));
      return sessions.start(registration, grant);
    },
  ],
  [
    AUTHORIZATION_CODE_GRANT,
    ({ authorizationRequests, sessions }, registration, request) => {
      const grant: Grant = authorizationRequests.redeem(registration, {
        code: given(request, 'code'),
        redirectUri: given(request, 'redirectUri'),
        codeVerifier: given(request, 'codeVerifier'),
      });
      return sessions.start(registration, grant);
    },
  ],
  [
    REFRESH_TOKEN_GRANT,
    ({ sessions }, registration, request) => sessions.refresh(registration, given(request, 'refreshToken')),
  ],
]);

/** Returns a member that is optional in the model, but required by the grant. */
function given(
  request: CreateToken,
  member: 'deviceCode' | 'code' | 'redirectUri' | 'codeVerifier' | 'refreshToken',
): string {
  const value = request[member];
  if (value === undefined)
    throw new ApiError('InvalidRequestException', `Invalid request: ${member} is missing`);
  return value;
}
