import { abortable } from '../abortable.ts';
import { errorEffects, findSignInError, isCancelled, SignInError } from '../errors.ts';
import type { GrantPorts } from './grant.ts';
import { decideRefresh } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import type { Session } from './session.ts';
import type { SessionStore, StoredSession } from './sessionStore.ts';
import type { SessionWatch } from './sessionWatch.ts';

interface RefreshesPorts extends GrantPorts {
  readonly store: SessionStore;
}

/** The refreshes of one window: one at a time for each session, over all windows (DESIGN.md, rules of a session, 2). */
export class Refreshes implements Disposable {
  readonly #ports: RefreshesPorts;
  readonly #watch: SessionWatch;
  readonly #life = new AbortController();
  readonly #running = new Map<string, Promise<Session>>();
  readonly #failures = new Map<string, FailedAttempt>();

  constructor(ports: RefreshesPorts, watch: SessionWatch) {
    this.#ports = ports;
    this.#watch = watch;
  }

  /** Who waits for a lock gives up; a refresh that was sent goes on to its end. */
  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
  }

  /** Resolves when no refresh is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values());
  }

  /** The last failed refresh of a session in this window, if none has succeeded since. */
  lastFailure(id: string): FailedAttempt | undefined {
    return this.#failures.get(id);
  }

  /** Forgets what failed before: the session is a new one, or gone. */
  forget(id: string): void {
    this.#failures.delete(id);
  }

  /**
   * Refreshes a session unless somebody has done so meanwhile; `forced`, also when its token is not due.
   * @throws SignInError why it failed, `signInNeeded` when there is no such session, why it ended when it is over,
   * or the signal's reason, which ends the waiting and not the refresh
   */
  run(id: string, forced: boolean, signal: AbortSignal): Promise<Session> {
    return abortable(this.#shared(id, forced), signal);
  }

  /** Refreshes behind the back of whoever was served. What fails is said in the log. */
  runBehind(id: string): void {
    this.#shared(id, false).catch(() => undefined);
  }

  /** One refresh at a time for a session in this window; everybody who asks meanwhile waits for the same one. */
  #shared(id: string, forced: boolean): Promise<Session> {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    const askedAt = this.#ports.clock.now();
    const refreshing = this.#refreshUnlessElsewhere(id, forced ? askedAt : undefined)
      .catch(async (error: unknown) => {
        this.#noteFailure(id, error);
        throw error;
      })
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
      return await this.#ports.store.alone(id, waiting, () => this.#refreshAlone(id, forcedAt));
    } catch (error) {
      if (found === undefined || !isCancelled(error)) throw error;
      this.#failures.delete(id);
      return found;
    }
  }

  /** Whether what was asked for is done: a token that is not due, or one newer than the moment a person asked for it. */
  #isRefreshed({ tokenSet }: Session, forcedAt: number | undefined): boolean {
    return forcedAt === undefined
      ? decideRefresh(this.#ports.clock.now(), tokenSet) === 'serve'
      : tokenSet.obtainedAt > forcedAt;
  }

  /** With the lock held: read again, refresh only if still needed, write, and only then hand out. */
  async #refreshAlone(id: string, forcedAt: number | undefined): Promise<Session> {
    const { log, store } = this.#ports;
    const { session, newest } = await storedSession(store, id);
    if (isOver(session, newest)) throw overError(session);
    if (this.#isRefreshed(session, forcedAt)) return session;
    this.#life.signal.throwIfAborted();
    try {
      const fresh = await this.#askTwice(session);
      const refreshed: Session = { ...session, tokenSet: fresh, refreshedAt: fresh.obtainedAt };
      await store.put(refreshed);
      this.#failures.delete(id);
      log.info('Refreshed', { session: id, expiresAt: timeOf(refreshed) });
      void this.#watch.look();
      return refreshed;
    } catch (error) {
      const known = findSignInError(error);
      if (known === undefined || errorEffects[known.kind].session === 'kept') throw error;
      return await this.#end(session, known);
    }
  }

  /** A refresh whose answer was lost may have been done: the same token again, at once, within the server's grace. */
  async #askTwice(session: Session) {
    // Nothing stops a refresh that was sent, not even the end of the window: its token may be spent by then.
    const toTheEnd = new AbortController().signal;
    const { refreshGrant } = await import('./grant.ts');
    try {
      return await refreshGrant(this.#ports, session, toTheEnd);
    } catch (error) {
      const known = findSignInError(error);
      if (known === undefined || errorEffects[known.kind].retry !== 'atOnce') throw error;
      this.#ports.log.warn('The answer to a refresh was lost; asking again at once', {
        session: session.id,
        kind: known.kind,
        code: known.facts.code,
      });
      return refreshGrant(this.#ports, session, toTheEnd);
    }
  }

  /** The server says that it is over. Believed only when no newer token is stored, and kept with its reason. */
  async #end(session: Session, error: SignInError): Promise<Session> {
    const { clock, log, store } = this.#ports;
    const again = await storedSession(store, session.id);
    if (again.newest && again.session.tokenSet.refreshToken !== session.tokenSet.refreshToken)
      return again.session;
    const { host, code, description, requestId } = error.facts;
    const ended = {
      at: clock.now(),
      kind: error.kind,
      ...(host === undefined ? {} : { host }),
      ...(code === undefined ? {} : { code }),
      ...(description === undefined ? {} : { description }),
      ...(requestId === undefined ? {} : { requestId }),
    };
    await store.put({ ...session, ended });
    log.warn('A session ended', { session: session.id, ...ended });
    void this.#watch.look();
    throw error;
  }

  #noteFailure(id: string, error: unknown): void {
    const known =
      findSignInError(error) ?? new SignInError('unexpectedAnswer', { operation: 'refresh' }, error);
    if (known.kind === 'cancelled') return;
    const failures = (this.#failures.get(id)?.failures ?? 0) + 1;
    this.#failures.set(id, { at: this.#ports.clock.now(), error: known, failures });
    this.#ports.log.warn('A refresh failed', {
      session: id,
      kind: known.kind,
      host: known.facts.host,
      status: known.facts.status,
      code: known.facts.code,
      session_is: errorEffects[known.kind].session,
      failures,
    });
  }
}

/**
 * A session as it is stored.
 * @throws SignInError `signInNeeded` when there is none
 */
export async function storedSession(store: SessionStore, id: string): Promise<StoredSession> {
  const stored = await store.get(id);
  if (stored === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
  return stored;
}

/** Over for this window: ended, or replaced by a newer record that only another window can read. */
export function isOver(session: Session, newest: boolean): boolean {
  return session.ended !== undefined || !newest;
}

/** Why a session that is over is so. */
export function overError({ ended }: Session): SignInError {
  if (ended === undefined)
    return new SignInError('storage', { operation: 'session', reason: 'newerElsewhere' });
  const { kind, at: _at, ...facts } = ended;
  return new SignInError(kind, { operation: 'session', ...facts });
}

function timeOf({ tokenSet }: Session): string {
  return new Date(tokenSet.expiresAt).toISOString();
}
