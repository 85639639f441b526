import { commands, l10n } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { checkTerminal } from '../../features/organizationPolicy.ts';
import { inTerminal, isInTerminal } from '../../features/terminalAccess.ts';
import { chooseSession } from '../chooseSession.ts';
import type { ShellContext } from '../context.ts';
import { inOrder, nameOf } from '../format/formatSession.ts';
import {
  askInformation,
  askWarning,
  showInformation,
  showStatusMessage,
  showWarning,
} from '../ui/messages.ts';
import { reportError } from '../ui/reportError.ts';
import { terminalMeaning } from './terminalConsentText.ts';
import { areTerminalsHere } from './whereTerminalsRun.ts';

/**
 * *Use in Terminal*: lets the programs of the editor's terminals ask for the token of a session, after a question that
 * says what that means; for one that they may use, asks whether to stop. A person answers either way, so what goes wrong
 * is said on the screen.
 */
export async function useInTerminal(context: ShellContext, id: string | undefined): Promise<void> {
  try {
    if (!areTerminalsHere(context.editorEnvironment)) {
      await sayElsewhere(context.editorEnvironment.remoteName ?? '');
      return;
    }
    const session = await sessionFor(context, id);
    if (session === undefined) return;
    if (!isInTerminal(session, context.terminals.hostName)) await allow(context, session);
    else await stopOrChoose(context, session);
  } catch (error) {
    await reportError(error);
  }
}

async function allow(context: ShellContext, session: Session): Promise<void> {
  await allowInTerminal(context, session);
  const open = l10n.t('New Terminal');
  const next = await showInformation(
    l10n.t('In new terminals, sso-token prints a token for {0}.', nameOf(session)),
    open,
  );
  if (next === open) await commands.executeCommand('workbench.action.terminal.new');
}

/**
 * Lets the programs of the terminals ask for the token of a session, after a question that says what that means.
 * @throws SignInError `cancelled` after a no, `blockedByOrganization`, or as the records
 */
export async function allowInTerminal(context: ShellContext, session: Session): Promise<void> {
  const { organization, sessions, terminals } = context;
  checkTerminal(await organization());
  const yes = l10n.t('Allow');
  const chosen = await askWarning(
    l10n.t('Let programs in the terminal use {0}?', nameOf(session)),
    { detail: terminalMeaning(session, terminals.hostName) },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
  await sessions.allowPrograms(session.id, terminals.hostName, true);
  const access = await terminals.access();
  await access.choose(session.id);
  await access.update();
}

/** Another one may be meant in this window where a program names none. */
async function stopOrChoose(context: ShellContext, session: Session): Promise<void> {
  const { sessions, terminals } = context;
  const shared = inTerminal((await sessions.list()).sessions, terminals.hostName);
  const stop = l10n.t('Stop');
  const access = await terminals.access();
  const isOther = shared.length > 1 && access.chosen !== session.id;
  const choose = l10n.t('Use by Default in This Window');
  const chosen = await askInformation(
    l10n.t('Stop letting programs in the terminal use {0}?', nameOf(session)),
    { detail: l10n.t('Programs keep the tokens they have until these expire. You stay signed in.') },
    ...(isOther ? [stop, choose] : [stop]),
  );
  if (chosen === choose) {
    await access.choose(session.id);
    showStatusMessage(l10n.t('sso-token uses {0} in this window', nameOf(session)), 5000, 'check');
    return;
  }
  if (chosen !== stop) throw new SignInError('cancelled');
  await sessions.allowPrograms(session.id, terminals.hostName, false);
  if (access.chosen === session.id) await access.choose(undefined);
  await access.update();
  showStatusMessage(l10n.t('Terminals can no longer use {0}', nameOf(session)), 5000, 'check');
}

/** The sign-in is here, and the programs would be there. */
export async function sayElsewhere(remoteName: string): Promise<void> {
  const open = l10n.t('Open Settings');
  const next = await showWarning(
    l10n.t(
      'This window’s terminals run on another computer ({0}), where your sign-ins aren’t available. To use them there, set remote.extensionKind for developer-sign-in.developer-sign-in to “workspace” and sign in again.',
      remoteName,
    ),
    open,
  );
  if (next === open) await commands.executeCommand('workbench.action.openSettings', 'remote.extensionKind');
}

async function sessionFor(
  { sessions, terminals }: ShellContext,
  id: string | undefined,
): Promise<Session | undefined> {
  const all = inOrder((await sessions.list()).sessions).filter(
    (session) => session.ended === undefined || isInTerminal(session, terminals.hostName),
  );
  return chooseSession(all, id, { placeHolder: l10n.t('Select a sign-in to use in the terminal') });
}
