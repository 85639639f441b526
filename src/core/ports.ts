/** The outside, as the core sees it. `src/adapters` makes these real; tests hand in their own. */

/** Time. Every wait goes through here, so a flow of ten minutes is tested in a millisecond. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /**
   * Milliseconds since some moment, by a clock that is never set and that may stand still while the machine sleeps;
   * not every host has one.
   */
  monotonic?(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The log a person can open. Its fields never hold a token, code, verifier or secret. */
export interface Log {
  debug(message: string, details?: LogFields): void;
  info(message: string, details?: LogFields): void;
  warn(message: string, details?: LogFields): void;
  error(message: string, details?: LogFields): void;
}
/** Fields of a log line, by name. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * `fetch` as the host patches it (proxy, company certificates), with bounds on time and size: what it resolves to holds
 * the whole body already, redirects are not followed, and an error does not say back the secrets that it was sent. Rejects
 * with a {@link SignInError} of kind `network`, `timeout`, `certificate`, `proxy` or `invalidResponse`, `invalidInput` for
 * a header that cannot be sent, or `cancelled` when the signal aborted. Where `accept` asks for JSON, a page or a redirect
 * to another host is `proxy`.
 */
export type HttpFetch = (url: string, init: HttpRequest) => Promise<Response>;
/** A request of {@link HttpFetch}. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  /** Text; a body that is not text is given as `bytes`. */
  readonly body?: string;
  readonly bytes?: Uint8Array<ArrayBuffer>;
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
  /** Called with the ID whose record may have changed, here or in another window; undefined: any of them may have. */
  onDidChange(listener: (id: string | undefined) => void): Disposable;
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
