import { commands, l10n, workspace } from 'vscode';
import { SignInError } from '../../core/oauth/errors.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { awsProfile, withProfile } from '../../features/awsProfile.ts';
import { isInTerminal } from '../../features/terminalAccess.ts';
import { addToAwsConfig } from '../awsCli/addToAwsConfig.ts';
import type { ShellContext } from '../context.ts';
import { showInformation } from '../ui/messages.ts';
import { chooseAwsRole, givenAwsRole, reportAwsError, sessionWithAccounts } from './chooseAwsRole.ts';
import type { NamedRole } from './chooseAwsRole.ts';
import { openConsole } from './openAwsConsole.ts';
import { allowInTerminal, showElsewhere, showRestricted } from './useInTerminal.ts';
import { areTerminalsHere } from './whereTerminalsRun.ts';

/**
 * *Use an AWS Account…*: asks for an account and role, and makes new terminals of this workspace use them
 * through a profile in `~/.aws/config`, whose lines the user confirms. Shows errors to the user.
 */
export async function useAwsAccount(context: ShellContext, given: unknown): Promise<void> {
  const wanted = givenAwsRole(given);
  try {
    if (!areTerminalsHere(context.editorEnvironment)) {
      await showElsewhere(context.editorEnvironment.remoteName ?? '');
      return;
    }
    const session = await readySession(context, wanted.sessionId);
    if (session === undefined) return;
    const role = await chooseAwsRole(context, session, wanted);
    if (role === undefined) return;
    const profile = await writeProfile(context, session, role);
    const access = await context.terminals.access();
    await access.chooseAwsAccount({ ...role, sessionId: session.id, profile });
    await (workspace.isTrusted ? said(context, session, role, profile) : showRestricted());
  } catch (error) {
    await reportAwsError(context, wanted, error, () => useAwsAccount(context, given));
  }
}

/** A session with account access that the terminals may use, or that is shared with the AWS CLI. */
async function readySession(context: ShellContext, id: unknown): Promise<IdentityCenterSession | undefined> {
  const ready = await sessionWithAccounts(context, id);
  if (ready === undefined) return undefined;
  if (ready.awsCli !== undefined && ready.awsCli.paused === undefined) return ready;
  if (!isInTerminal(ready, context.terminals.hostName)) await allowInTerminal(context, ready);
  return ready;
}

/** Writes the profile. @returns its name @throws SignInError `cancelled`, or `storage` if the file cannot be written */
async function writeProfile(
  context: ShellContext,
  session: IdentityCenterSession,
  role: NamedRole,
): Promise<string> {
  const file = await context.terminals.awsConfig();
  const ssoSession = session.awsCli?.paused === undefined ? session.awsCli?.name : undefined;
  const values = {
    ...role,
    region: session.connection.region,
    command: await context.terminals.command(),
    account: session.account.label,
    sessionId: session.id,
    ssoSession,
  };
  const { name, lines, isThere, isReplaced } = awsProfile(await file.read(), values);
  if (isThere) return name;
  const path = (await context.awsCliPaths()).shown(file.path);
  const answer = await addToAwsConfig(context, {
    question: isReplaced
      ? l10n.t('Replace the profile {0} in {1} with these lines?', name, path)
      : l10n.t('Add this profile to {0}?', path),
    lines,
    isMissing: async () => !awsProfile(await file.read(), values).isThere,
    ...(isReplaced ? { replace: (text: string) => withProfile(text, lines) } : {}),
  });
  if (answer !== 'added') throw new SignInError('cancelled');
  return name;
}

async function said(
  context: ShellContext,
  session: IdentityCenterSession,
  role: NamedRole,
  profile: string,
): Promise<void> {
  const [terminal, console] = [l10n.t('New Terminal'), l10n.t('Open AWS Console')];
  const next = await showInformation(
    l10n.t('New terminals use the AWS profile {0} ({1}, {2}).', profile, role.accountName, role.roleName),
    terminal,
    console,
  );
  if (next === terminal) await commands.executeCommand('workbench.action.terminal.new');
  if (next === console) await openConsole(context, session, role);
}
