import { forAwsCli } from '../../features/awsCli.ts';
import { showDetails } from './sessionDetails.ts';
import { commands, l10n } from 'vscode';
import type { Session } from '../../core/session/session.ts';
import { isDefault } from '../../features/defaultSession.ts';
import { isAllowedAt, isInTerminal } from '../../features/terminalAccess.ts';
import type { StoredSessions } from '../../core/session/sessionStore.ts';
import type { ShellContext, TerminalControl } from '../context.ts';
import { showCountingPick } from '../ui/countdownQuickPick.ts';
import type { CountingRow } from '../ui/countdownQuickPick.ts';
import { spanText } from '../ui/duration.ts';
import { messageFor } from '../errorMessages.ts';
import { refreshNow, showRefreshError } from './sessionCommands.ts';
import { signOut } from './signOut.ts';
import { setDefaultAccount } from './switchAccount.ts';
import { shareWithAwsCli } from '../awsCli/shareWithAwsCli.ts';
import { shortEndText, expirationText, timeText, fullNameOf, nameOf } from '../format/formatSession.ts';
import { openAwsConsole } from '../terminal/openAwsConsole.ts';
import { useAwsAccount } from '../terminal/useAwsAccount.ts';
import { useInTerminal } from '../terminal/useInTerminal.ts';
import { workspacePlace } from '../terminal/workspacePlace.ts';
import { signInAgain, signInForAwsCli } from '../signIn/signInAgain.ts';
import { signInForPerson } from '../signIn/signInCommands.ts';
import { typicalEnd } from './typicalEnds.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { providerOf } from '../providers/index.ts';
import { reportError } from '../ui/reportError.ts';
import { showStatusMessage } from '../ui/messages.ts';
import { defined } from '../../core/defined.ts';
import { joinSentences } from '../../output/joinSentences.ts';
import { forbidPrograms } from '../../features/sessionMarks.ts';

/** The state and actions of one session; `back` opens the previous list. */
export async function showActions(
  context: ShellContext,
  id: string,
  back: () => Promise<void>,
): Promise<void> {
  const { sessions } = context;
  let stored: StoredSessions = await sessions.list();
  const current = (): Session | undefined => stored.sessions.find((session) => session.id === id);
  const first = current();
  if (first === undefined) return;
  const { awsAccount } = await context.terminals.access();
  await showCountingPick({
    title: fullNameOf(first),
    placeholder: () => {
      const session = current();
      if (session === undefined) return l10n.t('Signed out');
      return session.ended === undefined ? expirationText(session) : l10n.t('Sign in again to continue');
    },
    load: async () => (stored = await sessions.list()),
    watch: (listener) => [sessions.onDidChange(listener), sessions.onDidFail(listener)],
    rows: () => {
      const session = current();
      return session === undefined ? [] : actionRows(context, session, stored.sessions, awsAccount);
    },
    back,
  });
}

function actionRows(
  context: ShellContext,
  session: Session,
  all: readonly Session[],
  awsAccount: TerminalControl['awsAccount'],
): CountingRow[] {
  const { id, ended, tokenSet } = session;
  const canRefresh = ended === undefined && tokenSet.refreshToken !== undefined;
  const rows: CountingRow[] = [
    ...reasonRows(context, session),
    ...(canRefresh
      ? [
          {
            key: 'refresh',
            icon: 'sync',
            label: l10n.t('Refresh Token'),
            choose: () => refresh(context, session),
          },
        ]
      : []),
    againRow(context, session),
    ...otherAccountRows(context, session),
    ...preferRows(context, session, all),
    ...awsCliRows(context, session),
    ...terminalRows(context, session),
    ...awsAccountRows(context, session, awsAccount),
    ...taskRows(context, session),
    {
      key: 'details',
      icon: 'list-flat',
      label: l10n.t('Details'),
      description: providerOf(session.connection).detailsHint(),
      choose: () => showDetails(context, id),
    },
    {
      key: 'diagnostics',
      icon: 'clippy',
      label: l10n.t('Copy Diagnostics'),
      description: l10n.t('For support. Contains no secrets.'),
      choose: async () => commands.executeCommand('developerSignIn.copyDiagnostics'),
    },
    {
      key: 'signOut',
      icon: 'sign-out',
      label: l10n.t('Sign Out'),
      description: nameOf(session),
      choose: () => signOut(context, id),
    },
  ];
  if (ended !== undefined || tokenSet.refreshToken !== undefined) return rows;
  const counts = { who: l10n.t('token'), until: tokenSet.expiresAt };
  return rows.map((row) => ({ ...row, counts }));
}

/** Rows with the reason why a session ended or could not be renewed; selecting one starts what fixes it. */
function reasonRows(context: ShellContext, session: Session): CountingRow[] {
  const { id, ended } = session;
  if (ended !== undefined) {
    const { title, cause, next } = shortEndText(ended);
    const detail = joinSentences(cause, next);
    return [{ key: 'ended', icon: 'warning', label: title, detail, choose: () => signInAgain(context, id) }];
  }
  const failed = context.sessions.lastFailure(id);
  if (failed === undefined) return [];
  const { title, cause, next } = messageFor(failed.error);
  return [
    {
      key: 'failed',
      icon: 'info',
      label: title,
      description: timeText(failed.at),
      detail: joinSentences(cause, next),
      choose: () => refresh(context, session),
    },
  ];
}

