import { connectionKey, isPseudoScope, scopesOf } from '../connection.ts';
import type { Connection } from '../connection.ts';
import { errorEffects, findSignInError, SignInError } from '../errors.ts';
import { endpointsOf } from '../identityCenter/endpoints.ts';
import type { EndpointTemplates } from '../identityCenter/endpoints.ts';
import { signInWithDeviceCode } from '../identityCenter/signIn.ts';
import { refreshToken } from '../identityCenter/token.ts';
import { signInWithAuthorizationCode } from '../okta/authorizationCode.ts';
import { refreshOktaToken, revokeOktaToken } from '../okta/token.ts';
import type { Clock, HttpFetch, Log, LoopbackRedirect, Person, SecretStore, SsoOidcAt } from '../ports.ts';
import type { TokenSet } from '../tokenSet.ts';
import { decideRefresh } from './refreshPolicy.ts';
import { accountOf, sessionId } from './session.ts';
import type { Session } from './session.ts';
import type { SessionStore } from './sessionStore.ts';

/** What `Sessions` stands on. */
export interface SessionsPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly http: HttpFetch;
  readonly loopback: LoopbackRedirect;
  readonly secrets: SecretStore;
  readonly ssoOidcAt: SsoOidcAt;
  readonly store: SessionStore;
  /** Ends a portal session on the server; rejects when it was not confirmed. */
  readonly portalLogout: (portal: string, accessToken: string, signal: AbortSignal) => Promise<void>;
  /** The settings of the moment. */
  readonly settings: () => SignInSettings;
}

export interface SignInSettings {
  readonly endpoints: EndpointTemplates;
  readonly redirectPorts: readonly number[];
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
   * Signs `person` in to a connection and stores the session. `scopes` are asked for beside the connection's own.
   * @throws SignInError as the flow of the connection
   */
  async signIn(
    connection: Connection,
    request: { readonly scopes?: readonly string[]; readonly prompt?: 'login' },
    person: Person,
    signal: AbortSignal,
  ): Promise<Session> {
    const all = AbortSignal.any([signal, this.#life.signal]);
    const extra = (request.scopes ?? []).filter((scope) => !isPseudoScope(scope));
    const scopes = [...new Set([...scopesOf(connection), ...extra])];
    const { log, settings, store } = this.#ports;
    const ports = { ...this.#ports, person };
    log.info('Signing in', { type: connection.type, connection: connectionKey(connection), scopes });
    const others = (await store.all()).filter((session) => session.type === connection.type);
    const { endpoints: templates, redirectPorts } = settings();
    const identify = async (tokenSet: TokenSet): Promise<Pick<Session, 'id' | 'account' | 'tokenSet'>> => {
      const account = accountOf(
        connection,
        tokenSet.accessToken,
        others.map((other) => other.account),
      );
      return { id: await sessionId(connectionKey(connection), account.id), account, tokenSet };
    };
    let session: Session;
    if (connection.type === 'identityCenter') {
      const endpoints = endpointsOf(connection.region, templates);
      const signedIn = await signInWithDeviceCode(ports, connection, { scopes, endpoints }, all);
      const { tokenSet, registration } = signedIn;
      session = {
        type: 'identityCenter',
        ...(await identify(tokenSet)),
        connection,
        endpoints,
        registration,
      };
    } else {
      const ask = {
        scopes,
        redirectPorts: ports,
        ...(request.prompt === undefined ? {} : { prompt: request.prompt }),
      };
      const { tokenSet, server } = await signInWithAuthorizationCode(ports, connection, ask, all);
      session = { type: 'okta', ...(await identify(tokenSet)), connection, server };
    }
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
      await this.#endOnServer(session, all);
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
      const tokenSet = await this.#askForTokens(session, this.#life.signal);
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

  #askForTokens(session: Session, signal: AbortSignal): Promise<TokenSet> {
    const { tokenSet } = session;
    const { refreshToken: token, scopes } = tokenSet;
    if (token === undefined)
      throw new SignInError('signInNeeded', { operation: 'refresh', reason: 'noRefreshToken' });
    if (session.type === 'okta') {
      const { server, connection } = session;
      return refreshOktaToken(
        this.#ports,
        server,
        connection.clientId,
        { refreshToken: token, scopes },
        signal,
      );
    }
    const oidc = this.#ports.ssoOidcAt({ region: session.connection.region, url: session.endpoints.oidc });
    return refreshToken(this.#ports.clock, oidc, session.registration, token, signal);
  }

  async #endOnServer(session: Session, signal: AbortSignal): Promise<void> {
    const { tokenSet } = session;
    if (session.type === 'okta') {
      await revokeOktaToken(this.#ports.http, session.server, session.connection.clientId, tokenSet, signal);
    } else {
      await this.#ports.portalLogout(session.endpoints.portal, tokenSet.accessToken, signal);
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
