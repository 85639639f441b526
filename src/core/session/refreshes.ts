import { abortable } from '../oauth/abortable.ts';
import { errorEffects, findSignInError, isCancelled, SignInError } from '../oauth/errors.ts';
import type { refreshUnderLock } from './refreshUnderLock.ts';
import {
  clockToleranceMilliseconds,
  clockWasSetBack,
  decideRefresh,
  idleMilliseconds,
  isInUse,
  isFromOtherWindow,
  retryAt,
  staggeredDueAt,
} from './refreshPolicy.ts';
import type { FailedAttempt, RefreshDecision } from './refreshPolicy.ts';
import { isOver } from './session.ts';
import type { Session } from './session.ts';
import type { SessionsPorts, SessionWatch, StoredSession } from './sessionStore.ts';

interface RefreshesPorts extends SessionsPorts {
  /** Loaded on first use. */
  readonly operations: () => Promise<{ readonly refreshUnderLock: typeof refreshUnderLock }>;
}

/** The refreshes of one window: one at a time per session, across all windows (docs/ARCHITECTURE.md, rule 2). */
export class Refreshes implements Disposable {
  readonly #ports: RefreshesPorts;
  readonly #watch: SessionWatch;
  readonly #life = new AbortController();
  readonly #running = new Map<string, Promise<Session>>();
  readonly #failures = new Map<string, FailedAttempt>();
  /** The last ten failures, including those before a success; recorded with the next refresh. */
  readonly #tries = new Map<string, readonly FailedAttempt[]>();
  /** By session ID: the largest lead of the wall clock over the monotonic one, for the current token. */
  readonly #leads = new Map<string, { readonly obtainedAt: number; readonly lead: number }>();
  readonly #listeners = new Set<(id: string) => void>();
  readonly #subscription: Disposable;

  constructor(ports: RefreshesPorts, watch: SessionWatch) {
    this.#ports = ports;
    this.#watch = watch;
    this.#subscription = watch.onDidChange(({ changed }) => {
      for (const { id, tokenSet } of changed) {
        if (tokenSet.obtainedAt >= (this.#failures.get(id)?.at ?? Infinity)) this.#failures.delete(id);
      }
    });
  }

