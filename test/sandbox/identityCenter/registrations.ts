import { ApiError } from './apiError.ts';
import { opaque } from './opaque.ts';
import type { IdentityCenterSettings } from './settings.ts';

export const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
export const AUTHORIZATION_CODE_GRANT = 'authorization_code';
export const REFRESH_TOKEN_GRANT = 'refresh_token';

const GRANT_TYPES = [DEVICE_CODE_GRANT, AUTHORIZATION_CODE_GRANT, REFRESH_TOKEN_GRANT];

/** Grants of clients that do not list any, such as the AWS CLI's device flow, which predates the list. */
const GRANT_TYPES_UNNAMED = [DEVICE_CODE_GRANT, REFRESH_TOKEN_GRANT];

const SCOPES = [
  'codewhisperer:completions',
  'codewhisperer:conversations',
  'codewhisperer:analysis',
  'codewhisperer:transformations',
  'codewhisperer:taskassist',
  'sso:account:access',
];

/** A client as one Region knows it. */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientName: string;
  readonly region: string;
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris: readonly string[];
  /** The start URL that authorization codes are for. */
  readonly issuerUrl: string | undefined;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The client metadata in RegisterClient. */
export interface ClientMetadata {
  readonly clientName: string;
  readonly clientType: string;
  readonly scopes?: readonly string[];
  readonly grantTypes?: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly issuerUrl?: string;
}

/** Client credentials sent with every request. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Registrations {
  /** @throws {ApiError} if the service would reject the client */
  register(region: string, metadata: ClientMetadata): Registration;
  /** The client, if this Region knows it and it has not expired; the ID alone does not authenticate it. */
  find(region: string, clientId: string): Registration | undefined;
  /**
   * The authenticated client, if it may use this grant.
   * @throws {ApiError} InvalidClientException: unknown, from another Region, expired, or with a wrong secret;
   * UnauthorizedClientException: registered without the grant
   */
  require(region: string, credentials: ClientCredentials, grantType: string): Registration;
  /** Expires a client. */
  expire(clientId: string): void;
  count(): number;
}

export function createRegistrations(now: () => number, settings: IdentityCenterSettings): Registrations {
  const byId = new Map<string, Registration>();

  const find = (region: string, clientId: string): Registration | undefined => {
    const registration = byId.get(clientId);
    const known = registration?.region === region && now() < registration.expiresAt;
    return known ? registration : undefined;
  };

  return {
    register(region, metadata) {
      refuseBadMetadata(metadata);
      const issuedAt = now();
      const registration: Registration = {
        clientId: opaque(),
        clientSecret: opaque('eyJ'),
        clientName: metadata.clientName,
        region,
        scopes: metadata.scopes ?? ['sso:account:access'],
        grantTypes: metadata.grantTypes ?? GRANT_TYPES_UNNAMED,
        redirectUris: metadata.redirectUris ?? [],
        issuerUrl: metadata.issuerUrl,
        issuedAt,
        expiresAt: issuedAt + settings.registrationSeconds * 1000,
      };
      byId.set(registration.clientId, registration);
      return registration;
    },
    find,
    require(region, { clientId, clientSecret }, grantType) {
      const registration = find(region, clientId);
      if (registration?.clientSecret !== clientSecret) throw new ApiError('InvalidClientException');
      if (!registration.grantTypes.includes(grantType)) throw new ApiError('UnauthorizedClientException');
      return registration;
    },
    expire(clientId) {
      const registration = byId.get(clientId);
      if (registration === undefined) throw new Error('The sandbox does not have a client with this ID.');
      byId.set(clientId, { ...registration, expiresAt: now() });
    },
    count: () => byId.size,
  };
}

function refuseBadMetadata({
  clientName,
  clientType,
  scopes,
  grantTypes,
  redirectUris,
  issuerUrl,
}: ClientMetadata): void {
  if (clientName === '' || clientType !== 'public') throw new ApiError('InvalidClientMetadataException');
  if (scopes?.some((scope) => !SCOPES.includes(scope)) === true) throw new ApiError('InvalidScopeException');
  if (grantTypes?.some((grantType) => !GRANT_TYPES.includes(grantType)) === true) {
    throw new ApiError('UnsupportedGrantTypeException');
  }
  if (redirectUris?.some((uri) => !isLoopbackUri(uri)) === true)
    throw new ApiError('InvalidRedirectUriException');
  if (grantTypes?.includes(AUTHORIZATION_CODE_GRANT) !== true) return;
  if (redirectUris === undefined || redirectUris.length === 0) {
    throw new ApiError(
      'InvalidRedirectUriException',
      'Redirect URIs are required for the authorization code grant',
    );
  }
  if (issuerUrl === undefined) {
    throw new ApiError('InvalidRequestException', 'Issuer URL is required for the authorization code grant');
  }
}

/**
 * Whether a redirect URI is registered. One registered without a port matches every port (RFC 8252, section 7.3);
 * everything else is compared exactly.
 */
export function isRegisteredRedirectUri(registered: readonly string[], uri: string): boolean {
  if (!isLoopbackUri(uri)) return false;
  const portless = new URL(uri);
  portless.port = '';
  return registered.some((each) => each === uri || each === portless.href);
}

/** An `http` URI of 127.0.0.1 or `[::1]` with only a path, as `URL` writes it. */
function isLoopbackUri(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, host, pathname } = new URL(uri);
  return (
    protocol === 'http:' && ['127.0.0.1', '[::1]'].includes(hostname) && uri === `http://${host}${pathname}`
  );
}
