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
 * *Refresh Token*, of that id, or of the only one, or of the one the person chooses.
 * @throws SignInError why it failed, where an id was given: the caller says it
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
    await sayRefreshError(context, session, error);
  }
}

/** A session that is over is not refreshed by another try: the way on is a new sign-in. */
export async function sayRefreshError(
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
