import { connectionKey, isPseudoScope } from '../connection.ts';
import type { Connection } from '../connection.ts';
import { abortError, errorEffects, findSignInError, isCancelled, SignInError } from '../errors.ts';
import type { Person } from '../ports.ts';
import { abortable } from '../abortable.ts';
import { endGrant, obtainGrant, refreshGrant } from './grant.ts';
import type { GrantPorts, SignInRequest } from './grant.ts';
import { decideRefresh, idleMilliseconds, isGood } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import type { Session } from './session.ts';
import type { SessionStore, StoredSession, StoredSessions } from './sessionStore.ts';
import { SessionWatch } from './sessionWatch.ts';
import type { SessionsChange } from './sessionWatch.ts';

/** What `Sessions` stands on. */
export interface SessionsPorts extends GrantPorts {
  readonly store: SessionStore;
}

/** What became of a sign-out: local secrets are gone always; `notConfirmed` says why the server may still hold it. */
export interface SignOutOutcome {
  readonly session: Session;
  readonly notConfirmed?: SignInError;
}

const signOutPatience = 10_000;
/**
 * How often the wall clock is looked at for a refresh ahead; a timer that slept is late by no more than this. A
 * refresh that a gateway answered in the server's stead is so tried again within Okta's usual grace of 30 s.
 */
const aheadLookMilliseconds = 10_000;

