import { commands, env, l10n } from 'vscode';
import type { IdentityCenterConnection } from '../../core/connection/connection.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { accountAccessScope, callerIdentityCommand, sectionLines } from '../../features/awsCliName.ts';
import type { SsoSessionsFound } from '../../features/ssoSession.ts';
import type { ShellContext } from '../context.ts';
import { showInformation, showStatusMessage } from '../ui/messages.ts';
import { addToAwsConfig } from './addToAwsConfig.ts';

const messageMilliseconds = 5000;

/**
 * Offers to add or copy the `[sso-session]` section through which the AWS CLI finds a shared session. Resolves
 * with whether it exists now.
 * @throws SignInError `storage` when the file cannot be written
 */
export async function offerSection(
  context: ShellContext,
  name: string,
  connection: IdentityCenterConnection,
  { tokenSet }: IdentityCenterSession,
): Promise<boolean> {
  const found = await context.ssoSessions();
  const file = (await context.awsCliPaths()).shown(found.file);
  const lines = sectionLines(name, connection, tokenSet.scopes);
  const copy = l10n.t('Copy');
  const answer = canBeAddedTo(found)
    ? await addToAwsConfig(context, {
        question: l10n.t('Add this section to {0}?', file),
        lines,
        isMissing: async () => !(await context.ssoSessions()).sections.some((one) => one.name === name),
        others: [copy],
      })
    : {
        instead: await showInformation(
          l10n.t(
            'Shared as {0}. The AWS CLI can use it after you add a section with that name to {1}.',
            name,
            file,
          ),
          copy,
        ),
      };
  if (answer === 'added') return true;
  if (answer.instead === copy) {
    await env.clipboard.writeText(`${lines.join('\n')}\n`);
    showStatusMessage(l10n.t('Copied. Add the section to {0}.', file), messageMilliseconds);
  } else showStatusMessage(l10n.t('Section not added. Shared as {0}.', name), messageMilliseconds);
  return false;
}

/** Whether lines can be appended: UTF-8 at the end of a file in another encoding would make it unreadable. */
function canBeAddedTo({ errorCode, problems = [] }: SsoSessionsFound): boolean {
  return errorCode === undefined && !problems.some(({ reason }) => reason === 'encoding');
}

/** Offers a working command to copy, for a shared session with a section. */
export async function showNextCommand(
  { ssoSessions }: Pick<ShellContext, 'ssoSessions'>,
  name: string,
  { id, connection, tokenSet }: IdentityCenterSession,
): Promise<void> {
  if (missingRights(tokenSet, [accountAccessScope]).length > 0) {
    showStatusMessage(l10n.t('Shared with the AWS CLI as {0}', name), messageMilliseconds);
    return;
  }
  const { profiles = [] } = await ssoSessions();
  const command = callerIdentityCommand(profiles, name, connection.region);
  const [copy, account] = [l10n.t('Copy Command'), l10n.t('Use an AWS Account…')];
  const next =
    command === undefined
      ? await showInformation(
          l10n.t(
            'Shared with the AWS CLI as {0}. To add a profile, choose an AWS account, or run “aws configure sso” and enter {0} as the session name.',
            name,
          ),
          account,
          copy,
        )
      : await showInformation(
          l10n.t('Shared with the AWS CLI as {0}. To try it, run: {1}', name, command),
          copy,
        );
  if (next === account) await commands.executeCommand('developerSignIn.useAwsAccount', { sessionId: id });
  if (next !== copy) return;
  await env.clipboard.writeText(command ?? 'aws configure sso');
  showStatusMessage(
    command === undefined
      ? l10n.t('Copied. Paste it in a terminal, and enter {0} as the session name.', name)
      : l10n.t('Copied. Paste it in a terminal.'),
    command === undefined ? 6 * messageMilliseconds : messageMilliseconds,
  );
}
