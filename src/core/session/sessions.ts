import { connectionKey } from '../connection/connection.ts';
import type { Connection } from '../connection/connection.ts';
import { abortError, findSignInError, isCancelled, SignInError } from '../oauth/errors.ts';
import type { UserInteraction } from '../oauth/userInteraction.ts';
import { withTimeout } from '../oauth/abortable.ts';
import type { SignInRequest } from './acquireTokens.ts';
import { identifiesPerson } from './namedAccount.ts';
import { BackgroundRefresh, Refreshes } from './refreshes.ts';
import { hasDeadTokens, isUsable } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { missingRights } from './rights.ts';
import { isOver, endError } from './session.ts';
import type { Session } from './session.ts';
import { SessionWatch, storedSession } from './sessionStore.ts';
import { secondsBetween } from './elapsed.ts';
import type { ChangeListener, SessionsPorts, StoredSessions } from './sessionStore.ts';

/** A sign-out: local secrets are gone; `notConfirmed` says why the server may still have the session. */
export interface SignOutOutcome {
  readonly session: Session;
  readonly notConfirmed?: SignInError;
  /** The `[sso-session]` whose entry in the AWS CLI's token cache could not be removed. */
  readonly unremovedEntry?: string;
  /** The disk keeps the sealed file of the tokens until it can be written again. */
  readonly isFileLeft?: true;
}

const signOutTimeout = 10_000;
/** How long a sign-in or sign-out waits for a refresh in progress, in milliseconds. */
const lockTimeout = 30_000;

/** Loaded on the first sign-in, refresh or sign-out. */
const operations = () => import('./operations.ts');

