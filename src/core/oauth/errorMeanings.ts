import type { ErrorDetails, SignInErrorKind } from './errors.ts';

/** The requests that an authorization server may refuse. */
export type OAuthStep =
  'register' | 'authorize' | 'deviceAuthorization' | 'devicePoll' | 'codeExchange' | 'refresh' | 'revoke';

/** A server's error codes and their meanings, by step. */
export type Dialect = Readonly<Record<OAuthStep, Meanings>>;

/** A refused request: its step, and the dialect of its server. */
export interface OAuthRequest {
  readonly dialect: Dialect;
  readonly step: OAuthStep;
}

/** An error kind, with the `reason` that selects its message, if any. */
interface Meaning {
  readonly kind: SignInErrorKind;
  readonly reason?: string;
}

/** A meaning, or a function that derives it from the server's `error_description`. */
type CodeMeaning = Meaning | ((description?: string) => Meaning);

/** Meanings by error code. Not a plain object, since a server may send the code `constructor`. */
type Meanings = ReadonlyMap<string, CodeMeaning>;

/** A step without meanings of its own. */
const none: Meanings = new Map();

/** Codes of RFC 6749 (4.1.2.1, 5.2), RFC 7591, RFC 8628, and Okta's API with the same meaning at every step. */
const anyStep = meanings({
  rateLimited: [
    ...[
      'slow_down',
      'too_many_requests',
      'rate_limit_exceeded',
      'E0000047',
      'throttling',
      'throttled',
      'throttling_error',
    ],
    // AWS services, some with status 400: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    ...['request_throttled', 'request_limit_exceeded', 'limit_exceeded', 'bandwidth_limit_exceeded'],
  ],
  serverError: [
    ...['temporarily_unavailable', 'server_error', 'internal_server', 'E0000009', 'internal_failure'],
    ...['internal_error', 'internal_server_error', 'service_unavailable', 'request_timeout'],
  ],
  registrationRefused: ['invalid_client', 'unauthorized_client'],
  // RFC 8707, 2, and Microsoft Entra ID's `invalid_resource`: a scope names an unknown API.
  // Keycloak sends `not_allowed` if the user or the client may not have `offline_access`.
  scopeRefused: ['invalid_scope', 'invalid_target', 'invalid_resource', 'not_allowed'],
  requestRefused: [
    ...['invalid_request', 'unsupported_grant_type', 'unsupported_response_type'],
    ...['invalid_client_metadata', 'invalid_redirect_uri', 'redirect_uri_mismatch'],
    // OpenID Connect Core 1.0, 3.1.2.6.
    ...['invalid_request_uri', 'invalid_request_object', 'request_not_supported'],
    ...['request_uri_not_supported', 'registration_not_supported'],
  ],
});

/**
 * Codes that end a grant: RFC 6749, 5.2; RFC 6750, 3.1; OpenID Connect Core 1.0, 3.1.2.6, and its extension
 * `unmet_authentication_requirements`; Auth0's `mfa_required`.
 */
const refresh = meanings({
  grantRevoked: [
    ...['invalid_grant', 'expired_token', 'invalid_token', 'access_denied', 'invalid_scope'],
    ...['interaction_required', 'login_required', 'consent_required', 'account_selection_required'],
    ...['unsupported_grant_type', 'mfa_required', 'unmet_authentication_requirements'],
    ...['invalid_target', 'invalid_resource', 'insufficient_user_authentication', 'not_allowed'],
    'token_inactive', // Ory Hydra's
  ],
});

/** Codes of a sign-in that the user did not complete at the identity provider. */
const notCompleted = meanings({
  denied: [
    ...['login_required', 'interaction_required', 'account_selection_required', 'consent_required'],
    'mfa_required', // Auth0's
    // The extension of OpenID Connect for unmet requirements, and its word in RFC 9470, 3.
    ...['unmet_authentication_requirements', 'insufficient_user_authentication'],
    ...['user_cancelled_login', 'user_cancelled_authorize'], // LinkedIn's
  ],
});

/** Codes for a code that expired, and for one that is not accepted, with those of Microsoft Entra ID and GitHub. */
const expiredCode = ['expired_token', 'code_expired'];
const refusedCode = ['invalid_grant', 'bad_verification_code', 'incorrect_device_code'];
const pollOver = merged(meanings({ codeExpired: expiredCode }), codeRefused(refusedCode));
/** The user has just returned with it, so it did not run out while they were away. */
const exchangeOver = codeRefused([...refusedCode, ...expiredCode]);
/** Auth0's answer if a rule or an administrator blocks the user. */
const blocked = meanings({ denied: ['unauthorized'] });
/** Keycloak's answer if the user left its page open for too long. */
const pageExpired: Meanings = new Map([
  [
    'temporarily_unavailable',
    (description) => ({ kind: description === 'authentication_expired' ? 'codeExpired' : 'serverError' }),
  ],
]);
/** The user selected *Deny* on the server's page; `authorization_declined` is Microsoft Entra ID's. */
const deniedOnPage = meanings({ denied: ['access_denied', 'authorization_declined'] });
/** At Okta, `access_denied` is the decision of an administrator at every step except a refresh. */
const deniedByAdministrator: Meanings = new Map([['access_denied', deniedByOkta]]);
/** Identity Center's code for a start URL that is unknown in this region. */
const startUrl = meanings({ invalidStartUrl: ['invalid_request'] });
/** *Device Authorization* is off for the application, or unavailable in the organization. */
const deviceGrant: Meanings = new Map(
  [
    ...['unauthorized_client', 'unsupported_grant_type', 'invalid_request', 'E0000015', 'E0000022'],
    'device_flow_disabled', // GitHub's
  ].map((code) => [code, { kind: 'noFlow', reason: 'deviceGrant' }]),
);

