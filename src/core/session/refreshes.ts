import { abortable } from '../oauth/abortable.ts';
import { errorEffects, findSignInError, isCancelled, SignInError } from '../oauth/errors.ts';
import type { refreshUnderLock } from './refreshUnderLock.ts';
import {
  decideRefresh,
  idleMilliseconds,
  isInUse,
  isOtherWindows,
  retryAt,
  turnAt,
  unmissedUntil,
} from './refreshPolicy.ts';
import type { FailedAttempt, RefreshDecision } from './refreshPolicy.ts';
import { ClockWatch } from './clockWatch.ts';
import { isOver } from './session.ts';
import type { Session } from './session.ts';
import type { SessionsPorts, SessionWatch, StoredSession } from './sessionStore.ts';

interface RefreshesPorts extends SessionsPorts {
  /** What refreshes a session, loaded on first use. */
  readonly operations: () => Promise<{ readonly refreshUnderLock: typeof refreshUnderLock }>;
}

/** The refreshes of one window: one at a time for each session, over all windows (docs/ARCHITECTURE.md, rule 2). */
export class Refreshes implements Disposable {
  readonly #ports: RefreshesPorts;
  readonly #watch: SessionWatch;
  readonly #clockWatch: ClockWatch;
  readonly #life = new AbortController();
  readonly #running = new Map<string, Promise<Session>>();
  readonly #failures = new Map<string, FailedAttempt>();
  /** The last ones that failed, whatever came after: what a record is told of with the next refresh. */
  readonly #tries = new Map<string, readonly FailedAttempt[]>();
  readonly #listeners = new Set<(id: string) => void>();
  readonly #subscription: Disposable;

  constructor(ports: RefreshesPorts, watch: SessionWatch) {
    this.#ports = ports;
    this.#watch = watch;
    this.#clockWatch = new ClockWatch(ports.clock);
    this.#subscription = watch.onDidChange(({ changed }) => {
      for (const { id, tokenSet } of changed) {
        if (tokenSet.obtainedAt >= (this.#failures.get(id)?.at ?? Infinity)) this.#failures.delete(id);
      }
    });
  }

