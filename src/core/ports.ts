import type { IdentityCenterConnection } from './connection/connection.ts';

/** What the core asks of the outside. `src/adapters` makes these real; tests hand in their own. */
import type { FlowName } from './connection/connection.ts';

/** Time. Every wait goes through here, so a flow of ten minutes is tested in a millisecond. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The log a person can open. Facts never hold a token, code, verifier or secret. */
export interface Log {
  debug(message: string, details?: LogFields): void;
  info(message: string, details?: LogFields): void;
  warn(message: string, details?: LogFields): void;
  error(message: string, details?: LogFields): void;
}
/** A log that remembers its last events, oldest first. */
export interface RecentLog extends Log {
  recent(): readonly LogEvent[];
}
export interface LogEvent {
  /** Epoch milliseconds; of the last time, where it came several times in a row. */
  readonly at: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  /** How often it came in a row. */
  readonly times: number;
}
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * `fetch` as the host patches it (proxy, company certificates), with bounds on time and size: what it resolves
 * to holds the whole body already, redirects are not followed. Rejects with a {@link SignInError} of kind
 * `network`, `timeout`, `certificate`, `proxy` or `invalidResponse`, `invalidInput` for a header that cannot be sent, or
 * `cancelled` when the signal aborted. Where `accept` asks for JSON, a page or a redirect to another host is `proxy`.
 */
export type HttpFetch = (url: string, init: HttpRequest) => Promise<Response>;
export interface HttpRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * Whether two host names belong to one organization: they share a domain that one organization registered. False
 * where that is not known. Never rejects.
 */
export type IsSameOrganization = (one: string, other: string) => Promise<boolean>;

/** One secret a key. Mirrors VS Code's `SecretStorage`. */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  /** Called with the key that changed, in this window or another. */
  onDidChange(listener: (key: string) => void): Disposable;
}

/**
 * Session records over all windows of this machine: whatever one window has written and given out is what the
 * next one reads, also where {@link SecretStore} tells it late or never.
 */
export interface SessionRecords {
  /** Every id that has a record, or the trace of a lost one. */
  ids(): Promise<readonly string[]>;
  read(id: string): Promise<RecordReading>;
  /** Durable when resolved. `about` lies in the open beside it, and says what was lost should it be lost. */
  write(id: string, record: string, about: string): Promise<void>;
  /** Gone in every window when resolved. */
  remove(id: string): Promise<void>;
  /**
   * Does `work` while no other window and no other call does any for this ID. Rejects with the signal's reason.
   * @param patienceMilliseconds how long to wait for the others; 90 seconds unless told
   * @throws SignInError `lockBusy` with its holder after that time
   */
  withLock<T>(
    id: string,
    signal: AbortSignal,
    work: () => Promise<T>,
    patienceMilliseconds?: number,
  ): Promise<T>;
  /** Called when any record may have changed, here or in another window. */
  onDidChange(listener: () => void): Disposable;
}

/**
 * `older`: another window has written a newer record that this window cannot read; what an `older` record holds
 * must never be used for a refresh. `lost`: there was one, and its secret is gone; `about` is what {@link
 * SessionRecords.write} was told.
 */
export type RecordReading =
  | { readonly state: 'absent' }
  | { readonly state: 'newest' | 'older'; readonly record: string }
  | { readonly state: 'lost'; readonly about: string };

/** The person at the screen, while the browser has the turn. */
export interface UserInteraction {
  /**
   * Shows the turn and brings up the browser; stays until `signal` aborts (the turn is over, close quietly).
   * Resolves when the person chose another way of {@link InteractionRequest.alternatives}; rejects with
   * `SignInError('cancelled')` when the person gives up.
   */
  prompt(turn: InteractionRequest, signal: AbortSignal): Promise<AlternativeAction>;
  /**
   * Says that the code or the link ran out unused, and resolves with whether a new one is wanted: `false` when nobody
   * looks. Rejects as {@link prompt}. Who has no such method never wants one.
   */
  confirmRetry?(signal: AbortSignal): Promise<boolean>;
  /**
   * Whether the person trusts a server with the callback address that other sign-ins use too (RFC 9700, 4.4): as was
   * said before, or, where `mayAsk`, as is said now. Rejects as {@link prompt}. Without this method it is a no.
   */
  trustsIssuer?(question: TrustQuestion, signal: AbortSignal): Promise<boolean>;
}

/** A server that does not say in its callbacks who it is, and has no redirect URI of its own. */
export interface TrustQuestion {
  readonly issuer: string;
  /** The address of its own that an administrator can register, which makes the question unnecessary. */
  readonly ownRedirectUri: string;
  readonly mayAsk: boolean;
}

/** Another way that a person may choose while the browser has the turn. */
export type AlternativeAction = 'deviceCode' | 'authorizationCode' | 'nextPort';