/**
 * The error codes of AWS's SSO-OIDC, Okta, and other OpenID providers (docs/PROTOCOL.md, 5). For codes not listed
 * here, {@link anyStep} applies.
 */
export const dialects = {
  ssoOidc: {
    register: none,
    authorize: merged(notCompleted, deniedOnPage, startUrl),
    deviceAuthorization: startUrl,
    devicePoll: merged(pollOver, deniedOnPage),
    codeExchange: merged(exchangeOver, deniedOnPage),
    refresh,
    revoke: none,
  },
  okta: {
    register: deniedByAdministrator,
    authorize: merged(notCompleted, deniedByAdministrator),
    deviceAuthorization: merged(deviceGrant, deniedByAdministrator),
    devicePoll: merged(pollOver, notCompleted, deniedByAdministrator),
    codeExchange: merged(exchangeOver, notCompleted, deniedByAdministrator),
    refresh,
    revoke: deniedByAdministrator,
  },
  openId: {
    register: none,
    authorize: merged(notCompleted, deniedOnPage, pageExpired, blocked),
    deviceAuthorization: deviceGrant,
    devicePoll: merged(pollOver, notCompleted, deniedOnPage),
    codeExchange: merged(exchangeOver, notCompleted),
    refresh,
    revoke: none,
  },
} satisfies Readonly<Record<string, Dialect>>;

/** The meaning of an error code and its details for a request. An unknown code is a refusal, too: `requestRefused`. */
export function meaningIn(code: string, details: ErrorDetails, { dialect, step }: OAuthRequest): Meaning {
  const { status = 400, reason } = details;
  if (status === 429) return { kind: 'rateLimited' };
  if (status >= 500) return { kind: 'serverError' };
  // The instance's AWS KMS key is disabled or unreachable. Once an administrator fixes it, sessions work again.
  if (reason?.startsWith('KMS_') === true) return { kind: 'policy', reason };
  // InvalidRequestRegionException has the code `invalid_request`, and details with the correct region.
  const namesRegion = details.region !== undefined && code === 'invalid_request';
  if (namesRegion || code === 'invalid_request_region' || reason === 'invalid_request_region')
    return { kind: 'invalidStartUrl', reason: 'region' };
  // RFC 9449, 5 and 8: the application requires proof of possession (DPoP).
  if (code === 'invalid_dpop_proof' || code === 'use_dpop_nonce')
    return { kind: step === 'refresh' ? 'grantRevoked' : 'requestRefused', reason: 'dpop' };
  // Codes are case-sensitive (RFC 6749, 5.2), but no two differ by case alone.
  const lower = code.toLowerCase();
  // RFC 6749, 5.2 and RFC 6750, 3.1 use 400 or 401: another status may be a gateway's. Okta has error codes of its own.
  const isGateways = step === 'refresh' && status > 403 && !/^e\d{7}$/.test(lower);
  const other: Meaning = { kind: isGateways ? 'invalidResponse' : 'requestRefused' };
  if (step === 'refresh' && status > 401) {
    if (['access_denied', 'invalid_token'].includes(lower)) return other;
    // A reason phrase in place of a code, as from Spring.
    if (/\s|^forbidden$/.test(lower)) return { kind: 'invalidResponse' };
  }
  const known = (codes: Meanings): CodeMeaning | undefined => codes.get(code) ?? codes.get(lower);
  const meaning = known(dialect[step]) ?? known(anyStep) ?? other;
  return typeof meaning === 'function' ? meaning(details.description) : meaning;
}

/**
 * Okta uses one code for an unassigned user and for a user that matches no policy rule. Only the description tells
 * them apart, and it is localized: unless it is Okta's exact English text, an administrator has to check both.
 */
function deniedByOkta(description = ''): Meaning {
  if (/^User is not assigned to the client application\.?$/.test(description)) return { kind: 'notAssigned' };
  return /^Policy evaluation failed for this request\b/.test(description)
    ? { kind: 'policy' }
    : { kind: 'policy', reason: 'assignmentOrRule' };
}

function meanings(kinds: Readonly<Partial<Record<SignInErrorKind, readonly string[]>>>): Meanings {
  const entries = Object.entries(kinds) as [SignInErrorKind, readonly string[]][];
  return new Map(entries.flatMap(([kind, codes]) => codes.map((code) => [code, { kind }] as const)));
}

function codeRefused(codes: readonly string[]): Meanings {
  return new Map(codes.map((code) => [code, { kind: 'codeExpired', reason: 'codeRefused' }]));
}

/** Merges tables; later ones take precedence. */
function merged(...tables: readonly Meanings[]): Meanings {
  return new Map(tables.flatMap((one) => [...one]));
}