  /** Stops waiting for locks; a refresh that was sent runs to its end. */
  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#subscription[Symbol.dispose]();
  }

  /** Resolves when no refresh is in progress. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** The last failed refresh of a session in this window, unless one has succeeded since, in any window. */
  lastFailure(id: string): FailedAttempt | undefined {
    return this.#failures.get(id);
  }

  /** The last ten failed attempts in this window, oldest first, including those before a success. */
  failedAttempts(id: string): readonly FailedAttempt[] {
    return this.#tries.get(id) ?? [];
  }

  /** Calls `listener` with the session ID after each failed attempt in this window. */
  onDidFail(listener: (id: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Forgets earlier failures of a session that is new or gone. */
  forget(id: string): void {
    this.#failures.delete(id);
    this.#tries.delete(id);
    this.#leads.delete(id);
  }

  /**
   * Decides how to answer a token request. If the clock was set back, a usable token is refreshed first and
   * served if that fails (`refreshOrServe`), or served until the next retry is due.
   */
  decide(session: Session): RefreshDecision | 'refreshOrServe' {
    const now = this.#ports.clock.now();
    const failed = this.#failures.get(session.id);
    const decision = decideRefresh(now, session.tokenSet, failed);
    const isServed = decision === 'serve' || decision === 'serveAndRefresh';
    if (!isServed || !this.#clockWasSetBack(session)) return decision;
    return failed !== undefined && now < retryAt(failed, session.tokenSet) ? 'serve' : 'refreshOrServe';
  }

  /**
   * Refreshes a session unless another window just has; if `forced`, even before it is due. All callers in this
   * window share one refresh.
   * @throws SignInError why it failed, `signInNeeded` if the session does not exist, the reason the session
   * ended, or the signal's reason, which stops the wait but not the refresh
   */
  run(id: string, forced: boolean, signal: AbortSignal): Promise<Session> {
    const running = this.#running.get(id) ?? this.#start(id, forced);
    return abortable(running, signal);
  }

  /** Refreshes as {@link run}. Resolves when done; only logs a failure. */
  async refreshInBackground(id: string, forced: boolean): Promise<void> {
    await this.run(id, forced, this.#life.signal).catch(() => undefined);
  }

  #start(id: string, forced: boolean): Promise<Session> {
    const forcedAt = forced ? this.#ports.clock.now() : undefined;
    const refreshing = this.#refreshUnlessElsewhere(id, forcedAt)
      .then(
        (session) => {
          this.#failures.delete(id);
          return session;
        },
        async (error: unknown) => {
          await this.#noteFailure(id, error);
          throw error;
        },
      )
      .finally(() => this.#running.delete(id));
    this.#running.set(id, refreshing);
    return refreshing;
  }

  /** Refreshes under the lock, or stops waiting for it once another window has refreshed the session. */
  async #refreshUnlessElsewhere(id: string, forcedAt: number | undefined): Promise<Session> {
    const isRefreshed = (session: Session) => this.#isRefreshed(session, forcedAt);
    using elsewhere = this.#watch.searchFor((session) => session.id === id && isRefreshed(session));
    const waiting = AbortSignal.any([this.#life.signal, elsewhere.signal]);
    try {
      return await this.#ports.store.withLock(id, waiting, async () => {
        const { refreshUnderLock: refresh } = await this.#ports.operations();
        const wanted = { id, isRefreshed, isForced: forcedAt !== undefined, failed: this.failedAttempts(id) };
        return refresh(this.#ports, wanted, this.#life.signal);
      });
    } catch (error) {
      const found = elsewhere.found();
      if (found === undefined || !isCancelled(error)) throw error;
      return found;
    }
  }

  /**
   * Whether the refresh is done: the token is not due, or, if forced, is newer than `forcedAt`. A token from
   * before the clock was set back does not count.
   */
  #isRefreshed(session: Session, forcedAt: number | undefined): boolean {
    const now = this.#ports.clock.now();
    const { tokenSet } = session;
    if (forcedAt === undefined)
      return decideRefresh(now, tokenSet) === 'serve' && !this.#clockWasSetBack(session);
    return tokenSet.obtainedAt > forcedAt && tokenSet.obtainedAt <= now;
  }

  /**
   * Whether the clock was set back since a session's token arrived. After the first call for a token, compares
   * with the host's monotonic clock, if any; before that, detects only a token from the future.
   */
  #clockWasSetBack({ id, tokenSet }: Session): boolean {
    const now = this.#ports.clock.now();
    if (clockWasSetBack(now, tokenSet)) return true;
    const steady = this.#ports.clock.monotonic?.();
    if (steady === undefined) return false;
    const { obtainedAt } = tokenSet;
    const lead = now - steady;
    const seen = this.#leads.get(id);
    // Sleep increases the lead, since the monotonic clock may pause; only a decrease counts.
    if (seen?.obtainedAt === obtainedAt && lead < seen.lead)
      return lead < seen.lead - clockToleranceMilliseconds;
    this.#leads.set(id, { obtainedAt, lead });
    return false;
  }

  async #noteFailure(id: string, error: unknown): Promise<void> {
    const known =
      findSignInError(error) ?? new SignInError('invalidResponse', { operation: 'refresh' }, error);
    if (known.kind === 'cancelled') return;
    const at = this.#ports.clock.now();
    const session = (await this.#ports.store.get(id).catch(() => undefined))?.session;
    const own = this.#failures.get(id)?.failures ?? 0;
    // The windows of a machine share one back-off: that of the window with the most attempts.
    const failures = Math.max(own + (isFromOtherWindow(known) ? 0 : 1), session?.tried?.failures ?? 1);
    const attempt = { at, error: known, failures };
    this.#failures.set(id, attempt);
    this.#tries.set(id, [...this.failedAttempts(id), attempt].slice(-10));
    this.#ports.log.warn('Refresh failed', {
      session: id,
      kind: known.kind,
      host: known.details.host,
      status: known.details.status,
      code: known.details.code,
      effect: errorEffects[known.kind].session,
      failures,
    });
    for (const listener of this.#listeners) listener(id);
  }
}

/** Minimum pause between background refreshes of a session, whatever its server responds. */
const minPauseMilliseconds = 5_000;

/** Abort reason for ending a wait early. */
const woken = new SignInError('cancelled');

