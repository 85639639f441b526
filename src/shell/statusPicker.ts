import { l10n, QuickPickItemKind, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { ShellContext } from './context.ts';
import { showActions } from './sessionActions.ts';
import { describeSession } from './sessionWords.ts';
import { signInCommand, signInForPerson } from './signInCommands.ts';

interface Choice extends QuickPickItem {
  readonly choose?: () => Promise<unknown>;
}

/** *Show sign-in status*: who, where, which scopes, until when, and what can be done. */
export async function showStatus(context: ShellContext): Promise<void> {
  if (context.signIns.underWay) {
    context.signIns.show();
    return;
  }
  const { sessions, lost } = await context.sessions.list();
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
    ...sessions.map((session) => ({
      ...describeSession(session),
      choose: () => showActions(context, session),
    })),
    ...lost.map((one) => ({
      label: `$(warning) ${one.accountLabel}`,
      description: one.connection.name,
      detail: l10n.t('The keyring of this system lost this sign-in. Select to sign in again.'),
      choose: () => signInForPerson(context, one.connection),
    })),
    { label: '', kind: QuickPickItemKind.Separator },
    ...ways,
  ];
  const placeHolder =
    sessions.length + lost.length === 0
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
