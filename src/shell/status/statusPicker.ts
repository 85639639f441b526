import { commands, l10n, QuickPickItemKind } from 'vscode';
import { sessionStatus } from '../../features/sessionStatus.ts';
import type { SessionStatus } from '../../features/sessionStatus.ts';
import type { LostSession, Session } from '../../core/session/session.ts';
import type { StoredSessions, UnreadableRecord } from '../../core/session/sessionStore.ts';
import type { ShellContext, PendingSignIn } from '../context.ts';
import { showCountingPick } from '../ui/countdownQuickPick.ts';
import type { CountingRow } from '../ui/countdownQuickPick.ts';
import { organizationRow } from '../policyMessages.ts';
import { showActions } from './sessionActions.ts';
import { forget, showLostActions } from './lostSessions.ts';
import {
  describeLost,
  describeSession,
  endOf,
  failureOf,
  inOrder,
  expirationText,
  nameOf,
} from '../format/formatSession.ts';
import { typicalEndLines } from './statusLines.ts';
import { switchAccount } from './switchAccount.ts';
import { signInAgain } from '../signIn/signInAgain.ts';
import { loadSignInOffer, pickSignIn, signInRows } from '../signIn/signInPicker.ts';
import type { SignInOffer } from '../signIn/signInPicker.ts';
import { defined } from '../../core/defined.ts';

/**
 * *Manage Accounts*: accounts, places and actions; without an account, what to sign in with.
 * @param at key of the initially active row, after *Back*
 */
export async function showStatus(context: ShellContext, at?: string): Promise<void> {
  const { sessions, signIns } = context;
  signIns.hidePrompts(); // They are rows of this list, and return when selected.
  let stored: StoredSessions = { sessions: [], lost: [] };
  let offer: SignInOffer | undefined;
  const organization = await context.organization();
  const rules = organizationRow(organization);
  await showCountingPick({
    title: l10n.t('Accounts'),
    at,
    placeholder: () =>
      hasNone(stored)
        ? l10n.t('Not signed in. Select what to sign in to')
        : l10n.t('Select an account to manage'),
    load: async () => {
      stored = await sessions.list();
      offer = hasNone(stored) ? await loadSignInOffer(context) : undefined;
    },
    watch: (listener) => [
      sessions.onDidChange(listener),
      sessions.onDidFail(listener),
      signIns.onDidChange(listener),
    ],
    rows: () => {
      const status = sessionStatus(Date.now(), stored, (id) => sessions.lastFailure(id));
      return [
        ...signIns.all.map(pendingRow),
        ...againRows(context, status),
        ...inOrder(stored.sessions).map((session) => sessionRow(context, session, stored.sessions)),
        ...inOrder(stored.lost).map((one) => lostRow(context, one)),
        ...(stored.unreadable ?? []).map(unreadableRow),
        ...takenRows(context),
        { label: '', kind: QuickPickItemKind.Separator },
        ...(offer === undefined ? moreRows(context) : signInRows(context, offer)),
        {
          key: 'connections',
          icon: 'gear',
          label: l10n.t('Manage Connections…'),
          choose: async () => commands.executeCommand('developerSignIn.manageConnections'),
        },
        ...(rules === undefined ? [] : [rules]),
      ];
    },
  });
}

/** A row for a sign-in in progress; selecting it shows its prompt. */
function pendingRow({ key, connection, account, show, cancel }: PendingSignIn): CountingRow {
  return {
    key,
    icon: 'sync',
    label: l10n.t('Signing in to {0}…', connection.name),
    ...defined({ description: account }),
    choose: async () => show(),
    buttons: [{ icon: 'close', label: l10n.t('Cancel'), press: cancel }],
  };
}

/** A row to sign in again to every ended session, one after the other. */
function againRows(context: ShellContext, { needed }: SessionStatus): CountingRow[] {
  if (needed.length === 0) return [];
  const who = inOrder(needed).map(nameOf);
  return [
    {
      key: 'again',
      icon: 'sign-in',
      label: l10n.t('Sign In Again'),
      description: who.join(', '),
      ...(needed.length > 1 ? { detail: l10n.t('{0} accounts, one after another', needed.length) } : {}),
      choose: () => signInAgain(context, undefined),
    },
  ];
}

function sessionRow(context: ShellContext, session: Session, all: readonly Session[]): CountingRow {
  const { id, ended, tokenSet } = session;
  const { expiresAt, refreshToken } = tokenSet;
  const { icon, description, label } = describeSession(session, all);
  const failed = context.sessions.lastFailure(id);
  const usual = typicalEndLines(context.memento, session);
  // Problems come first, since a row shows only one line.
  const more = failed === undefined ? usual : [failureOf(failed), ...usual];
  return {
    key: id,
    icon,
    label,
    description,
    detail: ended === undefined ? [expirationText(session), ...more].join(' · ') : endOf(ended).title,
    // A countdown implies a sign-out at its end, so show it only if that is true.
    ...(ended === undefined && refreshToken === undefined
      ? { counts: { who: nameOf(session), until: expiresAt } }
      : {}),
    choose: () => showActions(context, id, () => showStatus(context, id)),
  };
}

function lostRow(context: ShellContext, lost: LostSession): CountingRow {
  const { id } = lost;
  return {
    key: id,
    ...describeLost(context, lost),
    choose: () => showLostActions(context, lost, () => showStatus(context, id)),
    buttons: [{ icon: 'trash', label: l10n.t('Forget'), press: () => forget(context, lost) }],
  };
}

/** A row for a record that the disk currently does not return: nothing is lost, and there is nothing to do here. */
function unreadableRow({ id, code }: UnreadableRecord): CountingRow {
  return {
    key: id,
    icon: 'warning',
    label: l10n.t('A saved sign-in can’t be read'),
    description: code,
    detail: l10n.t('It will appear here again when it can be read.'),
    choose: async () => commands.executeCommand('developerSignIn.showLog'),
  };
}

/** Rows for providers whose IDs another extension has taken; the commands still work. */
function takenRows({ takenProviders }: ShellContext): CountingRow[] {
  return [...takenProviders].map((label) => ({
    icon: 'info',
    label: l10n.t('Another extension provides “{0}” authentication', label),
    detail: l10n.t('To use Developer Sign-In instead, disable that extension and reload the window.'),
    choose: async () => commands.executeCommand('workbench.view.extensions'),
  }));
}

/** Rows beyond managing the existing accounts. */
function moreRows(context: ShellContext): CountingRow[] {
  return [
    {
      key: 'switchAccount',
      icon: 'arrow-swap',
      label: l10n.t('Switch Account…'),
      choose: () => switchAccount(context),
    },
    { key: 'signIn', icon: 'sign-in', label: l10n.t('Sign In…'), choose: () => pickSignIn(context) },
  ];
}

function hasNone({ sessions, lost, unreadable = [] }: StoredSessions): boolean {
  return sessions.length + lost.length + unreadable.length === 0;
}
