import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { whereOf } from '../format/formatConnection.ts';
import type { ShellContext } from '../context.ts';
import { signOut } from '../status/signOut.ts';
import { signInForPerson } from '../signIn/signInCommands.ts';
import { askWarning, showInformation, showStatusMessage } from '../ui/messages.ts';
import { nameOf } from '../format/formatSession.ts';

/**
 * Removes a connection from the settings, after a confirmation. Its session stays, unless the user also chooses
 * to sign out.
 * @throws SignInError `cancelled`
 */
export async function removeConnection(context: ShellContext, connection: Connection): Promise<void> {
  const sessions = await sessionsOf(context, connection);
  const remove = l10n.t('Remove');
  const andSignOut = l10n.t('Remove and Sign Out');
  const labels = sessions.map(nameOf).join(', ');
  const detail =
    sessions.length === 0
      ? l10n.t('{0} will be removed from your settings. You aren’t signed in to it.', whereOf(connection))
      : l10n.t(
          '{0} will be removed from your settings. Extensions can use {1} until you sign out or the session expires.',
          whereOf(connection),
          labels,
        );
  const chosen = await askWarning(
    l10n.t('Remove the connection “{0}”?', connection.name),
    { detail },
    ...(sessions.length === 0 ? [remove] : [andSignOut, l10n.t('Remove and Stay Signed In')]),
  );
  if (chosen === undefined) throw new SignInError('cancelled');
  await (await context.connectionSettings()).removeConnection(connection);
  showStatusMessage(l10n.t('“{0}” removed', connection.name), 5000);
  if (chosen === andSignOut) for (const { id } of sessions) await signOut(context, id, 'yes');
}

/**
 * Points out what a change does not affect in an existing session, and offers a follow-up action.
 * @throws SignInError as the sign-out or the sign-in that is chosen
 */
export async function notifyExistingSession(
  context: ShellContext,
  before: Connection,
  change: 'moved' | 'scopes',
): Promise<void> {
  const [session] = await sessionsOf(context, before);
  if (session === undefined) return;
  if (change === 'moved') {
    const end = l10n.t('Sign Out');
    const chosen = await showInformation(
      l10n.t('You’re still signed in to {0}. Extensions can use this account.', whereOf(before)),
      end,
    );
    if (chosen === end) await signOut(context, session.id, 'yes');
    return;
  }
  const again = l10n.t('Sign In Again');
  const chosen = await showInformation(
    l10n.t('You’re signed in with your previous scopes. The new scopes apply the next time you sign in.'),
    again,
  );
  const key = connectionKey(before);
  const now = (await context.connections()).find((connection) => connectionKey(connection) === key);
  if (chosen === again && now !== undefined) await signInForPerson(context, now);
}

async function sessionsOf(context: ShellContext, connection: Connection): Promise<readonly Session[]> {
  const key = connectionKey(connection);
  const { sessions } = await context.sessions.list();
  return sessions.filter((session) => connectionKey(session.connection) === key);
}
