import { forAwsCli } from '../../features/awsCli.ts';
import { l10n } from 'vscode';
import { findSignInError } from '../../core/oauth/errors.ts';
import type { AwsCliPause, IdentityCenterSession, Session } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';
import { nameOf } from '../format/formatSession.ts';
import { reportError } from '../ui/reportError.ts';
import { showWarning } from '../ui/messages.ts';
import { resumeSharing, stopSharing } from './shareWithAwsCli.ts';

/** Sessions about which this window has asked or is asking. */
const known = new Set<string>();

/**
 * Asks, once across all windows, whether to resume sharing a session with the AWS CLI after its file was
 * removed or replaced. Never rejects.
 */
export async function askAboutPausedSharing(context: ShellContext, session: Session): Promise<void> {
  const shared = forAwsCli(session);
  if (shared?.awsCli?.paused === undefined) return;
  const { name, paused } = shared.awsCli;
  const pause = `${session.id} ${name} ${paused}`;
  if (known.has(pause)) return;
  known.add(pause);
  try {
    if (await context.cliSharing.claimQuestion(session.id))
      await answer(context, shared, await showWarning(await pausedMessage(context, shared), ...choices()));
  } catch (error) {
    if (findSignInError(error) === undefined) throw error;
    context.log.warn('The notice that sharing with the AWS CLI is paused could not be shown', {
      session: session.id,
    });
  } finally {
    known.delete(pause);
  }
}

const choices = (): readonly [again: string, stop: string] => [l10n.t('Share Again'), l10n.t('Stop Sharing')];

async function answer(
  context: ShellContext,
  session: IdentityCenterSession,
  chosen: string | undefined,
): Promise<void> {
  const [again, stop] = choices();
  try {
    if (chosen === again) await resumeSharing(context, session);
    if (chosen === stop) await stopSharing(context, session);
  } catch (error) {
    await reportError(error);
  }
}

async function pausedMessage(context: ShellContext, session: IdentityCenterSession): Promise<string> {
  const { awsCli } = session;
  const file = (await context.awsCliPaths()).pathOf(awsCli?.name ?? '');
  const who = nameOf(session);
  const why: Readonly<Record<AwsCliPause, string>> = {
    removed: l10n.t('{0} was removed, so {1} is no longer shared with the AWS CLI.', file, who),
    replaced: l10n.t(
      'The AWS CLI has another sign-in in {0}, so {1} is no longer shared with it.',
      file,
      who,
    ),
    notPrivate: l10n.t(
      'Other users of this computer can change {0}, so {1} is no longer shared with the AWS CLI.',
      file,
      who,
    ),
  };
  return why[awsCli?.paused ?? 'removed'];
}
