import { commands, l10n, workspace } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Session } from '../../core/session/session.ts';
import { checkTerminal } from '../../features/organizationPolicy.ts';
import { inTerminal, isInTerminal } from '../../features/terminalAccess.ts';
import { namesToType } from '../../features/terminalChoice.ts';
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
import { sessionOf } from './sessionOf.ts';
import { terminalMeaning } from './terminalConsentText.ts';
import { areTerminalsHere } from './whereTerminalsRun.ts';
import { allowPrograms, forbidPrograms } from '../../features/sessionMarks.ts';

/**
 * *Use in Terminal*: gives terminal programs access to a session's token, after a question that explains the
 * consequences; if they have access, asks whether to stop. Shows errors to the user.
 */
export async function useInTerminal(context: ShellContext, id: string | undefined): Promise<void> {
  try {
    if (!areTerminalsHere(context.editorEnvironment)) {
      await showElsewhere(context.editorEnvironment.remoteName ?? '');
      return;
    }
    const session = await sessionFor(context, id);
    if (session === undefined) return;
    if (!isInTerminal(session, context.terminals.hostName)) await allow(context, session);
    else await stopOrKeep(context, session, id === undefined ? 'perhapsKeep' : 'stop');
  } catch (error) {
    await reportError(error);
  }
}

async function allow(context: ShellContext, session: Session): Promise<void> {
  await allowInTerminal(context, session);
  const { byDefault, isOpen } = await context.terminals.access();
  if (!isOpen) {
    if (workspace.isTrusted) throw new SignInError('configuration', { operation: 'terminal' });
    await showRestricted();
    return;
  }
  const [open, prefer] = [l10n.t('New Terminal'), useByDefault()];
  const isDefault = byDefault === session.id;
  const shared = inTerminal((await context.sessions.list()).sessions, context.terminals.hostName);
  const name = namesToType(shared)[shared.findIndex(({ id }) => id === session.id)] ?? session.account.label;
  const next = await showInformation(
    l10n.t(
      'In new terminals, {0} prints a token for {1}.',
      isDefault ? 'sso-token' : `sso-token "${name}"`,
      nameOf(session),
    ),
    ...(isDefault ? [open] : [open, prefer]),
  );
  if (next === open) await commands.executeCommand('workbench.action.terminal.new');
  if (next === prefer) await preferInTerminal(context, session);
}

const useByDefault = (): string => l10n.t('Use by Default in This Window');

async function preferInTerminal({ terminals }: ShellContext, session: Session): Promise<void> {
  await (await terminals.access()).setDefault(session.id);
  showStatusMessage(l10n.t('sso-token uses {0} in this window', nameOf(session)), 5000);
}

/**
 * Gives terminal programs access to a session's token, after a question that explains the consequences.
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
  const isFirst = inTerminal((await sessions.list()).sessions, terminals.hostName).length === 0;
  const access = await terminals.access();
  // Only for the first: otherwise, programs that name no session would silently get another one.
  if (isFirst) await access.setDefault(session.id);
  if (!(await allowPrograms(sessions, session.id, terminals.hostName, session.signedInAt)))
    return allowInTerminal(context, await sessionOf(sessions, session.id));
  await access.update();
}

/**
 * For a session with access: asks whether to stop, make it the window's default, or choose another, since a
 * user who ran the command without a session may have meant that.
 */
async function stopOrKeep(
  context: ShellContext,
  session: Session,
  wanted: 'stop' | 'perhapsKeep',
): Promise<void> {
  const { sessions, terminals } = context;
  const shared = inTerminal((await sessions.list()).sessions, terminals.hostName);
  const [stop, open, prefer] = [l10n.t('Stop'), l10n.t('New Terminal'), useByDefault()];
  const access = await terminals.access();
  const others = shared.length > 1 && access.byDefault !== session.id ? [prefer] : [];
  const chosen = await (wanted === 'stop'
    ? askInformation(
        l10n.t('Stop letting programs in the terminal use {0}?', nameOf(session)),
        { detail: l10n.t('Programs keep their current tokens until they expire. You stay signed in.') },
        stop,
        ...others,
      )
    : askInformation(
        l10n.t('Programs in the terminal can already use {0}.', nameOf(session)),
        {
          detail: l10n.t(
            'If you stop this, programs keep their current tokens until they expire. You stay signed in.',
          ),
        },
        open,
        ...others,
        stop,
      ));
  if (chosen === prefer) await preferInTerminal(context, session);
  else if (chosen === open) await commands.executeCommand('workbench.action.terminal.new');
  else if (chosen === stop) {
    await forbidPrograms(sessions, session.id, terminals.hostName);
    await access.update();
    showStatusMessage(l10n.t('Terminals can no longer use {0}', nameOf(session)), 5000);
  } else throw new SignInError('cancelled');
}

/** Explains that terminals are permitted, but VS Code runs nothing in this workspace until it is trusted. */
export async function showRestricted(): Promise<void> {
  await showWarning(
    l10n.t('Terminals can’t get a token in Restricted Mode. Trust this workspace, then open a new terminal.'),
  );
}

/** Explains that the sign-in is on this machine, but the terminals are on the remote one. */
export async function showElsewhere(remoteName: string): Promise<void> {
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
  return chooseSession(all, id, {
    title: l10n.t('Use in Terminal'),
    placeHolder: l10n.t('Select a sign-in to use in the terminal'),
    noteOf: (session) =>
      isInTerminal(session, terminals.hostName) ? l10n.t('Allowed on this computer') : undefined,
  });
}
