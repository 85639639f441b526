import { connectionKey } from '../../core/connection/connection.ts';
import { findSignInError, isCancelled } from '../../core/oauth/errors.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { sessionStatus } from '../../features/sessionStatus.ts';
import type { LostSession, Session } from '../../core/session/session.ts';
import type { StartedBy, ShellContext } from '../context.ts';
import { inOrder, nameOf } from '../format/formatSession.ts';
import { confirmRequest } from './confirmRequest.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { reportError, tryAgain } from '../ui/reportError.ts';
import { signInForPerson, signInTo } from './signInCommands.ts';
import { defined } from '../../core/defined.ts';

/** Signs in again to the session with this ID or, one after the other, to all sessions without a usable token. */
export async function signInAgain(
  context: ShellContext,
  id: string | undefined,
  startedBy: StartedBy = 'user',
): Promise<void> {
  const { needed, sessions, lost } = await statusOf(context);
  const wanted = id === undefined ? inOrder(needed) : [...sessions, ...lost].filter((one) => one.id === id);
  for (const one of wanted) {
    // Meanwhile, another window may have signed in, or the user may have signed out.
    if (id === undefined && !(await statusOf(context)).needed.some((other) => other.id === one.id)) continue;
    const request = requestFor(one, [...sessions, ...lost]);
    try {
      if (!('tokenSet' in one)) await confirmLost(context, one);
      await signInTo(context, one.connection, request, { startedBy });
    } catch (error) {
      // Canceling one, or leaving it, also skips the rest.
      if (isCancelled(error) || findSignInError(error)?.details.reason === 'abandoned') return;
      await reportError(
        error,
        tryAgain(() => signInForPerson(context, one.connection, request)),
      );
    }
  }
}

/**
 * Signs in to a session's connection again, as the same account, with additional scopes. Does not offer sharing
 * with the AWS CLI, since the user is about to share it.
 * @throws SignInError as the flow
 */
export async function signInForAwsCli(
  context: ShellContext,
  session: Session,
  scopes: readonly string[],
): Promise<Session> {
  const request = await requestWith(context, session, scopes);
  return signInTo(context, session.connection, request, { isForAwsCli: true });
}

/** Like {@link requestFor}, with additional scopes. */
export async function requestWith(
  { sessions }: ShellContext,
  session: Session,
  scopes: readonly string[],
): Promise<SignInRequest & { readonly scopes: readonly string[] }> {
  const { sessions: all, lost } = await sessions.list();
  const request = requestFor(session, [...all, ...lost]);
  return { ...request, scopes: [...new Set([...(request.scopes ?? []), ...scopes])] };
}

/** A lost session's place comes from an unsealed note, so a connection that is not configured needs a confirmation. */
async function confirmLost(context: ShellContext, { connection }: LostSession): Promise<void> {
  if (isBuilderId(connection)) return;
  const key = connectionKey(connection);
  const configured = (await context.connections()).find((one) => connectionKey(one) === key);
  await confirmRequest(context, connection, {}, configured);
}

/**
 * A request for the same scopes; if the browser may remember another account of the same connection, asks for
 * the account.
 */
function requestFor(one: Session | LostSession, all: readonly (Session | LostSession)[]): SignInRequest {
  const key = connectionKey(one.connection);
  const accountName = 'account' in one ? one.account.name : one.accountName;
  const hasOther = all.some((other) => other.id !== one.id && connectionKey(other.connection) === key);
  return {
    account: nameOf(one),
    ...defined({ accountName }),
    ...('tokenSet' in one ? { scopes: one.tokenSet.scopes } : {}),
    ...(hasOther ? { prompt: 'login' } : {}),
  };
}

async function statusOf({ sessions }: ShellContext) {
  return sessionStatus(Date.now(), await sessions.list(), (id) => sessions.lastFailure(id));
}
