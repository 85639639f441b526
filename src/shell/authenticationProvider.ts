import { authentication, Disposable, EventEmitter } from 'vscode';
import type {
  AuthenticationProvider,
  AuthenticationProviderAuthenticationSessionsChangeEvent,
  AuthenticationProviderSessionOptions,
  AuthenticationSession,
} from 'vscode';
import { isPseudoScope } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { findSignInError, SignInError } from '../core/oauth/errors.ts';
import type { Log } from '../core/ports.ts';
import { isUsable, needsAction } from '../core/session/refreshPolicy.ts';
import { isRight, missingRights } from '../core/session/rights.ts';
import type { Session } from '../core/session/session.ts';
import { isScope, maxScopes } from '../core/oauth/scopes.ts';
import { byPreference } from '../features/defaultSession.ts';
import type { ShellContext } from './context.ts';
import { accountLabel } from './format/accountLabel.ts';
import { registrationOf } from './providers/registration.ts';
import { plainText } from './ui/plainText.ts';
import { createListedSessions } from './listedSessions.ts';
import type { ListedSessions } from './listedSessions.ts';
import { createUnservedRequests } from './unservedRequests.ts';
import { defined } from '../core/defined.ts';

/** Parts that interact with the user; loaded to create or remove a session, but not to return a token. */
const interactiveParts = () => import('./createSession.ts');

/** Time that a request for a token may wait for a refresh, in milliseconds. */
const refreshTimeoutMilliseconds = 10_000;

/**
 * Registers an authentication provider for one type of connection. If another extension has taken its ID, the
 * provider is missing; log and status report that, and the commands still work.
 */
export function registerProvider(context: ShellContext, type: Connection['type']): Disposable {
  const { id, label } = registrationOf(type);
  const { provider, watch } = createProvider(context, type);
  try {
    const registration = authentication.registerAuthenticationProvider(id, label, provider, {
      supportsMultipleAccounts: true,
    });
    return Disposable.from(registration, watch);
  } catch (error) {
    context.takenProviders.add(label);
    context.log.error('The authentication provider could not be registered', { provider: id });
    context.log.debug('Cause', { error: error instanceof Error ? error.message : String(error) });
    return watch;
  }
}

function createProvider(
  context: ShellContext,
  type: Connection['type'],
): { readonly provider: AuthenticationProvider; readonly watch: Disposable } {
  const changed = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>();
  const unserved = createUnservedRequests();
  const listed = createListedSessions();
  const watch = context.sessions.onDidChange((change) => {
    const ofType = (sessions: readonly Session[]) => sessions.filter((session) => session.type === type);
    const ours = (sessions: readonly Session[]): AuthenticationSession[] =>
      sessions.map((session) => present(session, []));
    const served = unserved
      .takeServedBy([...ofType(change.added), ...ofType(change.changed)])
      .map(({ session, scopes }) => ({ ...present(session, scopes), scopes }));
    const seen = listed.follow({
      added: ofType(change.added),
      removed: ofType(change.removed),
      changed: ofType(change.changed),
    });
    const added = [...ours(seen.added), ...served];
    const event = { added, removed: ours(seen.removed), changed: ours(seen.changed) };
    if (event.added.length + event.removed.length + event.changed.length > 0) changed.fire(event);
  });
  const provider: AuthenticationProvider = {
    onDidChangeSessions: changed.event,
    getSessions: async (scopes, options) => {
      const found = await getSessions(context, type, scopes, { ...options, listed });
      if (found.length === 0 && scopes !== undefined && scopes.length > 0)
        unserved.add(scopes, await choiceAmong(scopes));
      return found;
    },
    createSession: async (scopes, options) => {
      checkScopes(scopes);
      const isChosen = await choiceAmong(scopes);
      const { createSession } = await interactiveParts();
      return present(
        await createSession(context, type, { scopes, account: options.account, isChosen }),
        scopes,
      );
    },
    removeSession: async (id) => {
      const { signOut } = await interactiveParts();
      await signOut(context, id, 'yes'); // VS Code has already asked the user.
    },
  };
  return { provider, watch: Disposable.from(changed, { dispose: () => watch[Symbol.dispose]() }) };
}

/**
 * Without scopes: the stored sessions, without network access. With scopes: the sessions that have them all,
 * each with a token valid for at least a minute, refreshed if needed.
 *
 * One account's failure never hides another's token. Rejects with a temporary failure only if no session can be
 * served: VS Code would answer an empty array with a request to sign in. Does not wait if the preferred account
 * has a valid token.
 */
