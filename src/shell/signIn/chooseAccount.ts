import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { plainLine } from '../../core/text/safeText.ts';
import { needsSignIn } from '../../features/sessionStatus.ts';
import { endOf, expirationText, nameOf } from '../format/formatSession.ts';
import { askText } from '../ui/askText.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';

interface AccountRow extends ListRow {
  readonly session?: Session;
}

/**
 * Asks which account to sign in to: one of `here`, which the sign-in replaces, or another one, for which the
 * user enters a name.
 * @throws SignInError `cancelled`
 */
export async function chooseAccount(
  connection: Connection,
  here: readonly Session[],
): Promise<Session | string> {
  const live = here.filter(isLive);
  const keepBoth: AccountRow = {
    icon: 'person-add',
    label: live.length === 1 ? l10n.t('Keep Both') : l10n.t('Add Another Account'),
    detail: l10n.t('Give it a name so that you can tell the accounts apart.'),
  };
  const words =
    live.length === 0
      ? { title: connection.name, placeHolder: l10n.t('Sign in again, or add another account?') }
      : {
          title: l10n.t('You’re already signed in to {0}', connection.name),
          placeHolder:
            live.length === 1
              ? l10n.t('Replace the account, or keep both?')
              : l10n.t('Replace an account, or add another?'),
        };
  const rows = [...live.map(replaceRow), ...here.filter((one) => !isLive(one)).map(againRow), keepBoth];
  const chosen = await showList<AccountRow>(rows, { ...words, ignoreFocusOut: true });
  if (chosen === undefined) throw new SignInError('cancelled');
  return chosen.session ?? askName(connection, here);
}

function replaceRow(session: Session): AccountRow {
  return {
    icon: 'account',
    label: l10n.t('Replace {0}', nameOf(session)),
    detail:
      session.programPlaces === undefined
        ? l10n.t('Extensions that use this account get the new sign-in.')
        : l10n.t(
            'Extensions that use this account get the new sign-in. Programs that you allowed to use it lose access.',
          ),
    session,
  };
}

function againRow(session: Session): AccountRow {
  return {
    icon: 'account',
    label:
      session.account.name === undefined
        ? l10n.t('Sign in again to {0}', session.connection.name)
        : l10n.t('Sign in again as {0}', nameOf(session)),
    detail: session.ended === undefined ? expirationText(session) : endOf(session.ended).title,
    session,
  };
}

/** Asks for a new account's name. @throws SignInError `cancelled` */
async function askName(connection: Connection, here: readonly Session[]): Promise<string> {
  const text = await askText({
    title: l10n.t('Add an account at {0}', connection.name),
    prompt: l10n.t(
      'Name this account so that you can tell it apart. If your browser is signed in as someone else, sign out there first or use a private window.',
    ),
    placeholder: l10n.t('For example, Admin'),
    problem: (typed) => {
      const name = plainLine(typed);
      if (name === '') return l10n.t('Enter a name.');
      if (name.length > 50) return l10n.t('Enter at most 50 characters.');
      return here.some((other) => folded(nameOf(other)) === folded(name))
        ? l10n.t('You already have an account with this name.')
        : undefined;
    },
  });
  return plainLine(text);
}

/** Normalizes a name, so that names that look the same are equal. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

/** Whether a session has not ended and needs no sign-in. */
export function isLive(session: Session): boolean {
  return session.ended === undefined && !needsSignIn(Date.now(), session);
}
