import { forAwsCli } from '../../features/awsCli.ts';
import { l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import { isUsable } from '../../core/session/refreshPolicy.ts';
import type { LostSession, Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { forget } from './lostSessions.ts';
import { describeLost, describeSession, hostOf, inOrder, nameOf } from '../format/formatSession.ts';
import { warnTokenFileNotRemoved } from '../awsCli/shareWithAwsCli.ts';
import { providerOf } from '../providers/index.ts';
import { askWarning, showInformation, showStatusMessage, showWarning } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';

/** Display time of the message after a sign-out, in milliseconds: long enough to read what is left in the browser. */
const readingTime = 10_000;

/** Where to sign out: only in VS Code, or also in the browser, which opens for it. */
type SignOutChoice = 'here' | 'browserToo';

/**
 * *Sign Out*, for the session with this ID, including a lost one, the only one, or the one that the user
 * selects. Asks first, unless the user has already answered another question, and reports the result. Opens the
 * browser only if the user chooses that.
 * @throws SignInError `signInNeeded` when the session does not exist
 */
export async function signOut(
  context: ShellContext,
  id: string | undefined,
  answer: 'notAsked' | 'yes' = 'notAsked',
): Promise<void> {
  const chosen = await chooseOne(context, id);
  if (chosen === undefined) return;
  const choice = answer === 'yes' ? 'here' : await confirmSignOut(chosen);
  if (choice === undefined) return;
  if ('account' in chosen) await signOutOf(context, chosen, choice);
  else await forget(context, chosen);
}

async function signOutOf(context: ShellContext, { id }: Session, choice: SignOutChoice): Promise<void> {
  const { signal } = new AbortController();
  const { session, notConfirmed, unremovedEntry, isFileLeft } = await context.sessions.signOut(id, signal);
  if (unremovedEntry !== undefined) await warnTokenFileNotRemoved(context, unremovedEntry);
  if (isFileLeft === true)
    void showWarning(
      l10n.t(
        'You’re signed out, but the encrypted tokens couldn’t be deleted from the storage folder. They’re deleted once the editor can write to it again.',
      ),
    );
  const page = choice === 'browserToo' ? providerOf(session).endSessionAddress(session) : undefined;
  if (page !== undefined) void context.openInBrowser(page).catch(() => false);
  if (notConfirmed !== undefined) {
    void showWarning(
      l10n.t(
        'You’re signed out here, and the tokens are removed. {0} didn’t confirm that the session ended there. It expires on its own.',
        hostOf(session),
      ),
    );
  } else if (unremovedEntry === undefined && isFileLeft !== true) {
    const others = (await context.sessions.list()).sessions.filter(({ type }) => type === session.type);
    showStatusMessage(signedOutText(session, page, others.length > 0), readingTime);
  }
}

async function confirmSignOut(one: Session | LostSession): Promise<SignOutChoice | undefined> {
  const choices: Readonly<Record<string, SignOutChoice>> = {
    [l10n.t('Sign Out')]: 'here',
    ...(pageOf(one) === undefined ? {} : { [l10n.t('Sign Out in the Browser Too')]: 'browserToo' }),
  };
  const detail = consequencesOf(one).join('\n');
  const question = l10n.t('Sign out of {0}?', nameOf(one));
  return choices[(await askWarning(question, { detail }, ...Object.keys(choices))) ?? ''];
}

/** The page on which the browser can also sign out; undefined without one. */
function pageOf(one: Session | LostSession): string | undefined {
  return 'account' in one ? providerOf(one).endSessionAddress(one) : undefined;
}

/** Lines about what a sign-out removes, and what remains. */
function consequencesOf(one: Session | LostSession): readonly string[] {
  if (!('account' in one))
    return [l10n.t('Its tokens can no longer be read here. The account will be removed from the list.')];
  const isLive = one.ended === undefined || isUsable(Date.now(), one.tokenSet);
  const provider = providerOf(one);
  const name = forAwsCli(one)?.awsCli?.name;
  const left =
    pageOf(one) === undefined
      ? provider.leftAfterSignOut()
      : l10n.t('You stay signed in to the provider in your browser unless you sign out there, too.');
  return [
    isLive
      ? l10n.t('Extensions that use this account will lose access.')
      : l10n.t('This session has ended. The account will be removed from the list.'),
    ...(name === undefined
      ? []
      : [l10n.t('The AWS CLI will also lose access. It shares this sign-in as [sso-session {0}].', name)]),
    ...((one.programPlaces ?? []).length === 0
      ? []
      : [l10n.t('Programs in the terminal and tasks that you allowed to use it will also lose access.')]),
    ...(left !== undefined && isLive ? [left] : []),
  ];
}

/**
 * The message after a sign-out. @param isOneOfSeveral whether the user is still signed in with this provider,
 * as another account
 */
function signedOutText(session: Session, page: string | undefined, isOneOfSeveral: boolean): string {
  const { connection, ended } = session;
  if (page !== undefined) return l10n.t('Signed out here. Now sign out in your browser.');
  if (ended !== undefined) return l10n.t('Removed {0} from the list', nameOf(session));
  return isOneOfSeveral
    ? l10n.t('Signed out of {0}', nameOf(session))
    : providerOf(connection).signedOut(connection);
}

async function chooseOne(
  context: ShellContext,
  id: string | undefined,
): Promise<Session | LostSession | undefined> {
  const { sessions, lost } = await context.sessions.list();
  const all = [...inOrder(sessions), ...inOrder(lost)];
  if (id !== undefined) {
    const known = all.find((one) => one.id === id);
    if (known === undefined) throw new SignInError('signInNeeded', { operation: 'session' });
    return known;
  }
  if (all.length === 0) void showInformation(l10n.t('You’re not signed in.'));
  if (all.length <= 1) return all[0];
  const rows = all.map((one) => ({
    ...('account' in one ? describeSession(one, sessions) : describeLost(context, one)),
    one,
  }));
  const chosen = await showList(rows, {
    title: l10n.t('Sign Out'),
    placeHolder: l10n.t('Select an account to sign out of'),
  });
  return chosen?.one;
}
