import { l10n } from 'vscode';
import { errorEffects, findSignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { inOrder } from '../format/formatSession.ts';
import { chooseSession } from '../chooseSession.ts';
import { reportError, tryAgain } from '../ui/reportError.ts';
import { accountRequest } from '../signIn/signInQuestions.ts';
import { signInForPerson } from '../signIn/signInCommands.ts';

/**
 * *Refresh Token*, for the session with this ID, the only one, or the one that the user selects.
 * @throws SignInError its failure, if an ID was given: the caller reports it
 */
export async function refreshNow(context: ShellContext, id: string | undefined): Promise<void> {
  const { sessions } = await context.sessions.list();
  const session = await chooseSession(inOrder(sessions), id, {
    title: l10n.t('Refresh Token'),
    placeHolder: l10n.t('Select an account to refresh'),
  });
  if (session === undefined) return;
  try {
    await context.sessions.refresh(session.id, new AbortController().signal);
  } catch (error) {
    if (id !== undefined) throw error;
    await showRefreshError(context, session, error);
  }
}

/** Shows a refresh error. A session that has ended cannot be refreshed, so it offers a new sign-in. */
export async function showRefreshError(
  context: ShellContext,
  session: Session,
  error: unknown,
): Promise<void> {
  const kind = findSignInError(error)?.kind;
  const { connection, tokenSet } = session;
  if (kind !== undefined && (kind === 'signInNeeded' || errorEffects[kind].session === 'over'))
    await reportError(error, {
      label: l10n.t('Sign In Again'),
      run: () =>
        signInForPerson(context, connection, { scopes: tokenSet.scopes, ...accountRequest(session) }),
    });
  else
    await reportError(
      error,
      tryAgain(() => refreshNow(context, session.id).catch((later: unknown) => reportError(later))),
    );
}
