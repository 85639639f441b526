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
  /** Loaded on first use. */
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
  /** The last ten that failed, whatever came after: recorded with the next refresh. */
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
   * Decides about a token that is requested. Where the clock was set back, it is refreshed before it is handed out, unless
   * that has just failed: `refreshOrServe`.
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
   * Refreshes a session unless another window has done so meanwhile; `forced`, also when its token is not due. All callers
   * in this window wait for the same refresh.
   * @throws SignInError why it failed, `signInNeeded` when the session does not exist, why it ended when it is over,
   * or the signal's reason, which ends the waiting and not the refresh
   */
  run(id: string, forced: boolean, signal: AbortSignal): Promise<Session> {
    const running = this.#running.get(id) ?? this.#start(id, forced);
    return abortable(running, signal);
  }

  /** Refreshes as {@link run}. Resolves when that is over; a failure is only logged. */
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

  /** Waits for the lock, but no longer than until another window has done what it was wanted for. */
  async #refreshUnlessElsewhere(id: string, forcedAt: number | undefined): Promise<Session> {
    const isRefreshed = (session: Session) => this.#isRefreshed(session, forcedAt);
    using elsewhere = this.#watch.lookFor((session) => session.id === id && isRefreshed(session));
    const waiting = AbortSignal.any([this.#life.signal, elsewhere.signal]);
    try {
      return await this.#ports.store.alone(id, waiting, async () => {
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

/** Why a wait for the next refresh ends early. */
const woken = new SignInError('cancelled');

/** A session that is refreshed ahead. All times are epoch milliseconds. */
interface Lookout {
  /** When its token was requested last. */
  askedAt: number;
  /** When it was refreshed ahead last. */
  triedAt: number;
  /** When something is due for it: never while it is read or refreshed, and always while it is not looked out for. */
  dueAt: number;
  /** Present while it is looked out for. */
  waiting?: AbortController;
}

type RefreshAheadPorts = Pick<SessionsPorts, 'clock' | 'log' | 'store'>;

/**
 * Refreshes ahead of time what is in use: a token that was requested since it came. Another is left to run out, and the
 * next request refreshes it. Between two moments at which something is due, nothing wakes up.
 */
export class BackgroundRefresh implements Disposable {
  readonly #ports: RefreshAheadPorts;
  readonly #refreshes: Refreshes;
  readonly #life = new AbortController();
  readonly #lookouts = new Map<string, Lookout>();
  readonly #subscription: Disposable;
  readonly #openedAt: number;

  constructor(ports: RefreshAheadPorts, refreshes: Refreshes) {
    this.#ports = ports;
    this.#refreshes = refreshes;
    this.#openedAt = ports.clock.now();
    this.#subscription = refreshes.onDidFail((id) => this.#look(id));
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#subscription[Symbol.dispose]();
  }

  /** The token of this session was requested. */
  touch(id: string): void {
    const askedAt = this.#ports.clock.now();
    const lookout = this.#lookouts.get(id) ?? { askedAt, triedAt: -Infinity, dueAt: -Infinity };
    lookout.askedAt = askedAt;
    this.#lookouts.set(id, lookout);
    // A timer says nothing of a machine that slept: what should have been done by now is looked at again.
    if (lookout.dueAt < askedAt) this.#look(id);
  }

  /** It is not wanted any more. */
  forget(id: string): void {
    this.#lookouts.get(id)?.waiting?.abort(woken);
    this.#lookouts.delete(id);
  }

  /** Looks again when something is due for a session that was requested before. */
  #look(id: string): void {
    const lookout = this.#lookouts.get(id);
    if (lookout?.waiting !== undefined) lookout.waiting.abort(woken);
    else if (lookout !== undefined) void this.#lookOut(id, lookout);
  }

  /** Waits until the session is due and refreshes it, again and again; ends when it is not in use. Never rejects. */
  async #lookOut(id: string, lookout: Lookout): Promise<void> {
    const { clock, log, store } = this.#ports;
    try {
      while (this.#lookouts.get(id) === lookout && !this.#life.signal.aborted) {
        lookout.dueAt = Infinity;
        lookout.waiting = new AbortController();
        const { signal } = lookout.waiting;
        const stored = await store.get(id);
        const now = clock.now();
        const dueAt = stored && this.#dueFor(now, stored, lookout);
        if (signal.aborted) continue;
        if (stored === undefined || dueAt === undefined) break;
        if (now < dueAt) {
          lookout.dueAt = dueAt;
          const either = AbortSignal.any([signal, this.#life.signal]);
          await clock.sleep(dueAt - now, either).catch((error: unknown) => {
            if (!signal.aborted) throw error;
          });
        } else {
          lookout.triedAt = now;
          // A token that is not due: a person's own refresh failed, and this one shows when it works again.
          const isForced = decideRefresh(now, stored.session.tokenSet) === 'serve';
          await this.#refreshes.refreshInBackground(id, isForced);
        }
      }
    } catch (error) {
      if (!this.#life.signal.aborted) log.error('The background refresh stopped', { error: String(error) });
    } finally {
      lookout.dueAt = -Infinity;
      delete lookout.waiting;
    }
  }

  /** When a session that is in use has to be refreshed; undefined for one that is not. */
  #dueFor(now: number, { session, newest }: StoredSession, lookout: Lookout): number | undefined {
    const { askedAt, triedAt } = lookout;
    if (isOver(session, newest) || now - askedAt > idleMilliseconds) return undefined;
    const failed = this.#refreshes.lastFailure(session.id);
    if (failed !== undefined) return retryAt(failed);
    const dueAt = Math.max(turnAt(this.#openedAt, session.tokenSet), triedAt + leastPauseMilliseconds);
    return now < dueAt || isInUse(now, askedAt, session.tokenSet) ? dueAt : undefined;
  }
}
