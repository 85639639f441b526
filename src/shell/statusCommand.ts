import { l10n, QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Session } from '../core/session/session.ts';
import type { ShellContext } from './context.ts';
import { timeLeft } from './duration.ts';
import { sayError, signInCommand } from './signInCommands.ts';

interface Choice extends QuickPickItem {
  readonly choose?: () => Promise<unknown>;
}

/** *Show sign-in status*: who, where, which scopes, until when, and what can be done. */
export async function showStatus(context: ShellContext): Promise<void> {
  if (context.signIns.underWay) {
    context.signIns.show();
    return;
  }
  const sessions = await context.sessions.list();
  const ways: Choice[] = [
    {
      label: `$(add) ${l10n.t('Sign in with IAM Identity Center')}`,
      choose: () => signInCommand(context, 'identityCenter', undefined),
    },
    {
      label: `$(add) ${l10n.t('Sign in with AWS Builder ID')}`,
      choose: () => signInCommand(context, 'builderId', undefined),
    },
    {
      label: `$(add) ${l10n.t('Sign in with Okta')}`,
      choose: () => signInCommand(context, 'okta', undefined),
    },
  ];
  const items: Choice[] = [
    ...sessions.map((session) => ({ ...describe(session), choose: () => showActions(context, session) })),
    { label: '', kind: QuickPickItemKind.Separator },
    ...ways,
  ];
  const placeHolder =
    sessions.length === 0
      ? l10n.t('Nobody is signed in')
      : l10n.t('Select a sign-in to see what you can do with it');
  const chosen = await window.showQuickPick(items, {
    title: l10n.t('Sign-in status'),
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await chosen?.choose?.();
}

/** *Sign out*: the session of that id, or the only one, or the one the person chooses. */
export async function signOut(context: ShellContext, id: string | undefined): Promise<void> {
  const session = await chooseSession(context, id, l10n.t('Sign out of which sign-in?'));
  if (session === undefined) return;
  const { notConfirmed } = await context.sessions.signOut(session.id, new AbortController().signal);
  if (notConfirmed === undefined) return;
  void window.showWarningMessage(
    l10n.t(
      'You are signed out here, and the tokens are removed. {0} did not confirm that the session ended there; it ends by itself.',
      hostOf(session),
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
    await sayError(error, () => refreshNow(context, undefined));
  }
}

async function chooseSession(
  { sessions }: ShellContext,
  id: string | undefined,
  placeHolder: string,
): Promise<Session | undefined> {
  const all = await sessions.list();
  if (id !== undefined) return all.find((session) => session.id === id);
  if (all.length === 0) void window.showInformationMessage(l10n.t('Nobody is signed in.'));
  if (all.length <= 1) return all[0];
  const chosen = await window.showQuickPick(
    all.map((session) => ({ ...describe(session), session })),
    { placeHolder },
  );
  return chosen?.session;
}

async function showActions(context: ShellContext, session: Session): Promise<void> {
  const { account, tokenSet, connection } = session;
  const actions: Choice[] = [
    {
      label: `$(sync) ${l10n.t('Refresh now')}`,
      choose: () => refreshNow(context, session.id).catch(sayError),
    },
    { label: `$(sign-out) ${l10n.t('Sign out')}`, choose: () => signOut(context, session.id) },
  ];
  const chosen = await window.showQuickPick(actions, {
    title: `${account.label} (${connection.name})`,
    placeHolder: l10n.t(
      'Token good until {0}, scopes {1}',
      new Date(tokenSet.expiresAt).toLocaleString(),
      tokenSet.scopes.join(' '),
    ),
  });
  await chosen?.choose?.();
}

function describe(session: Session): QuickPickItem {
  const { account, tokenSet, connection } = session;
  const left = tokenSet.expiresAt - Date.now();
  const renewed = tokenSet.refreshToken !== undefined;
  const until =
    left <= 0
      ? renewed
        ? l10n.t('token over, renewed when needed')
        : l10n.t('over: sign in again')
      : renewed
        ? l10n.t('token good for {0}, then renewed', timeLeft(left))
        : l10n.t('good for {0}, then sign in again', timeLeft(left));
  return {
    label: `$(account) ${account.label}`,
    description: `${connection.name} · ${hostOf(session)}`,
    detail: `${until} · ${tokenSet.scopes.join(' ')}`,
  };
}

function hostOf({ connection }: Session): string {
  return connection.type === 'okta'
    ? new URL(connection.issuer).host
    : `${new URL(connection.startUrl).host} (${connection.region})`;
}
