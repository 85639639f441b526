import { l10n } from 'vscode';
import { errorEffects, findSignInError, SignInError } from '../../core/errors.ts';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { describeSession, placeOf } from './sessionWords.ts';
import { sayLeftBehind } from '../awsCli/shareWithAwsCli.ts';
import { sayError, signInForPerson } from '../signIn/signInCommands.ts';
import { showInformation, showWarning } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';

/** *Sign out*: the session of that id, or the only one, or the one the person chooses. */
export async function signOut(context: ShellContext, id: string | undefined): Promise<void> {
  const session = await chooseSession(context, id, l10n.t('Sign out of which sign-in?'));
  if (session === undefined) return;
  const { notConfirmed, leftInAwsCli } = await context.sessions.signOut(
    session.id,
    new AbortController().signal,
  );
  if (leftInAwsCli !== undefined) await sayLeftBehind(context, leftInAwsCli);
  if (notConfirmed === undefined) return;
  void showWarning(
    l10n.t(
      'You are signed out here, and the tokens are removed. {0} did not confirm that the session ended there; it ends by itself.',
      placeOf(session),
    ),
  );
}

/** *Refresh sign-in now*, as {@link signOut} chooses. */
export async function refreshNow(context: ShellContext, id: string | undefined): Promise<void> {
  const session = await chooseSession(context, id, l10n.t('Refresh which sign-in?'));
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
    await sayError(
      error,
      () => signInForPerson(context, connection, { scopes: tokenSet.scopes }),
      l10n.t('Sign in again'),
    );
  else await sayError(error, () => refreshNow(context, session.id).catch(sayError));
}

async function chooseSession(
  { sessions }: ShellContext,
  id: string | undefined,
  placeHolder: string,
): Promise<Session | undefined> {
  const { sessions: all } = await sessions.list();
  if (id !== undefined) {
    const known = all.find((session) => session.id === id);
    if (known === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return known;
  }
  if (all.length === 0) void showInformation(l10n.t('Nobody is signed in.'));
  if (all.length <= 1) return all[0];
  const chosen = await showList(
    all.map((session) => ({ ...describeSession(session, all), session })),
    { placeHolder },
  );
  return chosen?.session;
}
