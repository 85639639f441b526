import { forAwsCli } from '../../features/awsCli.ts';
import { env, l10n } from 'vscode';
import { findSection, freeName, sectionText } from '../../features/awsCliName.ts';
import type { IdentityCenterConnection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { AwsCliPaths } from '../../features/machine.ts';
import { checkCliCache } from '../../features/organizationPolicy.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { configuredOf } from './configuredOf.ts';
import { rememberConsent } from './awsCliConsents.ts';
import { sharingConsentText } from './sharingConsentText.ts';
import { chooseSession } from '../chooseSession.ts';
import type { ShellContext } from '../context.ts';
import { reportError } from '../ui/reportError.ts';
import {
  askInformation,
  askWarning,
  showInformation,
  showStatusMessage,
  showWarning,
} from '../ui/messages.ts';

const never = new AbortController().signal;

/**
 * *Share with the AWS CLI*: leaves an Identity Center session in the token cache of the AWS CLI and SDKs, after a
 * question that says what that means; for one that is shared, asks whether to stop. A person answers either way, so what
 * goes wrong is said on the screen.
 */
export async function shareWithAwsCli(context: ShellContext, id: string | undefined): Promise<void> {
  try {
    const session = await sessionFor(context, id);
    if (session === undefined) return;
    if (session.awsCli === undefined) await share(context, session);
    else if (session.awsCli.paused === undefined) await stop(context, session);
    else await resumeOrStop(context, session);
  } catch (error) {
    await reportError(error);
  }
}

async function share(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  checkCliCache(await context.organization());
  const place = await context.awsCliPaths();
  const { file, sections, problems = [] } = await context.ssoSessions();
  const connection = (await configuredOf(context, session)) ?? session.connection;
  const section = await findSection(context.http, connection, sections, AbortSignal.timeout(5000));
  const name = section?.name ?? freeName(connection, sections);
  const yes = l10n.t('Share');
  const found = await place.found(name).catch(() => undefined);
  const detail = sharingConsentText({ session, place, name, found, host: context.hostFacts, file, problems });
  const chosen = await askWarning(
    l10n.t('Share this sign-in with the AWS CLI and SDKs on {0}?', place.hostName),
    { detail },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
  await remember(context, connection, name); // First: what is not wanted is taken back at the next refresh.
  try {
    await writing(place, name, () => context.cliSharing.share(session.id, name, never));
  } catch (error) {
    // What the settings asked before, they still ask: they may be those of other machines too.
    await remember(context, connection, undefined, connection.awsCli);
    throw error;
  }
  if (section !== undefined) {
    showStatusMessage(l10n.t('Shared with the AWS CLI as {0}', name), 5000);
    return;
  }
  const copy = l10n.t('Copy the section');
  const next = await showInformation(
    l10n.t(
      'Shared as {0}. The AWS CLI finds it once {1} has a section of that name.',
      name,
      place.shown(file),
    ),
    copy,
  );
  if (next !== copy) return;
  await env.clipboard.writeText(sectionText(name, connection));
  showStatusMessage(l10n.t('Copied: add it to {0}', place.shown(file)), 5000);
}

async function stop(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  const place = await context.awsCliPaths();
  const name = session.awsCli?.name ?? '';
  const yes = l10n.t('Stop sharing');
  const chosen = await askInformation(
    l10n.t('Stop sharing this sign-in with the AWS CLI and SDKs on {0}?', place.hostName),
    {
      detail: l10n.t('{0} is removed. You stay signed in in the editor.', place.pathOf(name)),
    },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
  await stopSharing(context, session);
}

/** Sharing is paused: the AWS CLI signed out, or has a sign-in of its own. */
async function resumeOrStop(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  const place = await context.awsCliPaths();
  const [again, stopping] = [l10n.t('Share Again'), l10n.t('Stop Sharing')];
  const chosen = await askWarning(
    l10n.t('Share this sign-in with the AWS CLI and SDKs on {0} again?', place.hostName),
    { detail: l10n.t('Sharing is paused. {0} is written again.', place.pathOf(session.awsCli?.name ?? '')) },
    again,
    stopping,
  );
  if (chosen === again) await resumeSharing(context, session);
  else if (chosen === stopping) await stopSharing(context, session);
  else throw new SignInError('cancelled');
}

/** Writes the file of a session whose sharing is paused again, whatever lies there. */
export async function resumeSharing(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  checkCliCache(await context.organization());
  const place = await context.awsCliPaths();
  const name = session.awsCli?.name ?? '';
  await writing(place, name, () => context.cliSharing.share(session.id, name, never));
  showStatusMessage(l10n.t('Shared with the AWS CLI as {0}', name), 5000);
}

/** Forgets that a session is shared, and removes its file where that is the session's. */
export async function stopSharing(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  const place = await context.awsCliPaths();
  await remember(context, (await configuredOf(context, session)) ?? session.connection, undefined);
  const name = session.awsCli?.name ?? '';
  await writing(place, name, () => context.cliSharing.share(session.id, undefined, never));
  showStatusMessage(l10n.t('No longer shared with the AWS CLI'), 5000);
}

/** A file that stays behind after a sign-out is said: only the person can remove it now. */
export async function warnTokenFileNotRemoved(context: ShellContext, name: string): Promise<void> {
  const place = await context.awsCliPaths();
  void showWarning(
    l10n.t(
      'You are signed out, but {0} on {1} could not be removed. It still holds the tokens: delete it yourself.',
      place.pathOf(name),
      place.hostName,
    ),
  );
}

/** Writes the wish into the settings and the consent to `name` beside it; without a name, takes both back. */
async function remember(
  { connectionSettings, memento }: ShellContext,
  connection: IdentityCenterConnection,
  name: string | undefined,
  wish: string | undefined = name,
): Promise<void> {
  const { awsCli: _before, ...rest } = connection;
  await rememberConsent(memento, connection, name);
  await (await connectionSettings()).saveConnection(wish === undefined ? rest : { ...rest, awsCli: wish });
}

/** @throws SignInError `storage`, with the path, where the system refused the file */
async function writing<T>(place: AwsCliPaths, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SignInError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new SignInError('storage', { operation: 'awsCli', code, file: place.pathOf(name) }, error);
  }
}

async function sessionFor(
  { sessions }: ShellContext,
  id: string | undefined,
): Promise<IdentityCenterSession | undefined> {
  const all = (await sessions.list()).sessions
    .flatMap((session) => forAwsCli(session) ?? [])
    .filter(({ ended, awsCli }) => ended === undefined || awsCli !== undefined);
  return chooseSession(all, id, {
    placeHolder: l10n.t('Share which sign-in with the AWS CLI?'),
    none: l10n.t(
      'The AWS CLI can have sign-ins with IAM Identity Center and AWS Builder ID. Sign in there first.',
    ),
  });
}
