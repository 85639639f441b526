import type { ErrorDetails, SignInErrorKind } from './errors.ts';

/** The requests of a session's life that an authorization server may refuse. */
export type OAuthStep =
  'register' | 'authorize' | 'deviceAuthorization' | 'devicePoll' | 'codeExchange' | 'refresh' | 'revoke';

/** The meanings of the error codes of a server, by the step that it refuses. */
export type Dialect = Readonly<Record<OAuthStep, Meanings>>;

/** Which request was refused, and in whose words. */
export interface OAuthRequest {
  readonly dialect: Dialect;
  readonly step: OAuthStep;
}

/** A kind, with the `reason` that its words need where there is one. */
interface Meaning {
  readonly kind: SignInErrorKind;
  readonly reason?: string;
}

/** A meaning, or how the server's sentence refines it. */
type Reading = Meaning | ((description?: string) => Meaning);

/** Error codes, each with its meaning. A server's code may be `constructor`, so this is not a plain object. */
type Meanings = ReadonlyMap<string, Reading>;

/** The codes of RFC 6749 (4.1.2.1, 5.2), RFC 7591, RFC 8628 and of Okta's API that mean the same at every step. */
const anywhere = meanings({
  rateLimited: [
    ...['slow_down', 'too_many_requests', 'E0000047', 'throttling', 'throttled', 'throttling_error'],
    // Common errors of AWS services, some with 400: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
    ...['request_throttled', 'request_limit_exceeded', 'limit_exceeded', 'bandwidth_limit_exceeded'],
  ],
  serverError: [
    ...['temporarily_unavailable', 'server_error', 'internal_server', 'E0000009', 'internal_failure'],
    ...['internal_error', 'internal_server_error', 'service_unavailable', 'request_timeout'],
  ],
  registrationRefused: ['invalid_client', 'unauthorized_client'],
  scopeRefused: ['invalid_scope'],
  requestRefused: [
    ...['invalid_request', 'unsupported_grant_type', 'unsupported_response_type'],
    ...['invalid_client_metadata', 'invalid_redirect_uri'],
  ],
});

/**
 * A grant is over for good, in every word that servers have for it. OpenID Connect Core 1.0, 3.1.2.6, and its further error
 * code `unmet_authentication_requirements`; RFC 6750, 3.1; Auth0's `mfa_required`.
 */
const refresh = meanings({
  grantRevoked: [
    ...['invalid_grant', 'expired_token', 'invalid_token', 'access_denied', 'invalid_scope'],
    ...['interaction_required', 'login_required', 'consent_required', 'account_selection_required'],
    ...['unsupported_grant_type', 'mfa_required', 'unmet_authentication_requirements'],
  ],
});

/** At a step of a sign-in, the person has not finished at the identity provider. */
const person = meanings({
  denied: [
    ...['login_required', 'interaction_required', 'account_selection_required', 'consent_required'],
    'mfa_required', // Auth0's
  ],
});

const codeOver = meanings({ codeExpired: ['invalid_grant', 'expired_token'] });
const codeRefused: Meanings = new Map(
  [...codeOver.keys()].map((code) => [code, { kind: 'codeExpired', reason: 'codeRefused' }]),
);
/** The page of Identity Center has *Allow* and *Deny*. */
const deniedOnPage = meanings({ denied: ['access_denied'] });
const notAllowed = meanings({ requestRefused: ['access_denied'] });
/** Okta's `access_denied` is an administrator's at every step but a refresh. */
const deniedByAdministrator: Meanings = new Map([['access_denied', deniedByOkta]]);
/** Identity Center says so of a start URL that it does not know in this region. */
const startUrl = meanings({ invalidStartUrl: ['invalid_request'] });
/** The application lacks *Device Authorization*, or the organization lacks the feature. */
const deviceGrant: Meanings = new Map(
  ['unauthorized_client', 'unsupported_grant_type', 'invalid_request', 'E0000015', 'E0000022'].map((code) => [
    code,
    { kind: 'noFlow', reason: 'deviceGrant' },
  ]),
);

/**
 * The error codes of AWS's SSO-OIDC, of Okta, and of the RFCs and other OpenID providers (docs/PROTOCOL.md, 5). A
 * missing code means what it means {@link anywhere}.
 */
export const dialects = {
  ssoOidc: {
    register: notAllowed,
    authorize: both(person, deniedOnPage, startUrl),
    deviceAuthorization: both(notAllowed, startUrl),
    devicePoll: both(codeOver, deniedOnPage),
    codeExchange: both(codeRefused, deniedOnPage),
    refresh,
    revoke: notAllowed,
  },
  okta: {
    register: deniedByAdministrator,
    authorize: both(person, deniedByAdministrator),
    deviceAuthorization: both(deviceGrant, deniedByAdministrator),
    devicePoll: both(codeOver, person, deniedByAdministrator),
    codeExchange: both(codeRefused, person, deniedByAdministrator),
    refresh,
    revoke: deniedByAdministrator,
  },
  openId: {
    register: meanings({}),
    authorize: both(person, deniedOnPage),
    deviceAuthorization: deviceGrant,
    devicePoll: both(codeOver, deniedOnPage),
    codeExchange: both(codeRefused, person),
    refresh,
    revoke: meanings({}),
  },
} satisfies Readonly<Record<string, Dialect>>;

/** The meaning of an error code, and of the details that came with it, at a step in a dialect. */
export function meaningIn(code: string, details: ErrorDetails, { dialect, step }: OAuthRequest): Meaning {
  const { status = 400, reason } = details;
  if (status === 429) return { kind: 'rateLimited' };
  if (status >= 500) return { kind: 'serverError' };
  // AWS's key of the instance is disabled or out of reach: an administrator mends it, and every session goes on.
  if (reason?.startsWith('KMS_') === true) return { kind: 'policy', reason };
  // InvalidRequestRegionException has the code `invalid_request` and names the right region.
  const namesRegion = details.region !== undefined && code === 'invalid_request';
  if (namesRegion || code === 'invalid_request_region' || reason === 'invalid_request_region')
    return { kind: 'invalidStartUrl', reason: 'region' };
  // RFC 9449, 5 and 8: the application wants proof of possession.
  if (code === 'invalid_dpop_proof' || code === 'use_dpop_nonce')
    return { kind: step === 'refresh' ? 'grantRevoked' : 'requestRefused', reason: 'dpop' };
  // Codes are case-sensitive (RFC 6749, 5.2), but no two differ by case alone.
  const lower = code.toLowerCase();
  const known = (codes: Meanings): Reading | undefined => codes.get(code) ?? codes.get(lower);
  const reading = known(dialect[step]) ?? known(anywhere) ?? { kind: 'invalidResponse' };
  return typeof reading === 'function' ? reading(details.description) : reading;
}

/**
 * Okta refuses who is not assigned and whom no rule fits with one code and a sentence in the person's language. The
 * English sentences, whole and as Okta has them, tell the two apart; for any other, an administrator has to look at both.
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

/** One table of several; the last one counts. */
function both(...tables: readonly Meanings[]): Meanings {
  return new Map(tables.flatMap((one) => [...one]));
}
