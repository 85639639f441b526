import { l10n, QuickPickItemKind } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { Session } from '../../core/session/session.ts';
import type { StoredSessions } from '../../core/session/sessionStore.ts';
import type { ShellContext } from '../context.ts';
import { describeSession, inOrder, nameOf } from '../format/formatSession.ts';
import { providerOf } from '../providers/index.ts';
import { signInAgain } from '../signIn/signInAgain.ts';
import { signInForPerson } from '../signIn/signInCommands.ts';
import { pickSignIn } from '../signIn/signInPicker.ts';
import { showCountingPick } from '../ui/countdownQuickPick.ts';
import type { CountingRow } from '../ui/countdownQuickPick.ts';
import { showStatusMessage } from '../ui/messages.ts';
import { reportError } from '../ui/reportError.ts';
import { prefer } from '../../features/sessionMarks.ts';

const messageMilliseconds = 5000;

/** *Switch Account…*: selects the account that extensions get if several match, or signs in to another one. */
export async function switchAccount(context: ShellContext): Promise<void> {
  const { sessions, signIns } = context;
  let stored: StoredSessions = { sessions: [], lost: [] };
  signIns.hidePrompts();
  await showCountingPick({
    title: l10n.t('Switch Account'),
    placeholder: () => l10n.t('Select the account that extensions use by default'),
    load: async () => (stored = await sessions.list()),
    watch: (listener) => [sessions.onDidChange(listener)],
    rows: () => [
      ...inOrder(stored.sessions).map((session) => accountRow(context, session, stored.sessions)),
      { label: '', kind: QuickPickItemKind.Separator },
      ...connectionsOf(stored.sessions).flatMap((connection) => differentAccountRow(context, connection)),
      {
        key: 'signIn',
        icon: 'sign-in',
        label: l10n.t('Sign In…'),
        description: l10n.t('To another connection or provider'),
        choose: () => pickSignIn(context),
      },
    ],
  });
}

/** Makes an account the one that extensions get if several match. */
export async function setDefaultAccount({ sessions }: ShellContext, session: Session): Promise<void> {
  try {
    await prefer(sessions, session.id);
    showStatusMessage(l10n.t('{0} is now the default account', nameOf(session)), messageMilliseconds);
  } catch (error) {
    await reportError(error);
  }
}

function accountRow(context: ShellContext, session: Session, all: readonly Session[]): CountingRow {
  const isOnly = all.every(({ id, type }) => id === session.id || type !== session.type);
  const choose = async (): Promise<void> => {
    if (session.ended !== undefined) return signInAgain(context, session.id);
    if (!isOnly) return setDefaultAccount(context, session);
    showStatusMessage(l10n.t('Extensions already use {0}', nameOf(session)), messageMilliseconds);
  };
  return { key: session.id, ...describeSession(session, all), choose };
}

function differentAccountRow(context: ShellContext, connection: Connection): CountingRow[] {
  if (providerOf(connection).asksAgain() === undefined) return [];
  return [
    {
      key: `other ${connectionKey(connection)}`,
      icon: 'person-add',
      label: l10n.t('Use a Different Account at {0}', connection.name),
      choose: async () => {
        const session = await signInForPerson(context, connection, { prompt: 'login' });
        if (session !== undefined) await setDefaultAccount(context, session);
      },
    },
  ];
}

/** The connections of these sessions, without duplicates. */
function connectionsOf(sessions: readonly Session[]): readonly Connection[] {
  const all = sessions.map(({ connection }) => [connectionKey(connection), connection] as const);
  return [...new Map(all).values()];
}