  /** Who waits for a lock gives up; a refresh that was sent goes on to its end. */
  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#subscription[Symbol.dispose]();
  }

  /** Resolves when no refresh is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** The last failed refresh of a session in this window, if none has succeeded since, here or in another. */
  lastFailure(id: string): FailedAttempt | undefined {
    return this.#failures.get(id);
  }

  /** The last ten tries that failed in this window, whatever came after, oldest first. */
  failedAttempts(id: string): readonly FailedAttempt[] {
    return this.#tries.get(id) ?? [];
  }

  /** Calls `listener` with the session of each try that failed in this window. */
  onDidFail(listener: (id: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Forgets what failed before: the session is a new one, or gone. */
  forget(id: string): void {
    this.#failures.delete(id);
    this.#tries.delete(id);
    this.#clockWatch.forget(id);
  }

  /**
   * What to do with the token of a session that is requested. Where the clock was set back, it is refreshed before it is
   * handed out, unless that has just failed: `refreshOrServe`.
   */
  decide(session: Session): RefreshDecision | 'refreshOrServe' {
    const now = this.#ports.clock.now();
    const failed = this.#failures.get(session.id);
    const decision = decideRefresh(now, session.tokenSet, failed);
    const isServed = decision === 'serve' || decision === 'serveAndRefresh';
    if (!isServed || !this.#clockWatch.wasSetBack(session)) return decision;
    return failed !== undefined && now < retryAt(failed) ? 'serve' : 'refreshOrServe';
  }

  /**
   * Refreshes a session unless another window has done so meanwhile; `forced`, also when its token is not due.
   * @throws SignInError why it failed, `signInNeeded` when the session does not exist, why it ended when it is over,
   * or the signal's reason, which ends the waiting and not the refresh
   */
  run(id: string, forced: boolean, signal: AbortSignal): Promise<Session> {
    return abortable(this.#shared(id, forced), signal);
  }

  /**
   * Refreshes as {@link run} after the caller has been served. Resolves when that is over; a failure is only
   * logged.
   */
  async refreshInBackground(id: string, forced: boolean): Promise<void> {
    await this.#shared(id, forced).catch(() => undefined);
  }

  /** One refresh at a time for a session in this window; all callers meanwhile wait for the same one. */
  #shared(id: string, forced: boolean): Promise<Session> {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    const askedAt = this.#ports.clock.now();
    const refreshing = this.#refreshUnlessElsewhere(id, forced ? askedAt : undefined)
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

  /** Waits for the lock, but no longer than until another window has done what it was wanted for. */
  async #refreshUnlessElsewhere(id: string, forcedAt: number | undefined): Promise<Session> {
    const elsewhere = new AbortController();
    let found: Session | undefined;
    using _ = this.#watch.onDidChange(({ changed }) => {
      found ??= changed.find((session) => session.id === id && this.#isRefreshed(session, forcedAt));
      if (found !== undefined) elsewhere.abort(new SignInError('cancelled'));
    });
    const waiting = AbortSignal.any([this.#life.signal, elsewhere.signal]);
    try {
      return await this.#ports.store.alone(id, waiting, async () => {
        const loaded = await this.#ports.operations();
        const isRefreshed = (session: Session) => this.#isRefreshed(session, forcedAt);
        const wanted = { isRefreshed, isForced: forcedAt !== undefined };
        return loaded.refreshUnderLock(
          this.#ports,
          { id, wanted, failed: this.failedAttempts(id) },
          this.#life.signal,
        );
      });
    } catch (error) {
      if (found === undefined || !isCancelled(error)) throw error;
      return found;
    }
  }

  /**
   * Whether what was asked for is done: a token that is not due, or one newer than the moment a person asked for it. One
   * that was obtained later than now is of before the clock was set back.
   */
  #isRefreshed(session: Session, forcedAt: number | undefined): boolean {
    const now = this.#ports.clock.now();
    const { tokenSet } = session;
    if (forcedAt === undefined)
      return decideRefresh(now, tokenSet) === 'serve' && !this.#clockWatch.wasSetBack(session);
    return tokenSet.obtainedAt > forcedAt && tokenSet.obtainedAt <= now;
  }

  async #noteFailure(id: string, error: unknown): Promise<void> {
    const known =
      findSignInError(error) ?? new SignInError('invalidResponse', { operation: 'refresh' }, error);
    if (known.kind === 'cancelled') return;
    const at = this.#ports.clock.now();
    const session = (await this.#ports.store.get(id).catch(() => undefined))?.session;
    const own = this.#failures.get(id)?.failures ?? 0;
    // The windows of a machine have one back-off: that of the window that has tried most often.
    const failures = Math.max(own + (isOtherWindows(known) ? 0 : 1), session?.tried?.failures ?? 1);
    const good = session === undefined ? {} : unmissedUntil(at, session.tokenSet);
    const attempt = { at, error: known, failures, ...good };
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

/** No session is refreshed ahead more often than this, whatever its server answers. */
const leastPauseMilliseconds = 5_000;

/** Why a sleep of the look-out ends early. */
const woken = new SignInError('cancelled');

type RefreshAheadPorts = Pick<SessionsPorts, 'clock' | 'log' | 'store'>;

/**
 * Refreshes ahead of time what is in use: a token that was requested since it came. A token that was not requested
 * since is left to run out, and the next request refreshes it. Between two moments at which something is due, nothing wakes up.
 */
export class BackgroundRefresh implements Disposable {
  readonly #ports: RefreshAheadPorts;
  readonly #refreshes: Refreshes;
  readonly #life = new AbortController();
  readonly #askedAt = new Map<string, number>();
  /** Those that are waited for: when something is due for them, epoch milliseconds. */
  readonly #dueAt = new Map<string, number>();
  /** When one was refreshed by this look-out the last time. */
  readonly #triedAt = new Map<string, number>();
  readonly #subscription: Disposable;
  readonly #openedAt: number;
  #woken = new AbortController();
  #isLooking = false;

  constructor(ports: RefreshAheadPorts, refreshes: Refreshes) {
    this.#ports = ports;
    this.#refreshes = refreshes;
    this.#openedAt = ports.clock.now();
    this.#subscription = refreshes.onDidFail((id) => {
      this.#dueAt.delete(id);
      this.#look();
    });
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#subscription[Symbol.dispose]();
  }

  /** The token of this session was requested. */
  touch(id: string): void {
    const now = this.#ports.clock.now();
    this.#askedAt.set(id, now);
    // A timer says nothing of a machine that slept: what should have been done by now is looked at again.
    if ((this.#dueAt.get(id) ?? -Infinity) < now) this.#look();
  }

  /** It is not wanted any more. */
  forget(id: string): void {
    for (const known of [this.#askedAt, this.#dueAt, this.#triedAt]) known.delete(id);
  }

  /** The one look-out, woken if it sleeps; it ends when there is nothing to look out for. */
  #look(): void {
    this.#woken.abort(woken);
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#lookOut().catch((error: unknown) => {
      this.#isLooking = false;
      if (this.#life.signal.aborted) return;
      this.#ports.log.error('The background refresh stopped', { error: String(error) });
    });
  }

  async #lookOut(): Promise<void> {
    const { clock } = this.#ports;
    for (;;) {
      this.#woken = new AbortController();
      const { signal } = this.#woken;
      await this.#lookOnce();
      const next = Math.min(...this.#dueAt.values());
      if (signal.aborted) continue;
      if (next === Infinity) {
        this.#isLooking = false;
        return;
      }
      const either = AbortSignal.any([signal, this.#life.signal]);
      await clock.sleep(next - clock.now(), either).catch((error: unknown) => {
        if (!signal.aborted || this.#life.signal.aborted) throw error;
      });
    }
  }

  /** Reads those for which something is due, or of which that is not known: not all of them whenever one has changed. */
  async #lookOnce(): Promise<void> {
    const now = this.#ports.clock.now();
    const ids = [...this.#askedAt.keys()].filter((id) => (this.#dueAt.get(id) ?? -Infinity) <= now);
    const found = await Promise.all(ids.map((id) => this.#ports.store.get(id)));
    ids.forEach((id, at) => this.#plan(id, found[at]));
  }

  /** Refreshes a session that is due, or notes when it will be. */
  #plan(id: string, stored: StoredSession | undefined): void {
    const now = this.#ports.clock.now();
    const dueAt = stored === undefined ? undefined : this.#dueFor(now, stored);
    if (stored === undefined || dueAt === undefined) this.#dueAt.delete(id);
    else if (now < dueAt) this.#dueAt.set(id, dueAt);
    else {
      this.#triedAt.set(id, now);
      this.#dueAt.set(id, Infinity); // The refresh wakes the look-out when it is over.
      // A token that is not due: a person's own refresh failed, and this one shows when it works again.
      const isWanted = decideRefresh(now, stored.session.tokenSet) === 'serve';
      void this.#refreshes.refreshInBackground(id, isWanted).then(() => {
        if (this.#dueAt.delete(id) && !this.#life.signal.aborted) this.#look();
      });
    }
  }

  /** When a session that is in use has to be refreshed; undefined for one that is not. */
  #dueFor(now: number, { session, newest }: StoredSession): number | undefined {
    const { id, tokenSet } = session;
    const askedAt = this.#askedAt.get(id) ?? -Infinity;
    if (isOver(session, newest) || now - askedAt > idleMilliseconds) {
      this.#askedAt.delete(id);
      return undefined;
    }
    const dueAt = Math.max(
      turnAt(this.#openedAt, tokenSet),
      (this.#triedAt.get(id) ?? -Infinity) + leastPauseMilliseconds,
    );
    const failed = this.#refreshes.lastFailure(id);
    if (failed !== undefined) return retryAt(failed);
    return now < dueAt || isInUse(now, askedAt, tokenSet) ? dueAt : undefined;
  }
}