/** A session that is refreshed ahead. All times are epoch milliseconds. */
interface WatchedSession {
  /** When its token was last requested. */
  requestedAt: number;
  /** When it was last refreshed ahead. */
  triedAt: number;
  /** When to check it next: `Infinity` while it is read or refreshed, `-Infinity` while it is not watched. */
  dueAt: number;
  /** Present while it is watched; aborting it makes the watch check again. */
  waiting?: AbortController;
}

type BackgroundRefreshPorts = Pick<SessionsPorts, 'clock' | 'log' | 'store'>;

/**
 * Refreshes tokens in use before they expire. An unused token expires, and the next request refreshes it. Never
 * wakes up between due times.
 */
export class BackgroundRefresh implements Disposable {
  readonly #ports: BackgroundRefreshPorts;
  readonly #refreshes: Refreshes;
  readonly #life = new AbortController();
  readonly #watched = new Map<string, WatchedSession>();
  readonly #subscription: Disposable;
  readonly #openedAt: number;

  constructor(ports: BackgroundRefreshPorts, refreshes: Refreshes) {
    this.#ports = ports;
    this.#refreshes = refreshes;
    this.#openedAt = ports.clock.now();
    this.#subscription = refreshes.onDidFail((id) => this.#wake(id));
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#subscription[Symbol.dispose]();
  }

  /** Notes a token request for a session, and watches it. */
  touch(id: string): void {
    const requestedAt = this.#ports.clock.now();
    const watched = this.#watched.get(id) ?? { requestedAt, triedAt: -Infinity, dueAt: -Infinity };
    watched.requestedAt = requestedAt;
    this.#watched.set(id, watched);
    // Timers are unreliable across sleep: check again if something should have happened by now.
    if (watched.dueAt < requestedAt) this.#wake(id);
  }

  forget(id: string): void {
    this.#watched.get(id)?.waiting?.abort(woken);
    this.#watched.delete(id);
  }

  /** Makes the watch of a session check again, or restarts it if it has ended. */
  #wake(id: string): void {
    const watched = this.#watched.get(id);
    if (watched?.waiting !== undefined) watched.waiting.abort(woken);
    else if (watched !== undefined) void this.#keepFresh(id, watched);
  }

  /** Refreshes the session each time it is due, until it is no longer in use. Never rejects. */
  async #keepFresh(id: string, watched: WatchedSession): Promise<void> {
    const { clock, log, store } = this.#ports;
    try {
      while (this.#watched.get(id) === watched && !this.#life.signal.aborted) {
        watched.dueAt = Infinity;
        watched.waiting = new AbortController();
        const { signal } = watched.waiting;
        const stored = await store.get(id);
        const now = clock.now();
        const dueAt = stored && this.#dueFor(now, stored, watched);
        if (signal.aborted) continue;
        if (stored === undefined || dueAt === undefined) break;
        if (now < dueAt) {
          watched.dueAt = dueAt;
          const either = AbortSignal.any([signal, this.#life.signal]);
          await clock.sleep(dueAt - now, either).catch((error: unknown) => {
            if (!signal.aborted) throw error;
          });
        } else {
          watched.triedAt = now;
          // If the token is not due, the user's own refresh failed: retry to see when it works again.
          const isForced = decideRefresh(now, stored.session.tokenSet) === 'serve';
          await this.#refreshes.refreshInBackground(id, isForced);
        }
      }
    } catch (error) {
      if (!this.#life.signal.aborted) log.error('The background refresh stopped', { error: String(error) });
    } finally {
      watched.dueAt = -Infinity;
      delete watched.waiting;
    }
  }

  /** When to refresh a session, epoch milliseconds; undefined if it is not in use. */
  #dueFor(now: number, { session, newest }: StoredSession, watched: WatchedSession): number | undefined {
    const { requestedAt, triedAt } = watched;
    if (isOver(session, newest) || now - requestedAt > idleMilliseconds) return undefined;
    const failed = this.#refreshes.lastFailure(session.id);
    if (failed !== undefined) return retryAt(failed, session.tokenSet);
    const dueAt = Math.max(staggeredDueAt(this.#openedAt, session.tokenSet), triedAt + minPauseMilliseconds);
    return now < dueAt || isInUse(now, requestedAt, session.tokenSet) ? dueAt : undefined;
  }
}
