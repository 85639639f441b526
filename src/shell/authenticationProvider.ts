import { authentication, Disposable, EventEmitter } from 'vscode';
import type {
  AuthenticationProvider,
  AuthenticationProviderAuthenticationSessionsChangeEvent,
  AuthenticationProviderSessionOptions,
  AuthenticationSession,
} from 'vscode';
import { isPseudoScope, pseudoScope } from '../core/connection.ts';
import type { Connection } from '../core/connection.ts';
import { findSignInError, SignInError } from '../core/errors.ts';
import { isGood, needsPerson } from '../core/session/refreshPolicy.ts';
import type { Session } from '../core/session/session.ts';
import type { ShellContext } from './context.ts';

/** The provider ids of the contract. */
const providerIds: Readonly<Record<Connection['type'], string>> = {
  identityCenter: 'iam-identity-center',
  okta: 'okta',
};

/** How long a request for a token may wait for a refresh. */
const refreshPatience = 10_000;

/**
 * Registers an authentication provider for one kind of connection. An id that another extension holds already
 * must not break us: then there is none, log and status say so, and the commands work all the same.
 */
export function registerProvider(context: ShellContext, type: Connection['type'], label: string): Disposable {
  const { provider, watch } = createProvider(context, type);
  try {
    const registration = authentication.registerAuthenticationProvider(providerIds[type], label, provider, {
      supportsMultipleAccounts: true,
    });
    return Disposable.from(registration, watch);
  } catch (error) {
    context.takenProviders.add(label);
    context.log.error('The authentication provider could not be registered', { provider: providerIds[type] });
    context.log.debug('Why', { error: error instanceof Error ? error.message : String(error) });
    return watch;
  }
}

function createProvider(
  context: ShellContext,
  type: Connection['type'],
): { readonly provider: AuthenticationProvider; readonly watch: Disposable } {
  const changed = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>();
  const watch = context.sessions.onDidChange((change) => {
    const ours = (sessions: readonly Session[]): AuthenticationSession[] =>
      sessions.filter((session) => session.type === type).map((session) => present(session, []));
    const event = { added: ours(change.added), removed: ours(change.removed), changed: ours(change.changed) };
    if (event.added.length + event.removed.length + event.changed.length > 0) changed.fire(event);
  });
  const provider: AuthenticationProvider = {
    onDidChangeSessions: changed.event,
    getSessions: (scopes, options) => getSessions(context, type, scopes, options),
    createSession: async (scopes, options) => {
      const connection = await chooseConnection(context, type, scopes, options);
      const { signInTo } = await import('./signIn/signInCommands.ts');
      return present(await signInTo(context, connection, { scopes }, { begunBy: 'arguments' }), scopes);
    },
    removeSession: async (id) => {
      const { signOut } = await import('./status/signOut.ts');
      await signOut(context, id, 'yes'); // VS Code has asked.
    },
  };
  return { provider, watch: Disposable.from(changed, { dispose: () => watch[Symbol.dispose]() }) };
}

/**
 * The preferred session comes first. Without scopes: what is stored, without network. With scopes: the sessions that have them all, each with a
 * token that is good for a minute, after a refresh where one is needed. A refresh that fails for the moment
 * rejects: an empty array would make VS Code ask for a new sign-in.
 */
async function getSessions(
  { sessions, log }: ShellContext,
  type: Connection['type'],
  scopes: readonly string[] | undefined,
  { account }: AuthenticationProviderSessionOptions,
): Promise<AuthenticationSession[]> {
  const now = Date.now();
  const all = (await sessions.list()).sessions.filter(
    (session) =>
      session.type === type &&
      (account === undefined || session.account.id === account.id) &&
      (session.ended === undefined || isGood(now, session.tokenSet)),
  );
  all.sort((one, other) => (other.preferredAt ?? 0) - (one.preferredAt ?? 0));
  if (scopes === undefined || scopes.length === 0) return all.map((session) => present(session, []));
  const patience = AbortSignal.timeout(refreshPatience);
  const fitting = all.filter((session) => serves(session, scopes));
  const fresh = await Promise.all(
    fitting.map(async (session) => {
      try {
        return [present(await sessions.fresh(session.id, patience), scopes)];
      } catch (error) {
        const known = findSignInError(error);
        if (known !== undefined && needsPerson(known)) {
          log.debug('A session needs a new sign-in', { session: session.id, kind: known.kind });
          return [];
        }
        throw error;
      }
    }),
  );
  return fresh.flat();
}

/** Scopes are a set: a session with more serves a request for fewer. */
function serves(session: Session, scopes: readonly string[]): boolean {
  const granted = new Set([...session.tokenSet.scopes, pseudoScope(session.connection)]);
  return scopes.every((scope) => granted.has(scope));
}

/** VS Code hands an ID token on, although its types do not name it. */
type PresentedSession = AuthenticationSession & { readonly idToken?: string };

function present({ id, account, tokenSet }: Session, asked: readonly string[]): PresentedSession {
  const { accessToken, idToken } = tokenSet;
  const scopes = [...tokenSet.scopes, ...asked.filter(isPseudoScope)];
  return { id, accessToken, account, scopes, ...(idToken === undefined ? {} : { idToken }) };
}

/** The caller chooses with a pseudo-scope or an account, one connection chooses itself, otherwise the person does. */
async function chooseConnection(
  context: ShellContext,
  type: Connection['type'],
  scopes: readonly string[],
  { account }: AuthenticationProviderSessionOptions,
): Promise<Connection> {
  const named = scopes.filter(isPseudoScope);
  const stored = await context.sessions.list();
  const known = stored.sessions.find(
    (session) => session.type === type && session.account.id === account?.id,
  );
  if (known !== undefined && named.length === 0) return known.connection;
  const configured = (await context.connections()).filter(
    (connection) => connection.type === type && named.every((scope) => scope === pseudoScope(connection)),
  );
  const { askAmong, askConnection } = await import('./signIn/askConnection.ts');
  if (configured.length > 0) return askAmong(context, configured);
  if (named.length > 0)
    throw new SignInError('invalidInput', { operation: 'connection', input: named.join(' ') });
  return askConnection(context, type);
}
