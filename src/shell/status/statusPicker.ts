import { commands, l10n, QuickPickItemKind } from 'vscode';
import { isAllowed } from '../../features/organizationPolicy.ts';
import type { OrganizationPolicy } from '../../features/organizationPolicy.ts';
import { sessionStatus } from '../../core/session/sessionStatus.ts';
import type { SessionStatus } from '../../core/session/sessionStatus.ts';
import type { LostSession, Session } from '../../core/session/session.ts';
import type { StoredSessions, UnreadableRecord } from '../../core/session/sessionStore.ts';
import { providerOf } from '../providers/index.ts';
import { providerTypes } from '../providers/registration.ts';
import type { ShellContext, SignInUnderWay } from '../context.ts';
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
  lifeOf,
  nameOf,
  scopesText,
} from '../format/formatSession.ts';
import { usualEndOf } from './standing.ts';
import { signInAgain } from '../signIn/signInAgain.ts';
import { signInCommand } from '../signIn/signInCommands.ts';
import { defined } from '../../core/defined.ts';

/** *Show sign-in status*: who, where, which scopes, until when, and what can be done. */
export async function showStatus(context: ShellContext): Promise<void> {
  const { sessions, signIns } = context;
  signIns.makeWay(); // They are rows of this list, and come back when one is chosen.
  let stored: StoredSessions = { sessions: [], lost: [] };
  const organization = await context.organization();
  const rules = organizationRow(organization);
  await showCountingPick({
    title: l10n.t('Sign-in status'),
    placeholder: () =>
      stored.sessions.length + stored.lost.length + (stored.unreadable ?? []).length === 0
        ? l10n.t('Nobody is signed in')
        : l10n.t('Select a sign-in to see what you can do with it'),
    load: async () => (stored = await sessions.list()),
    watch: (listener) => [
      sessions.onDidChange(listener),
      sessions.onDidFail(listener),
      signIns.onDidChange(listener),
    ],
    rows: () => {
      const status = sessionStatus(Date.now(), stored, (id) => sessions.lastFailure(id));
      return [
        ...signIns.all.map(underWayRow),
        ...againRows(context, status),
        ...inOrder(stored.sessions).map((session) => sessionRow(context, session, stored.sessions)),
        ...inOrder(stored.lost).map((one) => lostRow(context, one)),
        ...(stored.unreadable ?? []).map(unreadableRow),
        ...takenRows(context),
        { label: '', kind: QuickPickItemKind.Separator },
        ...signInRows(context, organization.policy),
        {
          key: 'connections',
          icon: 'gear',
          label: l10n.t('Manage connections…'),
          choose: async () => commands.executeCommand('developerSignIn.manageConnections'),
        },
        ...(rules === undefined ? [] : [rules]),
      ];
    },
  });
}

/** A sign-in that the browser has, or a server; choosing it brings its surface back. */
function underWayRow({ key, connection, account, show, cancel }: SignInUnderWay): CountingRow {
  return {
    key,
    icon: 'loading~spin',
    label: l10n.t('Signing in to {0}…', connection.name),
    ...defined({ description: account }),
    choose: async () => show(),
    buttons: [{ icon: 'close', label: l10n.t('Cancel'), press: cancel }],
  };
}

/** The way on where a person must act: every ended session, one after the other. */
function againRows(context: ShellContext, { needed }: SessionStatus): CountingRow[] {
  if (needed.length === 0) return [];
  const who = inOrder(needed).map(nameOf);
  return [
    {
      key: 'again',
      icon: 'sign-in',
      label: l10n.t('Sign in again'),
      description: who.join(', '),
      ...(needed.length > 1 ? { detail: l10n.t('All {0}, one after the other.', needed.length) } : {}),
      choose: () => signInAgain(context, undefined),
    },
  ];
}

function sessionRow(context: ShellContext, session: Session, all: readonly Session[]): CountingRow {
  const { id, ended, tokenSet } = session;
  const { icon, description, label } = describeSession(session, all);
  const failed = context.sessions.lastFailure(id);
  const usual = usualEndOf(context.memento, session);
  // What is wrong comes before what is as ever: a row shows no more than one line.
  const more = failed === undefined ? [...usual, scopesText(tokenSet.scopes)] : [failureOf(failed), ...usual];
  return {
    key: id,
    icon,
    label,
    description,
    detail: ended === undefined ? [lifeOf(session), ...more].join(' · ') : endOf(ended).title,
    // "Ended" and a time that is left would contradict each other; the token's own stands among the actions.
    ...(ended === undefined ? { counts: { who: nameOf(session), until: tokenSet.expiresAt } } : {}),
    choose: () => showActions(context, id, () => showStatus(context)),
  };
}

function lostRow(context: ShellContext, lost: LostSession): CountingRow {
  const { id } = lost;
  return {
    key: id,
    ...describeLost(context, lost),
    choose: () => showLostActions(context, lost, () => showStatus(context)),
    buttons: [{ icon: 'trash', label: l10n.t('Forget'), press: () => forget(context, lost) }],
  };
}

/** A record that the disk does not give now: nothing is lost, and nothing can be done with it here. */
function unreadableRow({ id, code }: UnreadableRecord): CountingRow {
  return {
    key: id,
    icon: 'warning',
    label: l10n.t('A stored sign-in cannot be read'),
    description: code,
    detail: l10n.t('It is kept, and appears here again as soon as its file can be read.'),
    choose: async () => commands.executeCommand('developerSignIn.showLog'),
  };
}

/** What tools ask for by name is another extension's; the commands work all the same. */
function takenRows({ takenProviders }: ShellContext): CountingRow[] {
  return [...takenProviders].map((label) => ({
    icon: 'info',
    label: l10n.t('Another extension answers for “{0}”', label),
    detail: l10n.t(
      'Tools that ask the editor for such a token get that extension’s. Disable it and reload the window to change this; the commands here work all the same.',
    ),
  }));
}

/** The ways in that the organization allows. */
function signInRows(context: ShellContext, policy: OrganizationPolicy): CountingRow[] {
  return providerTypes
    .flatMap((type) => providerOf({ type }).waysIn(policy))
    .filter(({ only }) => only === undefined || isAllowed(policy, only))
    .map(({ command, label }) => ({
      key: command,
      icon: 'add',
      label,
      choose: () => signInCommand(context, command, undefined),
    }));
}
