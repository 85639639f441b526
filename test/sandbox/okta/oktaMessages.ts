import { randomBytes } from 'node:crypto';
import type { errors } from 'oidc-provider';

/** The body of an OAuth 2.0 error (RFC 6749, section 5.2). */
export interface OAuthError {
  readonly error: string;
  readonly error_description: string;
}

/** The body of an error of Okta's own API. */
export interface OktaApiError {
  readonly errorCode: string;
  readonly errorSummary: string;
  readonly errorLink: string;
  readonly errorId: string;
  readonly errorCauses: readonly never[];
}

export const SCOPE_NOT_CONFIGURED =
  'One or more scopes are not configured for the authorization server resource.';
export const POLICY_FAILED =
  'Policy evaluation failed for this request, please check the policy configurations.';
export const NOT_ASSIGNED = 'User is not assigned to the client application.';
export const INVALID_STATE = "The authentication request has an invalid 'state' parameter.";
export const REDIRECT_URI_NOT_REGISTERED =
  "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.";
export const UNKNOWN_CLIENT = "Invalid value for 'client_id' parameter.";

const REFRESH_TOKEN_INVALID = 'The refresh token is invalid or expired.';
const CODE_INVALID = 'The authorization code is invalid or has expired.';
const DEVICE_CODE_INVALID = 'The device code is invalid or has expired.';
const PKCE_FAILED = 'PKCE verification failed.';
const GRANT_NOT_ALLOWED = 'requested grant type is not allowed for this client';

/** Okta's equivalents of oidc-provider's messages. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  'Authorization Server policy requires PKCE to be used for this request':
    "PKCE code challenge is required when the token endpoint authentication method is 'NONE'.",
  'End-User authentication is required': 'The client specified not to prompt, but the user is not logged in.',
};

/** Causes of `invalid_grant`, which oidc-provider hides and Okta reports. */
const GRANT_DETAILS: Readonly<Record<string, string>> = {
  'code_verifier must be provided': PKCE_FAILED,
  'code_verifier does not match code_challenge': PKCE_FAILED,
  'authorization code redirect_uri mismatch':
    "The 'redirect_uri' does not match the redirection URI used in the authorization request.",
};

const GRANT_DESCRIPTIONS: Readonly<Record<string, string>> = {
  authorization_code: CODE_INVALID,
  refresh_token: REFRESH_TOKEN_INVALID,
  'urn:ietf:params:oauth:grant-type:device_code': DEVICE_CODE_INVALID,
};

/** Okta's equivalent of oidc-provider's description, or the description itself if unknown. */
export function asOktaMessage(description: string): string {
  return DESCRIPTIONS[description] ?? description;
}

/**
 * The body of a rejected token request.
 * @param grantType the request's `grant_type`
 */
export function tokenError(error: errors.OIDCProviderError, grantType: unknown): OAuthError | OktaApiError {
  switch (error.error) {
    case 'invalid_client':
      return apiError('invalid_client', UNKNOWN_CLIENT);
    case 'invalid_grant':
      return {
        error: 'invalid_grant',
        error_description:
          GRANT_DETAILS[error.error_detail ?? ''] ?? GRANT_DESCRIPTIONS[String(grantType)] ?? CODE_INVALID,
      };
    case 'authorization_pending':
      return {
        error: 'authorization_pending',
        error_description: 'The device authorization is pending. Please try again later.',
      };
    case 'invalid_request':
      if (error.error_description !== GRANT_NOT_ALLOWED) return oauthError(error);
      return {
        error: 'unauthorized_client',
        error_description: 'The client is not authorized to use the provided grant type.',
      };
    case 'expired_token':
      return { error: 'expired_token', error_description: DEVICE_CODE_INVALID };
    default:
      return oauthError(error);
  }
}

/** An error of oidc-provider as a body, with Okta's message if known. */
export function oauthError(error: errors.OIDCProviderError): OAuthError {
  return { error: error.error, error_description: asOktaMessage(error.error_description ?? '') };
}

/**
 * An error of Okta's API, with a new ID.
 * @param code such as `E0000047`, or an OAuth 2.0 error code
 */
export function apiError(code: string, summary: string): OktaApiError {
  return {
    errorCode: code,
    errorSummary: summary,
    errorLink: code,
    errorId: `oae${randomBytes(12).toString('base64url')}`,
    errorCauses: [],
  };
}

/**
 * The response when the rate limit is exceeded, for a fault rule: `faults.add({ at: 'okta.token',
 * ...rateLimited(…) })`.
 * @param resetAt when the limit resets, in epoch milliseconds; sent in epoch seconds, as Okta does
 */
export function rateLimited(resetAt: number): {
  status: number;
  headers: Record<string, string>;
  body: string;
} {
  return {
    status: 429,
    headers: {
      'x-rate-limit-limit': '600',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(Math.ceil(resetAt / 1000)),
    },
    body: JSON.stringify(apiError('E0000047', 'API call exceeded rate limit due to too many requests.')),
  };
}