/** The row for a new sign-in: required, or to restart the session's full length before an inconvenient end. */
function againRow(context: ShellContext, session: Session): CountingRow {
  const usual = session.ended === undefined ? typicalEnd(context.memento, session) : undefined;
  const words =
    usual === undefined
      ? { label: l10n.t('Sign In Again') }
      : {
          label: l10n.t('Sign In Again to Extend ({0})', spanText(usual.span)),
          detail: l10n.t('This session usually expires at {0}.', timeText(usual.at)),
        };
  return {
    key: 'again',
    ...words,
    icon: 'sign-in',
    label: words.label,
    choose: () => signInAgain(context, session.id),
  };
}

function otherAccountRows(context: ShellContext, { connection }: Session): CountingRow[] {
  const description = providerOf(connection).asksAgain();
  if (description === undefined) return [];
  return [
    {
      key: 'someoneElse',
      icon: 'person-add',
      label: l10n.t('Use a Different Account'),
      description,
      choose: () => signInForPerson(context, connection, { prompt: 'login' }),
    },
  ];
}

function preferRows(context: ShellContext, session: Session, all: readonly Session[]): CountingRow[] {
  const isOnly = all.every(({ type, id }) => type !== session.type || id === session.id);
  if (isOnly || isDefault(session, all)) return [];
  return [
    {
      key: 'prefer',
      icon: 'star',
      label: l10n.t('Set as Default Account'),
      description: l10n.t('Used when an extension doesn’t specify an account'),
      choose: () => setDefaultAccount(context, session),
    },
  ];
}

function awsCliRows(context: ShellContext, session: Session): CountingRow[] {
  const sharable = forAwsCli(session);
  if (sharable === undefined || session.ended !== undefined) return [];
  const { awsCli } = sharable;
  const words =
    awsCli === undefined
      ? l10n.t('Share with the AWS CLI…')
      : awsCli.paused === undefined
        ? l10n.t('Stop Sharing with the AWS CLI')
        : l10n.t('Sharing with the AWS CLI is paused');
  return [
    {
      key: 'awsCli',
      icon: 'share',
      label: words,
      ...defined({ description: awsCli?.name }),
      choose: async () => {
        await shareWithAwsCli(context, session.id, signInForAwsCli);
      },
    },
  ];
}

function terminalRows(context: ShellContext, session: Session): CountingRow[] {
  const isAllowed = isInTerminal(session, context.terminals.hostName);
  if (!isAllowed && session.ended !== undefined) return [];
  return [
    {
      key: 'terminal',
      icon: 'terminal',
      label: isAllowed ? l10n.t('Stop Using in Terminal') : l10n.t('Use in Terminal…'),
      description: l10n.t('For programs that you start there'),
      choose: async () => {
        await useInTerminal(context, session.id);
      },
    },
  ];
}

function awsAccountRows(
  context: ShellContext,
  session: Session,
  chosen: TerminalControl['awsAccount'],
): CountingRow[] {
  if (forAwsCli(session) === undefined || session.ended !== undefined) return [];
  if (isBuilderId(session.connection)) return []; // Builder ID has no AWS accounts.
  const current = chosen?.sessionId === session.id ? `${chosen.accountName} · ${chosen.roleName}` : undefined;
  return [
    {
      key: 'awsAccount',
      icon: 'cloud',
      label: l10n.t('Use an AWS Account…'),
      ...defined({ description: current }),
      choose: async () => {
        await useAwsAccount(context, { sessionId: session.id });
      },
    },
    ...(current === undefined
      ? []
      : [
          {
            key: 'awsConsole',
            icon: 'link-external',
            label: l10n.t('Open AWS Console'),
            description: current,
            choose: async () => {
              await openAwsConsole(context, { sessionId: session.id });
            },
          },
        ]),
  ];
}

/** Rows to withdraw the access of this workspace's tasks, which ask for it themselves. */
function taskRows(context: ShellContext, session: Session): CountingRow[] {
  const place = workspacePlace(context);
  if (place === undefined || !isAllowedAt(session, place)) return [];
  return [
    {
      key: 'tasks',
      icon: 'checklist',
      label: l10n.t('Stop Using in Tasks of This Workspace'),
      choose: async () => {
        try {
          await forbidPrograms(context.sessions, session.id, place);
          showStatusMessage(l10n.t('Tasks of this workspace can no longer use {0}', nameOf(session)), 5000);
        } catch (error) {
          await reportError(error);
        }
      },
    },
  ];
}

async function refresh(context: ShellContext, session: Session): Promise<void> {
  try {
    await refreshNow(context, session.id);
    showStatusMessage(l10n.t('Token refreshed for {0}', nameOf(session)), 5000);
  } catch (error) {
    await showRefreshError(context, session, error);
  }
}
