import { forAwsCli } from '../../features/awsCli.ts';
import { commands, l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import { canShareWithCli } from '../../features/organizationPolicy.ts';
import type { Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { remember } from '../remember.ts';
import { showInformation } from '../ui/messages.ts';
import { configuredOf } from './configuredOf.ts';

/** Key for the connections that the user declined to share on this machine. */
const declinedKey = 'awsCli.declined';

/**
 * After a sign-in, offers sharing with the AWS CLI if the settings request it: they may be synced or come from
 * a shared file, so the user is asked once per machine.
 */
export async function offerAwsCli(context: ShellContext, session: Session): Promise<void> {
  const sharable = forAwsCli(session);
  if (sharable === undefined || sharable.awsCli !== undefined) return;
  const key = connectionKey(session.connection);
  const configured = await configuredOf(context, sharable);
  if (configured?.awsCli === undefined) return;
  const declined = context.memento.get<readonly string[]>(declinedKey, []);
  if (declined.includes(key) || !canShareWithCli(await context.organization())) return;
  const { hostName } = await context.awsCliPaths();
  const review = l10n.t('Review…');
  const not = l10n.t('Not on This Computer');
  const chosen = await showInformation(
    l10n.t('Your settings share {0} with the AWS CLI. Allow it on {1}?', configured.name, hostName),
    review,
    not,
  );
  if (chosen === review)
    await commands.executeCommand('developerSignIn.shareWithAwsCli', { sessionId: session.id });
  if (chosen === not) await remember(context.memento, declinedKey, [...declined, key]);
}