/** The life of the sessions of one window. */
export class Sessions implements Disposable {
  readonly #ports: SessionsPorts;
  readonly #watch: SessionWatch;
  readonly #life = new AbortController();
  readonly #refreshes = new Map<string, Promise<Session>>();
  readonly #failures = new Map<string, FailedAttempt>();
  readonly #askedAt = new Map<string, number>();
  #lookingAhead = false;

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
    this.#watch = new SessionWatch(ports.store, ports.log);
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#watch[Symbol.dispose]();
  }

  /** Resolves when no refresh is under way any more: what a window that closes should wait for. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#refreshes.values());
  }

  /** Everything that is stored, without network. */
  list(): Promise<StoredSessions> {
    return this.#ports.store.all();
  }

  /** Calls `listener` after every change, made here or in another window. */
  onDidChange(listener: (change: SessionsChange) => void): Disposable {
    return this.#watch.onDidChange(listener);
  }

  /** The last failed refresh of a session in this window, if it has not succeeded since. */
  lastFailure(id: string): FailedAttempt | undefined {
    return this.#failures.get(id);
  }

  /**
   * Signs `person` in to a connection and stores the session. When another window signs in to the same connection
   * meanwhile, that is the answer, and the person is asked no more.
   * @throws SignInError as the flow of the connection
   */
  async signIn(
    connection: Connection,
    request: SignInRequest,
    person: Person,
    signal: AbortSignal,
  ): Promise<Session> {
    const { clock, log, store } = this.#ports;
    const startedAt = clock.now();
    const elsewhere = new AbortController();
    const wanted = (request.scopes ?? []).filter((scope) => !isPseudoScope(scope));
    let found: Session | undefined;
    using _ = this.onDidChange(({ added, changed }) => {
      found ??= [...added, ...changed].find(
        (session) =>
          connectionKey(session.connection) === connectionKey(connection) &&
          session.signedInAt >= startedAt &&
          wanted.every((scope) => session.tokenSet.scopes.includes(scope)),
      );
      // Who signs in as somebody else does not mean the one who just did.
      if (found !== undefined && request.prompt === undefined) elsewhere.abort(new SignInError('cancelled'));
    });
    const all = AbortSignal.any([signal, this.#life.signal, elsewhere.signal]);
    try {
      await this.#watch.started;
      const others = (await store.all()).sessions.filter((session) => session.type === connection.type);
      const taken = others.map((other) => other.account);
      const session = await obtainGrant(this.#ports, connection, request, person, taken, all);
      await store.alone(session.id, this.#life.signal, () => store.put(session));
      this.#failures.delete(session.id);
      log.info('Signed in', { session: session.id, expiresAt: timeOf(session) });
      await this.#watch.look();
      return session;
    } catch (error) {
      if (found === undefined || !elsewhere.signal.aborted || signal.aborted) {
        this.#noteFailedSignIn(connection, signal.aborted ? abortError(signal) : error);
        throw error;
      }
      log.info('Signed in by another window', { session: found.id });
      return found;
    }
  }

  /**
   * The session with a token that is good for at least a minute: the stored one, or after one refresh.
   * @throws SignInError `signInNeeded` when there is none, why it ended when it is over, or why the refresh failed
   */
  async fresh(id: string, signal: AbortSignal): Promise<Session> {
    if (signal.aborted) throw abortError(signal);
    const { session, newest } = await this.#get(id);
    const now = this.#ports.clock.now();
    this.#askedAt.set(id, now);
    this.#lookAhead();
    if (isOver(session, newest)) {
      if (isGood(now, session.tokenSet)) return session;
      throw overError(session);
    }
    const failed = this.#failures.get(id);
    switch (decideRefresh(now, session.tokenSet, failed)) {
      case 'serve':
        return session;
      case 'serveAndRefresh':
        this.#refreshBehind(id);
        return session;
      case 'refresh':
        return abortable(this.#refresh(id, false), signal);
      case 'wait':
        throw failed?.error ?? new SignInError('signInNeeded', { operation: 'session' });
    }
  }

  /** Refreshes now, whether needed or not; as {@link fresh} otherwise. */
  async refresh(id: string, signal: AbortSignal): Promise<Session> {
    return abortable(this.#refresh(id, true), signal);
  }

  /** Removes the session here and asks the server to end it; whatever the server says, it is gone here. */
  async signOut(id: string, signal: AbortSignal): Promise<SignOutOutcome> {
    const { clock, log, store } = this.#ports;
    await this.#watch.started;
    const { session } = await store.alone(id, AbortSignal.any([signal, this.#life.signal]), async () => {
      const stored = await this.#get(id);
      await store.remove(id);
      return stored;
    });
    this.#forget(id);
    await this.#watch.look();
    if (session.ended !== undefined) return { session };
    const done = new AbortController();
    const patience = new AbortController();
    const all = AbortSignal.any([signal, this.#life.signal, patience.signal]);
    clock.sleep(signOutPatience, done.signal).then(
      () => patience.abort(new SignInError('timeout', { operation: 'signOut' })),
      () => undefined,
    );
    try {
      await abortable(endGrant(this.#ports, session, all), all);
      log.info('Signed out', { session: id });
      return { session };
    } catch (error) {
      const notConfirmed = findSignInError(error) ?? new SignInError('unexpectedAnswer', {}, error);
      log.warn('Signed out here; the server did not confirm it', { session: id, kind: notConfirmed.kind });
      return { session, notConfirmed };
    } finally {
      done.abort(new SignInError('cancelled'));
    }
  }

  async #get(id: string): Promise<StoredSession> {
    const stored = await this.#ports.store.get(id);
    if (stored === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return stored;
  }

  #forget(id: string): void {
    this.#failures.delete(id);
    this.#askedAt.delete(id);
  }

  /** One refresh at a time for a session in this window; everybody who asks meanwhile waits for the same one. */
  #refresh(id: string, forced: boolean): Promise<Session> {
    const running = this.#refreshes.get(id);
    if (running !== undefined) return running;
    const askedAt = this.#ports.clock.now();
    const refreshing = this.#refreshUnlessElsewhere(id, forced ? askedAt : undefined)
      .catch(async (error: unknown) => {
        this.#noteFailure(id, error);
        throw error;
      })
      .finally(() => this.#refreshes.delete(id));
    this.#refreshes.set(id, refreshing);
    return refreshing;
  }

  /** Waits for the lock, but no longer than until another window has done what it was wanted for. */
  async #refreshUnlessElsewhere(id: string, forcedAt: number | undefined): Promise<Session> {
    const elsewhere = new AbortController();
    let found: Session | undefined;
    using _ = this.onDidChange(({ changed }) => {
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

  #refreshBehind(id: string): void {
    this.#refresh(id, false).catch(() => undefined); // Said in the log; the token that was served is good still.
  }

  /** With the lock held: read again, refresh only if still needed, write, and only then hand out. */
  async #refreshAlone(id: string, forcedAt: number | undefined): Promise<Session> {
    const { log, store } = this.#ports;
    const { session, newest } = await this.#get(id);
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
    const again = await this.#get(session.id);
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

  #noteFailedSignIn(connection: Connection, error: unknown): void {
    const known = findSignInError(error) ?? new SignInError('unexpectedAnswer', {}, error);
    const { operation, host, status, code, requestId } = known.facts;
    const facts = { connection: connectionKey(connection), kind: known.kind, operation, host, status, code };
    if (known.kind === 'cancelled') this.#ports.log.info('A sign-in was cancelled', facts);
    else this.#ports.log.warn('A sign-in failed', { ...facts, requestId });
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

  /** Starts the one look-out for tokens that are to be refreshed ahead; it ends when nobody asks any more. */
  #lookAhead(): void {
    if (this.#lookingAhead) return;
    this.#lookingAhead = true;
    const { clock, log } = this.#ports;
    const look = async (): Promise<void> => {
      while (this.#askedAt.size > 0) {
        await clock.sleep(aheadLookMilliseconds, this.#life.signal);
        const now = clock.now();
        for (const [id, askedAt] of this.#askedAt) {
          if (now - askedAt > idleMilliseconds) this.#askedAt.delete(id);
        }
        for (const { session, newest } of await this.#stored([...this.#askedAt.keys()])) {
          const due = decideRefresh(now, session.tokenSet, this.#failures.get(session.id));
          if (!isOver(session, newest) && (due === 'serveAndRefresh' || due === 'refresh'))
            this.#refreshBehind(session.id);
        }
      }
    };
    look()
      .catch((error: unknown) => {
        if (!this.#life.signal.aborted)
          log.error('The look-out for refreshes ahead stopped', { error: String(error) });
      })
      .finally(() => {
        this.#lookingAhead = false;
      });
  }

  async #stored(ids: readonly string[]): Promise<readonly StoredSession[]> {
    const found = await Promise.all(ids.map((id) => this.#ports.store.get(id)));
    return found.filter((one) => one !== undefined);
  }
}

/** Over for this window: ended, or replaced by a newer record that only another window can read. */
function isOver(session: Session, newest: boolean): boolean {
  return session.ended !== undefined || !newest;
}

function overError({ ended }: Session): SignInError {
  if (ended === undefined)
    return new SignInError('storage', { operation: 'session', reason: 'newerElsewhere' });
  const { kind, at: _at, ...facts } = ended;
  return new SignInError(kind, { operation: 'session', ...facts });
}

function timeOf({ tokenSet }: Session): string {
  return new Date(tokenSet.expiresAt).toISOString();
}