/** What a person needs to know while the browser has the turn. */
export interface InteractionRequest {
  /** Which connection this is about, by its name. */
  readonly connectionName: string;
  /** The address to open; holds no secret (a `user_code` is the person's own). */
  readonly url: string;
  /** The code to compare or type, where the flow has one (RFC 8628, 3.3). */
  readonly userCode?: string;
  /** The exact address the browser is to come back to, where the flow has one. */
  readonly redirectUri?: string;
  /** When the turn ends by itself, epoch milliseconds. */
  readonly expiresAt: number;
  /** The other ways there are. */
  readonly alternatives: readonly AlternativeAction[];
  /** Whether a browser that ends at `redirectUri` reaches this machine: the `loopback` of `flows.ts`. */
  readonly loopbackSupport?: 'works' | 'perhaps' | 'never';
  /** The flow that was wanted, where this host or this server lacks it and this turn is another one. */
  readonly fallbackFrom?: FlowName;
  /** The grant that the server announces and this application lacks, where a sign-in was led on for that. */
  readonly missingGrant?: 'deviceCode';
  /**
   * Takes the address the browser came back to, where it could not reach us. Held to the same checks as a received
   * one: returns what is wrong with it, or undefined when it is taken.
   */
  readonly paste?: (text: string) => PasteProblem | undefined;
  /** Resolves with what was learned about the redirect URI while the browser opened. Never rejects. */
  readonly finding?: Promise<RedirectUriStatus>;
}

/** Why a pasted address is not taken. */
export type PasteProblem = 'notCallback' | 'otherSignIn';

/** Whether the server knows a redirect URI, and if not, which of the others it knows. */
export interface RedirectUriStatus {
  readonly redirectUri: string;
  readonly registration: RedirectRegistration;
  /** The first of the other redirect URIs that is registered, if any; asked only when this one is not. */
  readonly registered?: string;
  /**
   * The parameter that every error page named as the wrong one; absent where a page named none or both. A
   * refinement only: a server that words its page otherwise names none.
   */
  readonly wrongParameter?: WrongParameter;
}
export type WrongParameter = 'client_id' | 'redirect_uri';
export type RedirectRegistration = 'registered' | 'notRegistered' | 'notKnown';

/** Listens for the redirect of an authorization (RFC 8252, 7.3). */
export interface LoopbackRedirect {
  /**
   * Takes the first of `ports` that is free on every loopback address and where our own probe is answered by us;
   * 0 stands for any free port. It hears callbacks at `path` and at the issuers' own paths below it.
   * @throws SignInError `portsUnavailable` with each refusal
   */
  listen(ports: readonly number[], path: string): Promise<LoopbackListener>;
}

/** A listener that waits for one callback. Disposing it releases the port. */
export interface LoopbackListener extends AsyncDisposable {
  readonly port: number;
  /**
   * Resolves with the first callback that `belongs` to this sign-in; any other request is answered and ignored.
   * Rejects with the signal's reason.
   */
  callback(belongs: BelongsHere, signal: AbortSignal): Promise<LoopbackCallback>;
}

/** Whether a callback is the one of a sign-in, by its parameters and its path (without a slash at the end). */
export type BelongsHere = (parameters: URLSearchParams, path: string) => boolean;

/** The browser came back and waits for its page. */
export interface LoopbackCallback {
  /** One of the paths that `isRedirectPath` of `loopbackTurn.ts` knows. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  /**
   * Sends the browser to a page without the code in its address; resolves when that page was delivered, or after two
   * seconds: at once, as far as a person can tell, when that person gave up.
   */
  answer(outcome: 'signedIn' | 'failed' | 'givenUp'): Promise<void>;
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

export interface RegisterClientRequest {
  readonly clientName: string;
  readonly clientType: 'public';
  readonly scopes: readonly string[];
  readonly grantTypes: readonly string[];
  readonly redirectUris?: readonly string[];
  readonly issuerUrl?: string;
}
export interface StartDeviceAuthorizationRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly startUrl: string;
}
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

/** The AWS CLI and the AWS SDKs on this machine, with which a person may want an Identity Center session shared. */
export interface AwsCli {
  /**
   * Whether the person wants the sessions of this connection shared here, and under which name: undefined where the
   * settings do not know the connection, and so nothing changes; a name of undefined where it is not wanted.
   */
  wanted(connection: IdentityCenterConnection): Promise<CliSharingPreference | undefined>;
  /** Their token cache. */
  cache(): Promise<AwsCliCache>;
}

export interface CliSharingPreference {
  /** Of the `[sso-session]`. */
  readonly name: string | undefined;
}

/** The token cache of the AWS CLI and the AWS SDKs, by the name of an `[sso-session]` (PROTOCOL.md, 1). */
export interface AwsCliCache {
  /** What lies there; `unreadable` also while somebody writes it. Rejects with the system's error. */
  read(name: string): Promise<AwsCliTokenAsFound | 'unreadable' | undefined>;
  /** Replaces what lies there whole; readable by its owner only. Rejects with the system's error. */
  write(name: string, token: AwsCliToken): Promise<void>;
  /** Gone when resolved. Rejects with the system's error. */
  remove(name: string): Promise<void>;
}

/** What the CLI keeps of a sign-in: it can use the token, and refresh it. */
export interface AwsCliToken {
  readonly startUrl: string;
  readonly region: string;
  readonly accessToken: string;
  /** Epoch milliseconds; the file has whole seconds. */
  readonly expiresAt: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Epoch milliseconds; the file has whole seconds. */
  readonly registrationExpiresAt: number;
  readonly refreshToken?: string;
}
/** What is missing in it is empty, a time that cannot be read infinite. */
export interface AwsCliTokenAsFound extends AwsCliToken {
  /** Epoch milliseconds. */
  readonly writtenAt: number;
  /** Its file or the folder belongs to another user of this machine, or others can write it. */
  readonly othersCanWrite?: true;
}
