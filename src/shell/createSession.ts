import type { AuthenticationSessionAccountInformation } from 'vscode';
import { connectionKey, isPseudoScope, scopesOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { missingRights } from '../core/session/rights.ts';
import type { Session } from '../core/session/session.ts';
import type { ShellContext } from './context.ts';
import { chooseAmong, askConnection } from './signIn/chooseConnection.ts';
import { confirmRequest } from './signIn/confirmRequest.ts';
import { accountRequest } from './signIn/signInQuestions.ts';
import { signInTo } from './signIn/signInCommands.ts';

export { isChosenBy } from '../input/addresses.ts';
export { signOut } from './status/signOut.ts';

/** A request of another extension for a new session. */
export interface SessionRequest {
  readonly scopes: readonly string[];
  /** The requested account, as VS Code presents it to the extension. */
  readonly account: AuthenticationSessionAccountInformation | undefined;
  /** Whether the pseudo-scopes of the request select a connection. */
  readonly isChosen: (connection: Connection) => boolean;
}

/**
 * Creates a session for another extension: the user selects the connection, unless the request does, and signs
 * in.
 * @throws SignInError `invalidInput` if no connection matches the pseudo-scopes, or as the sign-in
 */
export async function createSession(
  context: ShellContext,
  type: Connection['type'],
  request: SessionRequest,
): Promise<Session> {
  const { scopes } = request;
  const connection = await connectionForRequest(context, type, request);
  if (missingRights({ scopes: scopesOf(connection) }, scopes).length > 0) {
    // All extensions with access to the account share a wider token, so the user must know.
    await confirmRequest(context, connection, { scopes }, connection);
  }
  const meant = await intendedAccount(context, connection, request);
  const account = meant === undefined ? {} : accountRequest(meant);
  return signInTo(context, connection, { scopes, ...account }, { startedBy: 'request' });
}

/**
 * The account of a request, if known: the one it names, or the connection's only one if that lacks a requested
 * scope. Undefined if another person may be meant.
 */
async function intendedAccount(
  { sessions }: ShellContext,
  connection: Connection,
  { scopes, account, isChosen }: SessionRequest,
): Promise<Session | undefined> {
  const key = connectionKey(connection);
  const here = (await sessions.list()).sessions.filter((one) => connectionKey(one.connection) === key);
  const named = here.find((session) => session.account.id === account?.id);
  const [only, ...others] = here;
  const serves = ({ tokenSet, connection: own }: Session): boolean =>
    missingRights(tokenSet, scopes).length === 0 && isChosen(own);
  const lacking = only !== undefined && others.length === 0 && !serves(only) ? only : undefined;
  return named ?? (account === undefined ? lacking : undefined);
}

/** The connection for a request: selected by a pseudo-scope or an account, the only one, or by the user. */
async function connectionForRequest(
  context: ShellContext,
  type: Connection['type'],
  { scopes, account, isChosen }: SessionRequest,
): Promise<Connection> {
  const named = scopes.filter(isPseudoScope);
  const stored = await context.sessions.list();
  const known = stored.sessions.find(
    (session) => session.type === type && session.account.id === account?.id,
  );
  if (known !== undefined && named.length === 0) return known.connection;
  const configured = (await context.connections()).filter(
    (connection) => connection.type === type && isChosen(connection),
  );
  if (configured.length > 0) return chooseAmong(context, configured);
  if (named.length > 0)
    throw new SignInError('invalidInput', { operation: 'connection', input: named.join(' ') });
  return askConnection(context, type);
}
