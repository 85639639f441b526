import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Session, SessionEnd } from '../core/session/session.ts';
import type { ShellContext } from './context.ts';
import { refreshNow, sayRefreshError, signOut } from './sessionCommands.ts';
import { shareWithAwsCli } from './shareWithAwsCli.ts';
import { endOf, lifeOf } from './sessionWords.ts';
import { signInForPerson } from './signInCommands.ts';

interface Choice extends QuickPickItem {
  readonly choose?: () => Promise<unknown>;
}

/** What can be done with one session. */
export async function showActions(context: ShellContext, session: Session): Promise<void> {
  const { account, connection, ended, tokenSet } = session;
  const { scopes } = tokenSet;
  const again: Choice = {
    label: `$(sign-in) ${l10n.t('Sign in again')}`,
    choose: () => signInForPerson(context, connection, { scopes }),
  };
  const someoneElse: Choice = {
    label: `$(person-add) ${l10n.t('Sign in as someone else')}`,
    detail: l10n.t('Okta asks for the sign-in again, even if the browser remembers you.'),
    choose: () => signInForPerson(context, connection, { prompt: 'login' }),
  };
  const refresh: Choice = {
    label: `$(sync) ${l10n.t('Refresh now')}`,
    choose: () =>
      refreshNow(context, session.id).catch((error: unknown) => sayRefreshError(context, session, error)),
  };
  const isShared = session.type === 'identityCenter' && session.awsCli !== undefined;
  const awsCli: Choice = {
    label: `$(terminal) ${isShared ? l10n.t('Stop sharing with the AWS CLI') : l10n.t('Share with the AWS CLI')}`,
    choose: () => shareWithAwsCli(context, session.id),
  };
  const reason: Choice[] = ended === undefined ? [] : [reasonOf(ended)];
  const actions: Choice[] = [
    ...reason,
    ...(ended === undefined && tokenSet.refreshToken !== undefined ? [refresh] : [again]),
    ...(connection.type === 'okta' ? [someoneElse] : []),
    ...(session.type === 'identityCenter' && ended === undefined ? [awsCli] : []),
    { label: `$(sign-out) ${l10n.t('Sign out')}`, choose: () => signOut(context, session.id) },
  ];
  const chosen = await window.showQuickPick(actions, {
    title: `${account.label} (${connection.name})`,
    placeHolder: ended === undefined ? lifeOf(session) : l10n.t('A new sign-in is needed'),
  });
  await chosen?.choose?.();
}

/** Why it ended, as a line of its own: what to do stands below it. */
function reasonOf(ended: SessionEnd): Choice {
  const { title, cause, next } = endOf(ended);
  return { label: `$(warning) ${title}`, detail: `${cause} ${next}` };
}