/** The entry point to sessions in one window: sign-in, tokens, refresh and sign-out. */
export class Sessions implements Disposable {
  readonly #ports: SessionsPorts;
  readonly #watch: SessionWatch;
  readonly #life = new AbortController();
  readonly #refreshes: Refreshes;
  readonly #backgroundRefresh: BackgroundRefresh;
  /** IDs of ended sessions whose tokens are being removed from their records. */
  readonly #dropping = new Set<string>();

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
    this.#watch = new SessionWatch(ports.store, ports.log);
    this.#refreshes = new Refreshes({ ...ports, operations }, this.#watch);
    this.#backgroundRefresh = new BackgroundRefresh(ports, this.#refreshes);
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#backgroundRefresh[Symbol.dispose]();
    this.#refreshes[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
  }

  /** Resolves when no refresh is in progress; a closing window should wait for this. */
  async settled(): Promise<void> {
    await this.#refreshes.settled();
  }

  /** Reads all stored sessions, without network. Starts removing tokens that ended sessions no longer need. */
  async list(): Promise<StoredSessions> {
    const stored = await this.#ports.store.all();
    const now = this.#ports.clock.now();
    for (const { id, ended, tokenSet } of stored.sessions)
      if (ended !== undefined && hasDeadTokens(now, tokenSet)) void this.#dropDeadTokens(id);
    return stored;
  }

  /** Calls `listener` after every change, by this window or another. */
  onDidChange(listener: ChangeListener): Disposable {
    return this.#watch.onDidChange(listener);
  }

  /** Calls `listener` after each failed refresh in this window. */
  onDidFail(listener: () => void): Disposable {
    return this.#refreshes.onDidFail(listener);
  }

  /** The last ten failed refreshes in this window, oldest first, including those before a success. */
  failedAttempts(id: string): readonly FailedAttempt[] {
    return this.#refreshes.failedAttempts(id);
  }

  /** The last failed refresh of a session in this window, unless one has succeeded since. */
  lastFailure(id: string): FailedAttempt | undefined {
    return this.#refreshes.lastFailure(id);
  }

  /**
   * Signs the user in to a connection and stores the session. If another window signs in to the same connection
   * first, closes the prompt and returns that session.
   * @throws SignInError as the flow of the connection
   */
  async signIn(
    connection: Connection,
    request: SignInRequest,
    user: UserInteraction,
    signal: AbortSignal,
  ): Promise<Session> {
    const { clock, log, store } = this.#ports;
    const startedAt = clock.now();
    using elsewhere = this.#watch.searchFor(
      (session) =>
        request.prompt === undefined && // Switching accounts: another window's sign-in is not the one meant.
        connectionKey(session.connection) === connectionKey(connection) &&
        session.signedInAt >= startedAt &&
        isSameAccount(session, request) &&
        missingRights(session.tokenSet, request.scopes ?? []).length === 0,
    );
    const all = AbortSignal.any([signal, this.#life.signal, elsewhere.signal]);
    try {
      await this.#watch.started;
      const others = (await store.all()).sessions.filter((session) => session.type === connection.type);
      const { acquireTokens, carryOver } = await operations();
      const granted = await acquireTokens(this.#ports, { connection, request, user, others }, all);
      const { id } = granted;
      const session = await this.#withLockIfPossible(id, this.#life.signal, async () => {
        const before = (await store.get(id).catch(() => undefined))?.session;
        const failed = this.#refreshes.failedAttempts(id);
        return store.replace(carryOver(granted, before, failed, request.replacesAccount), before);
      });
      this.#refreshes.forget(id);
      log.info('Signed in', {
        session: session.id,
        expiresAt: timeOf(session),
        duration: secondsBetween(startedAt, clock.now()),
      });
      await this.#watch.update();
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
   * The session with a token valid for at least a minute (docs/ARCHITECTURE.md, rule 3), refreshed if needed.
   * @param listed the session as {@link list} just read it; not read again if its token can be served
   * @throws SignInError `signInNeeded` if it does not exist, why it ended, or why the refresh failed
   */
  async withFreshToken(id: string, signal: AbortSignal, listed?: Session): Promise<Session> {
    if (signal.aborted) throw abortError(signal);
    const { clock, store } = this.#ports;
    if (listed !== undefined && this.#refreshes.decide(listed) === 'serve') {
      this.#backgroundRefresh.touch(id);
      return listed;
    }
    const { session, newest } = await storedSession(store, id);
    const now = clock.now();
    this.#backgroundRefresh.touch(id);
    if (isOver(session, newest)) {
      if (isUsable(now, session.tokenSet)) return session;
      throw endError(session);
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
   * Refreshes now, even if not due.
   * @throws SignInError as {@link withFreshToken}
   */
  async refresh(id: string, signal: AbortSignal): Promise<Session> {
    this.#backgroundRefresh.touch(id); // Lets the background refresh retry a temporary failure.
    return this.#refreshes.run(id, true, signal);
  }

  /**
   * Writes the session that `change` returns, under its lock; writes nothing if it returns undefined.
   * @returns whether it was written
   * @throws SignInError `signInNeeded` if it is gone, `storage` if only another window can write it
   */
  async change(
    id: string,
    change: (session: Session, now: number) => Session | undefined | Promise<Session | undefined>,
  ): Promise<boolean> {
    const { clock, store } = this.#ports;
    const now = clock.now();
    const isChanged = await store.withLock(id, this.#life.signal, async () => {
      const { session, newest } = await storedSession(store, id);
      if (!newest) throw endError(session);
      const changed = await change(session, now);
      if (changed !== undefined) await store.put(changed);
      return changed !== undefined;
    });
    if (isChanged) void this.#watch.update();
    return isChanged;
  }

  /**
   * Removes the session here, whatever the server responds, and asks the server to end it.
   * @throws SignInError `signInNeeded` if it is already gone, or the signal's reason before the removal
   */
  async signOut(id: string, signal: AbortSignal): Promise<SignOutOutcome> {
    const { clock, log, store } = this.#ports;
    await this.#watch.started;
    const either = AbortSignal.any([signal, this.#life.signal]);
    const { session, ...left } = await this.#withLockIfPossible(id, either, async () => {
      const taken = await store.removeCopies((await storedSession(store, id)).session);
      return { ...taken, ...(await store.remove(id)) };
    });
    // If the keyring fails, the removal of the record has reported it.
    await operations()
      .then(({ forgetClient }) => forgetClient(this.#ports, session))
      .catch(() => undefined);
    await this.#afterRemoval(id);
    if (session.ended !== undefined) return { session, ...left };
    const startedAt = clock.now();
    const limit = { clock, milliseconds: signOutTimeout, operation: 'signOut' };
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
   * Removes what is left of a lost session from the list; keeps a readable session. Sends nothing.
   * @throws the system's error if the record cannot be removed
   */
  async forget(id: string): Promise<void> {
    const { log, store } = this.#ports;
    await this.#watch.started;
    await this.#withLockIfPossible(id, this.#life.signal, async () => {
      if ((await store.all([id])).lost.length > 0) await store.remove(id);
    });
    log.info('Lost session removed', { session: id });
    await this.#afterRemoval(id);
  }

  async #afterRemoval(id: string): Promise<void> {
    this.#refreshes.forget(id);
    this.#backgroundRefresh.forget(id);
    await this.#watch.update();
  }

  /**
   * Runs `work` under the session's lock, or without it if the disk fails or the lock stays busy: a confirmed
   * sign-in must be stored, and a secret removed. A refresh that ends later leaves a new sign-in alone.
   */
  async #withLockIfPossible<T>(id: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#ports.store.withLock(id, signal, work, lockTimeout).catch((error: unknown) => {
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

/**
 * Whether a session of the same connection is the account that a request means: the one with its name, or without a
 * name, one that was not given another.
 */
function isSameAccount({ account }: Session, { accountName }: SignInRequest): boolean {
  if (accountName !== undefined) return account.name === accountName;
  return account.name === undefined || identifiesPerson(account);
}

function timeOf({ tokenSet }: Session): string {
  return new Date(tokenSet.expiresAt).toISOString();
}
