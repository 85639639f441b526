import type { AuthenticationSessionAccountInformation } from 'vscode';
import { connectionKey, isPseudoScope, scopesOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { missingRights } from '../core/session/rights.ts';
import type { Session } from '../core/session/session.ts';
import type { ShellContext } from './context.ts';
import { askAmong, askConnection } from './signIn/chooseConnection.ts';
import { confirmRequest } from './signIn/confirmRequest.ts';
import { accountRequest } from './signIn/signInQuestions.ts';
import { signInTo } from './signIn/signInCommands.ts';

export { isChosenBy } from '../input/addresses.ts';
export { signOut } from './status/signOut.ts';

/** What another extension asks of a new session. */
export interface SessionRequest {
  readonly scopes: readonly string[];
  /** As VS Code shows it to the extension, where it means one. */
  readonly account: AuthenticationSessionAccountInformation | undefined;
  /** Whether the pseudo-scopes among the scopes choose a connection. */
  readonly isChosen: (connection: Connection) => boolean;
}

/**
 * Another extension asks for a session that is not there: the person chooses the connection where the request does not,
 * and signs in.
 * @throws SignInError `invalidInput` where no connection fits the pseudo-scopes, or as the sign-in
 */
export async function createSession(
  context: ShellContext,
  type: Connection['type'],
  request: SessionRequest,
): Promise<Session> {
  const { scopes } = request;
  const connection = await chooseConnection(context, type, request);
  if (missingRights({ scopes: scopesOf(connection) }, scopes).length > 0) {
    // A wider token is shared by all that may use the account: not without the person's knowledge.
    await confirmRequest(context, connection, { scopes }, connection);
  }
  const meant = await accountMeant(context, connection, request);
  const account = meant === undefined ? {} : accountRequest(meant);
  return signInTo(context, connection, { scopes, ...account }, { begunBy: 'arguments' });
}

/**
 * The account that a request is for, where that is known: the one it names, or the only one of the connection when that
 * lacks a right that is asked for. Undefined where another person may be meant.
 */
async function accountMeant(
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

/** The caller chooses with a pseudo-scope or an account, one connection chooses itself, otherwise the person does. */
async function chooseConnection(
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
  if (configured.length > 0) return askAmong(context, configured);
  if (named.length > 0)
    throw new SignInError('invalidInput', { operation: 'connection', input: named.join(' ') });
  return askConnection(context, type);
}
