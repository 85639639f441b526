import { connectionKey } from '../connection/connection.ts';
import type { Connection } from '../connection/connection.ts';
import { abortError, findSignInError, isCancelled, SignInError } from '../oauth/errors.ts';
import type { UserInteraction } from '../oauth/userInteraction.ts';
import { withTimeout } from '../oauth/abortable.ts';
import type { SignInRequest } from './acquireTokens.ts';
import { BackgroundRefresh, Refreshes } from './refreshes.ts';
import { hasDeadTokens, isUsable } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { missingRights } from './rights.ts';
import { isOver, overError } from './session.ts';
import type { Session } from './session.ts';
import { SessionWatch, storedSession } from './sessionStore.ts';
import { secondsBetween } from './elapsed.ts';
import type { SessionsChange, SessionsPorts, StoredSessions } from './sessionStore.ts';

/** After a sign-out local secrets are gone always; `notConfirmed` says why the server may still hold the session. */
export interface SignOutOutcome {
  readonly session: Session;
  readonly notConfirmed?: SignInError;
  /** Where it could not be removed: the name of the `[sso-session]` in the token cache of the AWS CLI. */
  readonly left?: string;
}

const signOutPatience = 10_000;
/** So long a sign-in or a sign-out waits for a refresh that is under way. */
const lockPatience = 30_000;

/** Loaded when a session is signed in to, refreshed or signed out of. */
const operations = () => import('./operations.ts');