async function getSessions(
  { sessions, log }: ShellContext,
  type: Connection['type'],
  scopes: readonly string[] | undefined,
  { account, listed }: AuthenticationProviderSessionOptions & { readonly listed: ListedSessions },
): Promise<AuthenticationSession[]> {
  const now = Date.now();
  const { sessions: stored, unreadable = [] } = await sessions.list();
  const all = listed
    .among(stored.filter((session) => session.type === type))
    .filter((session) => account === undefined || session.account.id === account.id);
  // An unreadable session may be the requested one, so VS Code must not ask for a sign-in.
  if (all.length === 0 && unreadable[0] !== undefined)
    throw new SignInError('storage', {
      operation: 'session',
      reason: 'unreadable',
      code: unreadable[0].code,
    });
  all.sort(byPreference);
  if (scopes === undefined || scopes.length === 0) return all.map((session) => present(session, []));
  const isChosen = await choiceAmong(scopes);
  // Scopes are a set: a session with more scopes serves a request for fewer.
  const fitting = all.filter(
    ({ tokenSet, connection }) => missingRights(tokenSet, scopes).length === 0 && isChosen(connection),
  );
  // Start a timer only if there is something to wait for: tools ask every few seconds and mostly find a valid
  // token.
  const isRefreshed = fitting.some(({ tokenSet }) => !isUsable(now, tokenSet));
  const timeout = isRefreshed
    ? AbortSignal.timeout(refreshTimeoutMilliseconds)
    : new AbortController().signal;
  const requests = fitting.map((session) => ({
    session,
    fresh: sessions.withFreshToken(session.id, timeout, session),
  }));
  const [first] = fitting;
  const isPreferredGood = first?.preferredAt !== undefined && isUsable(now, first.tokenSet);
  const outcomes = await Promise.all(
    requests.map(async ({ session, fresh }) => {
      if (isPreferredGood && !isUsable(now, session.tokenSet)) {
        fresh.catch((error: unknown) => noteFailure(log, session, error)); // The result is ready for the next request.
        return {};
      }
      try {
        return { served: present(await fresh, scopes) };
      } catch (error) {
        return { failure: noteFailure(log, session, error) };
      }
    }),
  );
  const served = outcomes.flatMap((outcome) => outcome.served ?? []);
  const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
  if (served.length === 0 && failure !== undefined) throw failure;
  return served;
}

/** Logs a failure and returns it if it is temporary; undefined if only a new sign-in can help. */
function noteFailure(log: Log, session: Session, error: unknown): Error | undefined {
  const known = findSignInError(error);
  const isForPerson = known !== undefined && needsAction(known);
  log.debug(isForPerson ? 'A session needs a new sign-in' : 'A session is unavailable', {
    session: session.id,
    kind: known?.kind,
  });
  if (isForPerson) return undefined;
  return error instanceof Error ? error : new SignInError('invalidResponse', { operation: 'session' }, error);
}

/** A filter for the connection that the pseudo-scopes select. Loads the address parser only if there are any. */
async function choiceAmong(scopes: readonly string[]): Promise<(connection: Connection) => boolean> {
  const named = scopes.filter(isPseudoScope);
  if (named.length === 0) return () => true;
  const { isChosenBy } = await interactiveParts();
  return (connection) => named.every((scope) => isChosenBy(connection, scope));
}

/** VS Code forwards an ID token, although its types do not declare one. */
type PresentedSession = AuthenticationSession & { readonly idToken?: string };

/** Rejects scopes with a space, which the server would read as several, unlike the question to the user. */
function checkScopes(scopes: readonly string[]): void {
  const sent = scopes.filter((scope) => !isPseudoScope(scope));
  if (sent.length > maxScopes || !sent.every(isScope))
    throw new SignInError('invalidInput', { operation: 'arguments', input: 'scopes' });
}

/**
 * Converts a session for VS Code. Its scopes include requested ones that are not rights, since callers may
 * compare. VS Code draws the label in lists, where `$(name)` would be an icon.
 */
function present(session: Session, requested: readonly string[]): PresentedSession {
  const { id, tokenSet } = session;
  const { accessToken, idToken } = tokenSet;
  const account = { id: session.account.id, label: plainText(accountLabel(session)) };
  const scopes = [...new Set([...tokenSet.scopes, ...requested.filter((scope) => !isRight(scope))])];
  return { id, accessToken, account, scopes, ...defined({ idToken }) };
}
