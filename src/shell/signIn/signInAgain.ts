import { connectionKey } from '../../core/connection/connection.ts';
import { findSignInError, isCancelled } from '../../core/oauth/errors.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { sessionStatus } from '../../features/sessionStatus.ts';
import type { LostSession, Session } from '../../core/session/session.ts';
import type { BegunBy, ShellContext } from '../context.ts';
import { inOrder, nameOf } from '../format/formatSession.ts';
import { confirmRequest } from './confirmRequest.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { reportError, tryAgain } from '../ui/reportError.ts';
import { signInForPerson, signInTo } from './signInCommands.ts';
import { defined } from '../../core/defined.ts';

/** A new sign-in for the session of that id, or one after the other for all that have nothing to hand out any more. */
export async function signInAgain(
  context: ShellContext,
  id: string | undefined,
  begunBy: BegunBy = 'person',
): Promise<void> {
  const { needed, sessions, lost } = await statusOf(context);
  const wanted = id === undefined ? inOrder(needed) : [...sessions, ...lost].filter((one) => one.id === id);
  for (const one of wanted) {
    // Meanwhile another window may have done it, or the person may have signed out.
    if (id === undefined && !(await statusOf(context)).needed.some((other) => other.id === one.id)) continue;
    const request = requestFor(one, [...sessions, ...lost]);
    try {
      if (!('tokenSet' in one)) await confirmLost(context, one);
      await signInTo(context, one.connection, request, { begunBy });
    } catch (error) {
      // Who gives up, or leaves it, does not want the next one either.
      if (isCancelled(error) || findSignInError(error)?.details.reason === 'abandoned') return;
      await reportError(
        error,
        tryAgain(() => signInForPerson(context, one.connection, request)),
      );
    }
  }
}

/**
 * A new sign-in to the connection of a session, as the same account, with these scopes beside its own. A person who is
 * about to share it with the AWS CLI is not asked whether to.
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

/** As {@link requestFor}, with these scopes too. */
export async function requestWith(
  { sessions }: ShellContext,
  session: Session,
  scopes: readonly string[],
): Promise<SignInRequest & { readonly scopes: readonly string[] }> {
  const { sessions: all, lost } = await sessions.list();
  const request = requestFor(session, [...all, ...lost]);
  return { ...request, scopes: [...new Set([...(request.scopes ?? []), ...scopes])] };
}

/**
 * Where a session that is lost was is told by a note that is not sealed: it leads to a connection that is not configured
 * only after a yes.
 */
async function confirmLost(context: ShellContext, { connection }: LostSession): Promise<void> {
  if (isBuilderId(connection)) return;
  const key = connectionKey(connection);
  const configured = (await context.connections()).find((one) => connectionKey(one) === key);
  await confirmRequest(context, connection, {}, configured);
}

/** The same scopes again; where the browser may remember another account of the same connection, it has to ask. */
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
