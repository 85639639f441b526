import {
  AccessDeniedException$,
  AuthorizationPendingException$,
  ExpiredTokenException$,
  InternalServerException$,
  InvalidClientException$,
  InvalidClientMetadataException$,
  InvalidGrantException$,
  InvalidRedirectUriException$,
  InvalidRequestException$,
  InvalidScopeException$,
  SlowDownException$,
  UnauthorizedClientException$,
  UnsupportedGrantTypeException$,
} from '@aws-sdk/client-sso-oidc';

/**
 * Errors of the SSO-OIDC API: the model's shape (which determines the status), `error` in the body, and the
 * default description.
 */
const ERRORS = {
  AccessDeniedException: [AccessDeniedException$, 'access_denied', 'Access denied'],
  AuthorizationPendingException: [
    AuthorizationPendingException$,
    'authorization_pending',
    'Authorization is still pending',
  ],
  ExpiredTokenException: [ExpiredTokenException$, 'expired_token', 'Device code has expired'],
  InternalServerException: [InternalServerException$, 'server_error', 'An internal error occurred'],
  InvalidClientException: [InvalidClientException$, 'invalid_client', 'Invalid client provided'],
  InvalidClientMetadataException: [
    InvalidClientMetadataException$,
    'invalid_client_metadata',
    'Invalid client metadata provided',
  ],
  InvalidGrantException: [InvalidGrantException$, 'invalid_grant', 'Invalid grant provided'],
  InvalidRedirectUriException: [
    InvalidRedirectUriException$,
    'invalid_redirect_uri',
    'Invalid redirect URI provided',
  ],
  InvalidRequestException: [InvalidRequestException$, 'invalid_request', 'Invalid request provided'],
  InvalidScopeException: [InvalidScopeException$, 'invalid_scope', 'Invalid scope provided'],
  SlowDownException: [SlowDownException$, 'slow_down', 'Polling is too frequent'],
  UnauthorizedClientException: [
    UnauthorizedClientException$,
    'unauthorized_client',
    'Client is not authorized to use this grant type',
  ],
  UnsupportedGrantTypeException: [
    UnsupportedGrantTypeException$,
    'unsupported_grant_type',
    'Unsupported grant type provided',
  ],
} as const;

export type ApiErrorName = keyof typeof ERRORS;

/** All error names, for tests that cover each of them. */
export const API_ERROR_NAMES = Object.keys(ERRORS) as readonly ApiErrorName[];

/** Thrown by an operation to respond with an API error. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly exception: ApiErrorName;

  /** @param description defaults to the service's own */
  constructor(exception: ApiErrorName, description: string = ERRORS[exception][2]) {
    super(description);
    this.exception = exception;
  }
}

/** Suffix of exception names at the live service. */
const TYPE_SUFFIX = ':http://internal.amazon.com/coral/com.amazonaws.sso.oidc/';

/**
 * An error in wire format, also usable as a fault rule's response.
 * @param description defaults to the service's own
 */
export function errorAnswer(
  exception: ApiErrorName,
  description: string = ERRORS[exception][2],
): { status: number; headers: Record<string, string>; body: string } {
  const [shape, error] = ERRORS[exception];
  const { httpError } = shape[3] as { httpError: number };
  return {
    status: httpError,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': exception + TYPE_SUFFIX },
    body: JSON.stringify({ error, error_description: description }),
  };
}
