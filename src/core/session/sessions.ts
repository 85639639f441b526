import type { Connection } from '../connection.ts';
import { errorEffects, findSignInError, SignInError } from '../errors.ts';
import type { Person } from '../ports.ts';
import { endGrant, obtainGrant, refreshGrant } from './grant.ts';
import type { GrantPorts, SignInRequest } from './grant.ts';
import { decideRefresh } from './refreshPolicy.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './sessionStore.ts';

/** What `Sessions` stands on. */
export interface SessionsPorts extends GrantPorts {
  readonly store: SessionStore;
}

/** How two looks at the store differ. */
export interface SessionsChange {
  readonly added: readonly Session[];
  readonly removed: readonly Session[];
  readonly changed: readonly Session[];
}

/** What became of a sign-out: local secrets are gone always; `notConfirmed` says why the server may still hold it. */
export interface SignOutOutcome {
  readonly session: Session;
  readonly notConfirmed?: SignInError;
}

const signOutPatience = 10_000;

/** The life of the sessions of one window. */
export class Sessions implements Disposable {
  readonly #ports: SessionsPorts;
  readonly #listeners = new Set<(change: SessionsChange) => void>();
  readonly #refreshes = new Map<string, Promise<Session>>();
  readonly #life = new AbortController();
  readonly #watch: Disposable;
  #known: ReadonlyMap<string, Session> | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(ports: SessionsPorts) {
    this.#ports = ports;
    this.#watch = ports.store.onDidChange(() => void this.#look());
  }

  [Symbol.dispose](): void {
    this.#life.abort(new SignInError('cancelled'));
    this.#watch[Symbol.dispose]();
    this.#listeners.clear();
  }

  /** All stored sessions, without network. */
  list(): Promise<readonly Session[]> {
    return this.#ports.store.all();
  }

  /** Calls `listener` after every change, made here or in another window. */
  onDidChange(listener: (change: SessionsChange) => void): Disposable {
    this.#listeners.add(listener);
    if (this.#known === undefined) void this.#look();
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * Signs `person` in to a connection and stores the session.
   * @throws SignInError as the flow of the connection
   */
  async signIn(
    connection: Connection,
    request: SignInRequest,
    person: Person,
    signal: AbortSignal,
  ): Promise<Session> {
    const { log, store } = this.#ports;
    const all = AbortSignal.any([signal, this.#life.signal]);
    const others = (await store.all()).filter((session) => session.type === connection.type);
    const taken = others.map((other) => other.account);
    const session = await obtainGrant(this.#ports, connection, request, person, taken, all);
    await store.put(session);
    log.info('Signed in', {
      session: session.id,
      expiresAt: new Date(session.tokenSet.expiresAt).toISOString(),
    });
    await this.#look();
    return session;
  }

  /**
   * The session with a token that is good for at least a minute: the stored one, or after one refresh.
   * @throws SignInError `signInNeeded` when it is gone or cannot be refreshed, or why the refresh failed
   */
  async fresh(id: string, signal: AbortSignal): Promise<Session> {
    const session = await this.#get(id);
    if (decideRefresh(this.#ports.clock.now(), session.tokenSet) === 'serve') return session;
    return this.#refresh(session, signal);
  }

  /** Refreshes now, whether needed or not; as {@link fresh} otherwise. */
  async refresh(id: string, signal: AbortSignal): Promise<Session> {
    return this.#refresh(await this.#get(id), signal);
  }

  /** Removes the session here and asks the server to end it; whatever the server says, it is gone here. */
  async signOut(id: string, signal: AbortSignal): Promise<SignOutOutcome> {
    const session = await this.#get(id);
    await this.#ports.store.remove(id);
    await this.#look();
    const all = AbortSignal.any([signal, this.#life.signal, AbortSignal.timeout(signOutPatience)]);
    try {
      await endGrant(this.#ports, session, all);
      this.#ports.log.info('Signed out', { session: id });
      return { session };
    } catch (error) {
      const notConfirmed = findSignInError(error) ?? new SignInError('unexpectedAnswer', {}, error);
      this.#ports.log.warn('Signed out here; the server did not confirm it', {
        session: id,
        kind: notConfirmed.kind,
      });
      return { session, notConfirmed };
    }
  }

  async #get(id: string): Promise<Session> {
    const session = await this.#ports.store.get(id);
    if (session === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return session;
  }

  /** One refresh at a time for a session; everybody who asks meanwhile waits for the same one. */
  async #refresh(session: Session, signal: AbortSignal): Promise<Session> {
    let running = this.#refreshes.get(session.id);
    if (running === undefined) {
      running = this.#refreshOnce(session).finally(() => this.#refreshes.delete(session.id));
      this.#refreshes.set(session.id, running);
    }
    return abortable(running, signal);
  }

  async #refreshOnce(session: Session): Promise<Session> {
    const { log, store } = this.#ports;
    try {
      const tokenSet = await refreshGrant(this.#ports, session, this.#life.signal);
      const refreshed: Session = { ...session, tokenSet };
      await store.put(refreshed);
      log.info('Refreshed', { session: session.id, expiresAt: new Date(tokenSet.expiresAt).toISOString() });
      await this.#look();
      return refreshed;
    } catch (error) {
      const known = findSignInError(error);
      log.warn('A refresh failed', {
        session: session.id,
        kind: known?.kind,
        effect: known === undefined ? undefined : errorEffects[known.kind].session,
      });
      throw error;
    }
  }

  /** Looks at the store, one look at a time, and tells the listeners what is new since the last one. */
  #look(): Promise<void> {
    this.#looking = this.#looking
      .then(async () => {
        const now = new Map((await this.#ports.store.all()).map((session) => [session.id, session]));
        const before = this.#known;
        this.#known = now;
        if (before === undefined || this.#life.signal.aborted) return;
        const change = difference(before, now);
        if (change.added.length + change.removed.length + change.changed.length === 0) return;
        for (const listener of this.#listeners) listener(change);
      })
      .catch((error: unknown) => {
        this.#ports.log.error('The stored sessions could not be looked at', { error: nameOf(error) });
      });
    return this.#looking;
  }
}

function difference(before: ReadonlyMap<string, Session>, now: ReadonlyMap<string, Session>): SessionsChange {
  const differs = (session: Session): boolean => {
    const old = before.get(session.id);
    return old !== undefined && old.tokenSet.accessToken !== session.tokenSet.accessToken;
  };
  return {
    added: [...now.values()].filter((session) => !before.has(session.id)),
    removed: [...before.values()].filter((session) => !now.has(session.id)),
    changed: [...now.values()].filter(differs),
  };
}

/** The promise's outcome, or the signal's reason as soon as it aborts; the promise itself goes on. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(signal.reason as Error);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', onAbort));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
