import { dialects } from '../oauth/errorMeanings.ts';
import type { OAuthStep } from '../oauth/errorMeanings.ts';
import { errorAt } from '../oauth/errorResponse.ts';

/** Interprets an SSO-OIDC error response at a step, and rethrows any other error. @throws SignInError */
export function throwMeaning(step: OAuthStep): (error: unknown) => never {
  return (error) => {
    throw errorAt({ dialect: dialects.ssoOidc, step }, error);
  };
}

/** The SSO-OIDC API of one region. Responses are unvalidated; the caller parses them. */
export interface SsoOidc {
  registerClient(request: RegisterClientRequest, signal: AbortSignal): Promise<unknown>;
  startDeviceAuthorization(request: StartDeviceAuthorizationRequest, signal: AbortSignal): Promise<unknown>;
  createToken(request: CreateTokenRequest, signal: AbortSignal): Promise<unknown>;
}

/**
 * Opens the SSO-OIDC API at an endpoint. Its calls are not retried, and reject with an {@link OAuthErrorResponse} if
 * the service refuses, or a {@link SignInError} if it cannot be reached.
 */
export type SsoOidcAt = (endpoint: { readonly region: string; readonly url: string }) => SsoOidc;

/** A RegisterClient request of a public client. `redirectUris` and `issuerUrl` are for the authorization code grant. */
export interface RegisterClientRequest {
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly issuerUrl?: string;
}
/** A StartDeviceAuthorization request (RFC 8628, 3.1). */
export interface StartDeviceAuthorizationRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly startUrl: string;
}
/** A CreateToken request, with the members that its `grantType` needs. */
export interface CreateTokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly grantType: string;
  readonly deviceCode?: string;
  readonly code?: string;
  readonly redirectUri?: string;
  readonly codeVerifier?: string;
  readonly refreshToken?: string;
}
