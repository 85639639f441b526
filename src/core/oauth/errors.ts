/** The actor or condition that has to change before the same request can succeed. */
export type ErrorGroup =
  'transient' | 'local' | 'environment' | 'clientRegistration' | 'grantRevoked' | 'policy' | 'user';

/** The effect of an error kind on its session, and whether the same request may be tried again. */
export interface ErrorEffect {
  readonly group: ErrorGroup;
  /** `over`: the grant is permanently invalid; the record keeps the reason, and the user has to sign in again. */
  readonly session: 'kept' | 'over';
  /** `atOnce`: retry immediately; `later`: retry after a back-off; `no`: a retry would fail the same way. */
  readonly retry: 'atOnce' | 'later' | 'no';
}

const effects = {
  cancelled: { group: 'user', session: 'kept', retry: 'no' },
  denied: { group: 'user', session: 'kept', retry: 'no' },
  signInNeeded: { group: 'user', session: 'kept', retry: 'no' },
  codeExpired: { group: 'user', session: 'kept', retry: 'no' },
  invalidInput: { group: 'user', session: 'kept', retry: 'no' },
  connectionChanged: { group: 'user', session: 'kept', retry: 'no' },
  network: { group: 'transient', session: 'kept', retry: 'atOnce' },
  timeout: { group: 'transient', session: 'kept', retry: 'atOnce' },
  serverError: { group: 'transient', session: 'kept', retry: 'later' },
  rateLimited: { group: 'transient', session: 'kept', retry: 'later' },
  invalidResponse: { group: 'transient', session: 'kept', retry: 'later' },
  proxy: { group: 'environment', session: 'kept', retry: 'later' },
  certificate: { group: 'environment', session: 'kept', retry: 'later' },
  metadataMissing: { group: 'environment', session: 'kept', retry: 'later' },
  metadataMismatch: { group: 'environment', session: 'kept', retry: 'no' },
  noFlow: { group: 'environment', session: 'kept', retry: 'no' },
  portsUnavailable: { group: 'local', session: 'kept', retry: 'later' },
  storage: { group: 'local', session: 'kept', retry: 'later' },
  configuration: { group: 'local', session: 'kept', retry: 'later' },
  lockBusy: { group: 'local', session: 'kept', retry: 'later' },
  credentialStoreLost: { group: 'local', session: 'over', retry: 'no' },
  registrationRefused: { group: 'clientRegistration', session: 'over', retry: 'no' },
  grantRevoked: { group: 'grantRevoked', session: 'over', retry: 'no' },
  policy: { group: 'policy', session: 'kept', retry: 'no' },
  blockedByOrganization: { group: 'policy', session: 'kept', retry: 'no' },
  notAssigned: { group: 'policy', session: 'kept', retry: 'no' },
  scopeRefused: { group: 'policy', session: 'kept', retry: 'no' },
  requestRefused: { group: 'policy', session: 'kept', retry: 'no' },
  invalidStartUrl: { group: 'policy', session: 'kept', retry: 'no' },
} as const satisfies Readonly<Record<string, ErrorEffect>>;

/** The kinds of sign-in and session errors, as a closed union. The shell provides their messages. */
export type SignInErrorKind = keyof typeof effects;

/** The effects of every error kind, defined only here (docs/ARCHITECTURE.md, rule 1). */
export const errorEffects: Readonly<Record<SignInErrorKind, ErrorEffect>> = effects;

/** Details of an error, safe to show and log. They never contain a token, code, verifier or secret. */
export interface ErrorDetails {
  /** The operation: `registerClient`, `token`, `metadata`, `listen`, … */
  readonly operation?: string;
  /** Set for OpenID Connect providers other than Okta, to which instructions for Okta's console do not apply. */
  readonly isGeneric?: true;
  readonly host?: string;
  readonly status?: number;
  /** `error` of RFC 6749 5.2, or the system's code such as `ECONNREFUSED`. */
  readonly code?: string;
  /** The server's description, made safe by {@link safeText}. */
  readonly description?: string;
  /** The request ID, for the provider's support: `x-amzn-requestid`, `x-okta-request-id`. */
  readonly requestId?: string;
  /** The earliest time of a retry, as the server requests; epoch milliseconds. */
  readonly retryAt?: number;
  /** The interval between polls that a `slow_down` asks for. */
  readonly intervalSeconds?: number;
  /** The requested scopes, if the server refused them. */
  readonly scopes?: readonly string[];
  readonly input?: string;
  /** The cause within a kind, such as the rule that an input broke; or `reason` of an SSO-OIDC error. */
  readonly reason?: string;
  /** The character that an input must not contain, such as `U+200B`. */
  readonly character?: string;
  /** The AWS region that the server names in place of the requested one. */
  readonly region?: string;
  /** The issuer that a metadata document names, if it differs from the requested one. */
  readonly namedIssuer?: string;
  /** The path of the file that caused the error, if any. */
  readonly file?: string;
  /** The process that holds the lock, and its host name; `pid` is 0 if unknown. */
  readonly holder?: { readonly pid: number; readonly host: string };
  /** The loopback ports that failed, each with its address and the system's code. */
  readonly ports?: readonly PortRefusal[];
}

/** A loopback port that could not be used. */
export interface PortRefusal {
  readonly port: number;
  /** `127.0.0.1` or `::1`. */
  readonly address: string;
  /** The system's code, such as `EADDRINUSE` or `EACCES`. */
  readonly code: string;
}

/** The only error class that leaves the core. Its message is for logs; `kind` and `details` carry the meaning. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
  readonly kind: SignInErrorKind;
  readonly details: ErrorDetails;

  constructor(kind: SignInErrorKind, details: ErrorDetails = {}, cause?: unknown) {
    const where = [details.operation, details.host, details.status, details.code].filter(
      (part) => part !== undefined,
    );
    super(where.length === 0 ? kind : `${kind} (${where.join(', ')})`, cause === undefined ? {} : { cause });
    this.kind = kind;
    this.details = details;
  }
}

/** The first `SignInError` in a chain of causes, since libraries wrap errors from our ports; undefined without one. */
export function findSignInError(error: unknown): SignInError | undefined {
  for (let link = error, depth = 0; link instanceof Error && depth < 8; link = link.cause, depth++) {
    if (link instanceof SignInError) return link;
  }
  return undefined;
}

/** The error of an aborted signal: its reason if that is a `SignInError`, otherwise `timeout` or `cancelled`. */
export function abortError(signal: AbortSignal, details: ErrorDetails = {}): SignInError {
  const reason: unknown = signal.reason;
  if (reason instanceof SignInError) return reason;
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError';
  return new SignInError(isTimeout ? 'timeout' : 'cancelled', details, reason);
}

/** Whether the user or the caller canceled. */
export function isCancelled(error: unknown): boolean {
  return findSignInError(error)?.kind === 'cancelled';
}

/** Sets `isGeneric` on a `SignInError`; returns `cancelled` and any other value unchanged. */
export function asGeneric(error: unknown): unknown {
  if (!(error instanceof SignInError) || error.kind === 'cancelled') return error;
  return new SignInError(error.kind, { ...error.details, isGeneric: true }, error);
}
