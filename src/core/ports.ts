/** The ports of the core. `src/adapters` implements them; tests pass fakes. */

/** Time. Every wait uses this port, so a test runs a ten-minute flow in a millisecond. */
export interface Clock {
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /**
   * Monotonic milliseconds since an arbitrary point, unaffected by clock changes. May stop while the machine sleeps;
   * not available on every host.
   */
  monotonic?(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The log, which the user can open. Its fields never contain a token, code, verifier or secret. */
export interface Log {
  debug(message: string, details?: LogFields): void;
  info(message: string, details?: LogFields): void;
  warn(message: string, details?: LogFields): void;
  error(message: string, details?: LogFields): void;
}
/** Fields of a log line, by name. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * The host's `fetch` (with its proxy and certificates), limited in time and size. Responses contain the whole body,
 * and errors do not echo secrets of the request; redirects are not followed.
 * @throws SignInError `network`, `timeout`, `certificate`, `proxy` (also a page or a redirect to another origin if
 * `accept` asks for JSON), `serverError`, `rateLimited`, `invalidResponse` (too large), `invalidInput` (a URL or header
 * that cannot be sent), or `cancelled` if the signal aborts
 */
export type HttpFetch = (url: string, init: HttpRequest) => Promise<Response>;
/** A request of {@link HttpFetch}. */
export interface HttpRequest {
  readonly method: string;
  readonly headers: Record<string, string>;
  /** A text body; use `bytes` for a binary one. */
  readonly body?: string;
  readonly bytes?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** Whether two host names share a registered domain, so belong to one organization; false if unknown. Never rejects. */
export type IsSameOrganization = (one: string, other: string) => Promise<boolean>;

/** Secrets by key. Mirrors VS Code's `SecretStorage`. */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
  keys(): Promise<readonly string[]>;
  /** Called with the key that changed, in this window or another. */
  onDidChange(listener: (key: string) => void): Disposable;
}

/**
 * Session records, shared by all windows on this machine. A read returns what another window last wrote, even if
 * {@link SecretStore} reports that change late or never.
 */
export interface SessionRecords {
  /** The IDs of all records, including lost ones. */
  ids(): Promise<readonly string[]>;
  read(id: string): Promise<RecordReading>;
  /** The `about` of the record's last write, if the disk has it. */
  about(id: string): Promise<string | undefined>;
  /** Durable once resolved. `about` is stored unencrypted, to describe the record if it gets lost. */
  write(id: string, record: string, about: string): Promise<void>;
  /** Once resolved, the record is gone in every window. `isFileLeft` if the disk keeps its sealed file for now. */
  remove(id: string): Promise<{ readonly isFileLeft?: true }>;
  /**
   * Runs `work` under the lock of this ID, across all windows and calls. Rejects with the signal's reason.
   * @param timeoutMilliseconds how long to wait for the lock; 90 seconds by default
   * @throws SignInError `lockBusy`, with the holder, after that time
   */
  withLock<T>(
    id: string,
    signal: AbortSignal,
    work: () => Promise<T>,
    timeoutMilliseconds?: number,
  ): Promise<T>;
  /** Called with the ID of a record that may have changed, in any window; undefined if any of them may have. */
  onDidChange(listener: (id: string | undefined) => void): Disposable;
}

/**
 * `older`: outdated, since this window cannot read a newer record; never use it for a refresh.
 * `lost`: the secret of the record is gone; `about` is the one from {@link SessionRecords.write}.
 */
export type RecordReading =
  | { readonly state: 'absent' }
  | { readonly state: 'newest' | 'older'; readonly record: string }
  | { readonly state: 'lost'; readonly about: string };
