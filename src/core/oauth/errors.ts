/** Who has to act, or what has to change, before the same request can work. */
export type ErrorGroup =
  'transient' | 'local' | 'environment' | 'clientRegistration' | 'grantRevoked' | 'policy' | 'person';

/** The effect of an error kind on its session, and whether the same request may be tried again. */
export interface ErrorEffect {
  readonly group: ErrorGroup;
  /** `over`: the grant is gone for good; the record keeps the reason and the session needs a new sign-in. */
  readonly session: 'kept' | 'over';
  /** `atOnce`: the same request again now; `later`: after a back-off; `no`: the same answer would come back. */
  readonly retry: 'atOnce' | 'later' | 'no';
}

const effects = {
  cancelled: { group: 'person', session: 'kept', retry: 'no' },
  denied: { group: 'person', session: 'kept', retry: 'no' },
  signInNeeded: { group: 'person', session: 'kept', retry: 'no' },
  codeExpired: { group: 'person', session: 'kept', retry: 'no' },
  invalidInput: { group: 'person', session: 'kept', retry: 'no' },
  connectionChanged: { group: 'person', session: 'kept', retry: 'no' },
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

/** Everything that can go wrong with a sign-in or a session, as one closed union; the shell has the words. */
export type SignInErrorKind = keyof typeof effects;

/** The one table of what an error means (docs/ARCHITECTURE.md, rule 1). */
export const errorEffects: Readonly<Record<SignInErrorKind, ErrorEffect>> = effects;

/** Details of an error, safe to show and to log: no token, code, verifier or secret is ever put in here. */
export interface ErrorDetails {
  /** The operation: `registerClient`, `token`, `metadata`, `listen`, … */
  readonly operation?: string;
  /** Whether any OpenID Connect provider is concerned: its console is not known, and sentences about Okta's are not true. */
  readonly isGeneric?: true;
  /** The host that was asked. */
  readonly host?: string;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** `error` of RFC 6749 5.2, or the system's code such as `ECONNREFUSED`. */
  readonly code?: string;
  /** The server's own words, made safe by {@link safeText}. */
  readonly description?: string;
  /** The id that support asks for: `x-amzn-requestid`, `x-okta-request-id`. */
  readonly requestId?: string;
  /** Epoch milliseconds before which the server asks not to be called again. */
  readonly retryAt?: number;
  /** The scopes that were sent, where the server refused them. */
  readonly scopes?: readonly string[];
  /** The input that was refused. */
  readonly input?: string;
  /** Which rule an input broke, a closed set of the module that checked it; or `reason` of an SSO-OIDC error. */
  readonly reason?: string;
  /** A character that an input may not have, as `U+200B`. */
  readonly character?: string;
  /** The AWS region that the server names instead of the one that was asked. */
  readonly region?: string;
  /** The issuer that a metadata document names for itself, where it is another than the one that was asked. */
  readonly namedIssuer?: string;
  /** The path of the file that decided, where one did. */
  readonly file?: string;
  /** Who holds the lock that was waited for; `pid` is 0 where that is not known. */
  readonly holder?: LockHolder;
  /** Ports that were tried, each with the address and the system's code. */
  readonly ports?: readonly PortRefusal[];
}

/** A process that holds a lock, and the name of its host. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** One loopback port that could not be had. */
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

/** The `SignInError` in a chain of causes (libraries wrap what our ports throw), or undefined. */
export function findSignInError(error: unknown): SignInError | undefined {
  for (let link = error, depth = 0; link instanceof Error && depth < 8; link = link.cause, depth++) {
    if (link instanceof SignInError) return link;
  }
  return undefined;
}

/** Why a signal aborted: its own reason where that is a `SignInError`, a time-out that ran out, or a person who gave up. */
export function abortError(signal: AbortSignal, details: ErrorDetails = {}): SignInError {
  const reason: unknown = signal.reason;
  if (reason instanceof SignInError) return reason;
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError';
  return new SignInError(isTimeout ? 'timeout' : 'cancelled', details, reason);
}

/** Whether this error means that the person or the caller gave up. */
export function isCancelled(error: unknown): boolean {
  return findSignInError(error)?.kind === 'cancelled';
}

/** The error as one of any OpenID Connect provider (`isGeneric`); what is not a `SignInError`, or a cancel, as it is. */
export function asGeneric(error: unknown): unknown {
  if (!(error instanceof SignInError) || error.kind === 'cancelled') return error;
  return new SignInError(error.kind, { ...error.details, isGeneric: true }, error);
}
