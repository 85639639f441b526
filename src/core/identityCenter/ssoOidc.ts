import { dialects } from '../oauth/errorMeanings.ts';
import type { OAuthStep } from '../oauth/errorMeanings.ts';
import { errorAt } from '../oauth/errorResponse.ts';

/** Throws what SSO-OIDC means by an error response at a step, and any other error as it is. @throws SignInError */
export function throwMeaning(step: OAuthStep): (error: unknown) => never {
  return (error) => {
    throw errorAt({ dialect: dialects.ssoOidc, step }, error);
  };
}

/** The SSO-OIDC API of one region. Answers are unchecked: the caller parses them. */
export interface SsoOidc {
  registerClient(request: RegisterClientRequest, signal: AbortSignal): Promise<unknown>;
  startDeviceAuthorization(request: StartDeviceAuthorizationRequest, signal: AbortSignal): Promise<unknown>;
  createToken(request: CreateTokenRequest, signal: AbortSignal): Promise<unknown>;
}

/**
 * Opens the SSO-OIDC API at an endpoint. Its calls are never repeated by themselves, and reject with an
 * {@link OAuthErrorResponse} when the service said no, or a {@link SignInError} when it could not be asked.
 */
export type SsoOidcAt = (endpoint: { readonly region: string; readonly url: string }) => SsoOidc;

/** RegisterClient of a public client, under the product's name; `redirectUris` and `issuerUrl` go with the authorization code grant. */
export interface RegisterClientRequest {
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly issuerUrl?: string;
}
/** StartDeviceAuthorization of SSO-OIDC (RFC 8628, 3.1). */
export interface StartDeviceAuthorizationRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly startUrl: string;
}
/** CreateToken of SSO-OIDC: the members that its `grantType` needs. */
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