/** The life of the sessions of one window. */
export class Sessions implements Disposable {
  readonly #ports: SessionsPorts;
  readonly #watch: SessionWatch;
  readonly #life = new AbortController();
  readonly #refreshes: Refreshes;
  readonly #ahead: BackgroundRefresh;
  /** Sessions that are over and whose tokens are on their way out of the record. */
  readonly #dropping = new Set<string>();

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
    this.#watch = new SessionWatch(ports.store, ports.log);
    this.#refreshes = new Refreshes({ ...ports, operations }, this.#watch);
    this.#ahead = new BackgroundRefresh(ports, this.#refreshes);
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#ahead[Symbol.dispose]();
    this.#refreshes[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
  }

  /** Resolves when no refresh is under way any more: what a window that closes should wait for. */
  async settled(): Promise<void> {
    await this.#refreshes.settled();
  }

  /** Everything that is stored, without network. Tokens that a session that is over should not hold any more are removed. */
  async list(): Promise<StoredSessions> {
    const stored = await this.#ports.store.all();
    const now = this.#ports.clock.now();
    for (const { id, ended, tokenSet } of stored.sessions)
      if (ended !== undefined && hasDeadTokens(now, tokenSet)) void this.#dropDeadTokens(id);
    return stored;
  }

  /** Calls `listener` after every change, made here or in another window. */
  onDidChange(listener: (change: SessionsChange) => void): Disposable {
    return this.#watch.onDidChange(listener);
  }

  /** Calls `listener` after each refresh that failed in this window. */
  onDidFail(listener: () => void): Disposable {
    return this.#refreshes.onDidFail(listener);
  }

  /** The last ten refreshes that failed in this window, whatever came after, oldest first. */
  failedAttempts(id: string): readonly FailedAttempt[] {
    return this.#refreshes.failedAttempts(id);
  }

  /** The last failed refresh of a session in this window, if it has not succeeded since. */
  lastFailure(id: string): FailedAttempt | undefined {
    return this.#refreshes.lastFailure(id);
  }

  /**
   * Signs `person` in to a connection and stores the session. When another window signs in to the same connection
   * meanwhile, that is the answer, and the person is asked no more.
   * @throws SignInError as the flow of the connection
   */
  async signIn(
    connection: Connection,
    request: SignInRequest,
    person: UserInteraction,
    signal: AbortSignal,
  ): Promise<Session> {
    const { clock, log, store } = this.#ports;
    const startedAt = clock.now();
    using elsewhere = this.#watch.lookFor(
      (session) =>
        request.prompt === undefined && // A person who signs in as another one does not mean the one who just did.
        connectionKey(session.connection) === connectionKey(connection) &&
        session.signedInAt >= startedAt &&
        (request.accountName === undefined || session.account.name === request.accountName) &&
        missingRights(session.tokenSet, request.scopes ?? []).length === 0,
    );
    const all = AbortSignal.any([signal, this.#life.signal, elsewhere.signal]);
    try {
      await this.#watch.started;
      const others = (await store.all()).sessions.filter((session) => session.type === connection.type);
      const { acquireTokens, carryOver } = await operations();
      const granted = await acquireTokens(this.#ports, { connection, request, person, others }, all);
      const { id } = granted;
      const session = await this.#aloneIfPossible(id, this.#life.signal, async () => {
        const before = (await store.get(id).catch(() => undefined))?.session;
        return store.replace(carryOver(granted, before, this.#refreshes.failedAttempts(id)), before);
      });
      this.#refreshes.forget(id);
      log.info('Signed in', {
        session: session.id,
        expiresAt: timeOf(session),
        duration: secondsBetween(startedAt, clock.now()),
      });
      await this.#watch.look();
      return session;
    } catch (error) {
      const found = elsewhere.found();
      if (found === undefined || signal.aborted) {
        this.#noteFailedSignIn(connection, startedAt, signal.aborted ? abortError(signal) : error);
        throw error;
      }
      log.info('Signed in by another window', { session: found.id });
      return found;
    }
  }

  /**
   * The session with a token that is good for at least a minute: the stored one, or after one refresh.
   * @param listed as {@link list} has just read it: it is not read again where its token is served as it is
   * @throws SignInError `signInNeeded` when it is missing, why it ended when it is over, or why the refresh failed
   */
  async fresh(id: string, signal: AbortSignal, listed?: Session): Promise<Session> {
    if (signal.aborted) throw abortError(signal);
    const { clock, store } = this.#ports;
    if (listed !== undefined && this.#refreshes.decide(listed) === 'serve') {
      this.#ahead.touch(id);
      return listed;
    }
    const { session, newest } = await storedSession(store, id);
    const now = clock.now();
    this.#ahead.touch(id);
    if (isOver(session, newest)) {
      if (isUsable(now, session.tokenSet)) return session;
      throw overError(session);
    }
    switch (this.#refreshes.decide(session)) {
      case 'serve':
        return session;
      case 'serveAndRefresh':
        void this.#refreshes.refreshInBackground(id, false);
        return session;
      case 'refresh':
        return this.#refreshes.run(id, false, signal);
      case 'refreshOrServe':
        return this.#refreshes.run(id, false, signal).catch((error: unknown) => {
          if (isCancelled(error)) throw error;
          return session;
        });
      case 'wait':
        throw (
          this.#refreshes.lastFailure(id)?.error ?? new SignInError('signInNeeded', { operation: 'session' })
        );
    }
  }

  /**
   * Refreshes now, whether needed or not.
   * @throws SignInError as {@link fresh}
   */
  async refresh(id: string, signal: AbortSignal): Promise<Session> {
    this.#ahead.touch(id); // A failure that passes is so tried again by itself.
    return this.#refreshes.run(id, true, signal);
  }

  /**
   * Writes a session as `change` returns it, with its lock held and for every window; nothing where it returns none.
   * @returns whether it was written
   * @throws SignInError `signInNeeded` when it is gone, `storage` when only another window can write it
   */
  async change(
    id: string,
    change: (session: Session, now: number) => Session | undefined | Promise<Session | undefined>,
  ): Promise<boolean> {
    const { clock, store } = this.#ports;
    const now = clock.now();
    const isChanged = await store.alone(id, this.#life.signal, async () => {
      const { session, newest } = await storedSession(store, id);
      if (!newest) throw overError(session);
      const changed = await change(session, now);
      if (changed !== undefined) await store.put(changed);
      return changed !== undefined;
    });
    if (isChanged) void this.#watch.look();
    return isChanged;
  }

  /**
   * Removes the session here and asks the server to end it; whatever the server says, it is gone here.
   * @throws SignInError `signInNeeded` when it is gone already, or the signal's reason before it is removed
   */
  async signOut(id: string, signal: AbortSignal): Promise<SignOutOutcome> {
    const { clock, log, store } = this.#ports;
    await this.#watch.started;
    const either = AbortSignal.any([signal, this.#life.signal]);
    const { session, ...left } = await this.#aloneIfPossible(id, either, async () => {
      const taken = await store.withdraw((await storedSession(store, id)).session);
      await store.remove(id);
      return taken;
    });
    await this.#forgotten(id);
    if (session.ended !== undefined) return { session, ...left };
    const startedAt = clock.now();
    const limit = { clock, milliseconds: signOutPatience, operation: 'signOut' };
    try {
      await withTimeout(limit, either, async (over) =>
        (await operations()).revokeTokens(this.#ports, session, over),
      );
      log.info('Signed out', { session: id, duration: secondsBetween(startedAt, clock.now()) });
      return { session, ...left };
    } catch (error) {
      const notConfirmed = findSignInError(error) ?? new SignInError('invalidResponse', {}, error);
      log.warn('Signed out locally; the server did not confirm it', { session: id, kind: notConfirmed.kind });
      return { session, notConfirmed, ...left };
    }
  }

  /**
   * Removes what is left of a session that cannot be read any more, so that it is not shown again. Nothing is sent,
   * and a session that can be read stays.
   * @throws the system's error where the record cannot be removed
   */
  async forget(id: string): Promise<void> {
    const { log, store } = this.#ports;
    await this.#watch.started;
    await this.#aloneIfPossible(id, this.#life.signal, async () => {
      if ((await store.get(id)) === undefined) await store.remove(id);
    });
    log.info('Lost session removed', { session: id });
    await this.#forgotten(id);
  }

  /** Its record was removed. */
  async #forgotten(id: string): Promise<void> {
    this.#refreshes.forget(id);
    this.#ahead.forget(id);
    await this.#watch.look();
  }

  /**
   * A sign-in that the browser said yes to is stored, and a secret is removed, also where the disk refuses the lock or
   * its holder keeps it: the tokens of a new sign-in belong to no other, and a refresh that ends later leaves them alone.
   */
  async #aloneIfPossible<T>(id: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#ports.store.alone(id, signal, work, lockPatience).catch((error: unknown) => {
      const known = findSignInError(error);
      if (known?.kind !== 'storage' && known?.kind !== 'lockBusy') throw error;
      if (known.kind === 'lockBusy')
        this.#ports.log.warn('The lock of a session is busy; continuing without it', {
          session: id,
          ...known.details.holder,
        });
      return work();
    });
  }

  async #dropDeadTokens(id: string): Promise<void> {
    if (this.#dropping.has(id)) return;
    this.#dropping.add(id);
    try {
      const { withoutDeadTokens } = await operations();
      await this.change(id, (session, now) => session.ended && withoutDeadTokens(now, session));
    } catch (error) {
      this.#ports.log.warn('The tokens of an ended session could not be removed', {
        session: id,
        kind: findSignInError(error)?.kind,
      });
    } finally {
      this.#dropping.delete(id);
    }
  }

  #noteFailedSignIn(connection: Connection, startedAt: number, error: unknown): void {
    const known = findSignInError(error) ?? new SignInError('invalidResponse', {}, error);
    const { operation, host, status, code, requestId } = known.details;
    const details = {
      connection: connectionKey(connection),
      kind: known.kind,
      operation,
      host,
      status,
      code,
      duration: secondsBetween(startedAt, this.#ports.clock.now()),
    };
    if (known.kind === 'cancelled') this.#ports.log.info('Sign-in canceled', details);
    else this.#ports.log.warn('Sign-in failed', { ...details, requestId });
  }
}

function timeOf({ tokenSet }: Session): string {
  return new Date(tokenSet.expiresAt).toISOString();
}
