import { forAwsCli } from '../../features/awsCli.ts';
import { l10n } from 'vscode';
import { accountAccessScope, findSection, freeName } from '../../features/awsCliName.ts';
import { scopesOf } from '../../core/connection/connection.ts';
import type { IdentityCenterConnection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { AwsCliPaths } from '../../features/machine.ts';
import { checkCliCache } from '../../features/organizationPolicy.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { IdentityCenterSession, Session } from '../../core/session/session.ts';
import { configuredOf } from './configuredOf.ts';
import { rememberConsent } from './awsCliConsents.ts';
import { offerSection, showNextCommand } from './sectionForAwsCli.ts';
import { sharingConsentText } from './sharingConsentText.ts';
import { chooseSession } from '../chooseSession.ts';
import type { ShellContext } from '../context.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { reportError } from '../ui/reportError.ts';
import { askInformation, askWarning, showStatusMessage, showWarning } from '../ui/messages.ts';

const never = new AbortController().signal;

/** Signs in to a session's connection again, as the same account, with additional scopes. */
export type SignInWithScopes = (
  context: ShellContext,
  session: Session,
  scopes: readonly string[],
) => Promise<Session>;

/**
 * *Share with the AWS CLI*: shares an Identity Center session through the token cache of the AWS CLI and SDKs,
 * after a question that explains the consequences, up to a working command. For a shared session, asks whether
 * to stop. Shows errors to the user.
 */
export async function shareWithAwsCli(
  context: ShellContext,
  id: string | undefined,
  signIn: SignInWithScopes,
): Promise<void> {
  try {
    const session = await sessionFor(context, id);
    if (session === undefined) return;
    if (session.awsCli === undefined) await share(context, session, signIn);
    else if (session.awsCli.paused === undefined) await stop(context, session);
    else await resumeOrStop(context, session);
  } catch (error) {
    await reportError(error);
  }
}

async function share(
  context: ShellContext,
  session: IdentityCenterSession,
  signIn: SignInWithScopes,
): Promise<void> {
  checkCliCache(await context.organization());
  const place = await context.awsCliPaths();
  const { file, sections, problems = [] } = await context.ssoSessions();
  const configured = (await configuredOf(context, session)) ?? session.connection;
  const section = await findSection(context.http, configured, sections, AbortSignal.timeout(5000));
  const name = section?.name ?? freeName(configured, sections);
  const found = await place.found(name).catch(() => undefined);
  const detail = sharingConsentText({
    session,
    place,
    name,
    found,
    host: context.editorEnvironment,
    file,
    problems,
  });
  const [again, yes] = answersFor(session);
  const chosen = await askWarning(
    l10n.t('Share this sign-in with the AWS CLI and SDKs on {0}?', place.hostName),
    { detail },
    ...(again === undefined ? [yes] : [again, yes]),
  );
  if (chosen === undefined) throw new SignInError('cancelled');
  let [shared, connection] = [session, configured];
  if (chosen === again) {
    shared = await withAccountAccess(context, session, signIn);
    connection = { ...configured, scopes: [...new Set([...scopesOf(configured), accountAccessScope])] };
    // The consent was for another account.
    if (shared.id !== session.id) return share(context, shared, signIn);
  }
  await remember(context, connection, name); // Settings first: otherwise, the next refresh would undo the sharing.
  try {
    await writing(place, name, () => context.cliSharing.share(shared.id, name, never));
  } catch (error) {
    // Restore the request of the settings, which other machines may use too.
    await remember(context, connection, undefined, connection.awsCli);
    throw error;
  }
  if (section === undefined && !(await offerSection(context, name, connection, shared))) return;
  await showNextCommand(context, name, shared);
}

/** The choices: sign in again first, if the AWS CLI then gets account access; and share the session as it is. */
function answersFor({ connection, tokenSet }: IdentityCenterSession): readonly [string | undefined, string] {
  const canHaveAccounts =
    !isBuilderId(connection) && missingRights(tokenSet, [accountAccessScope]).length > 0;
  return canHaveAccounts
    ? [l10n.t('Sign In Again with Account Access'), l10n.t('Share Without Account Access')]
    : [undefined, l10n.t('Share')];
}

/**
 * Signs in again with account access. @throws SignInError as the sign-in, or `cancelled` if the session did not
 * get the scope, which the sign-in has reported
 */
async function withAccountAccess(
  context: ShellContext,
  session: IdentityCenterSession,
  signIn: SignInWithScopes,
): Promise<IdentityCenterSession> {
  const again = forAwsCli(await signIn(context, session, [accountAccessScope]));
  if (again === undefined || missingRights(again.tokenSet, [accountAccessScope]).length > 0)
    throw new SignInError('cancelled');
  return again;
}

async function stop(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  const place = await context.awsCliPaths();
  const name = session.awsCli?.name ?? '';
  const yes = l10n.t('Stop Sharing');
  const chosen = await askInformation(
    l10n.t('Stop sharing this sign-in with the AWS CLI and SDKs on {0}?', place.hostName),
    {
      detail: l10n.t('This deletes {0}. The editor stays signed in.', place.pathOf(name)),
    },
    yes,
  );
  if (chosen !== yes) throw new SignInError('cancelled');
  await stopSharing(context, session);
}

/** Asks what to do with paused sharing: the AWS CLI signed out, or has another sign-in. */
async function resumeOrStop(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  const place = await context.awsCliPaths();
  const [again, stopping] = [l10n.t('Share Again'), l10n.t('Stop Sharing')];
  const chosen = await askWarning(
    l10n.t('Share this sign-in with the AWS CLI and SDKs on {0} again?', place.hostName),
    { detail: l10n.t('Sharing is paused. This writes {0} again.', place.pathOf(session.awsCli?.name ?? '')) },
    again,
    stopping,
  );
  if (chosen === again) await resumeSharing(context, session);
  else if (chosen === stopping) await stopSharing(context, session);
  else throw new SignInError('cancelled');
}

/**
 * Resumes sharing a session: writes its file, replacing any other.
 * @throws SignInError `blockedByOrganization`, or `storage` when the file cannot be written
 */
export async function resumeSharing(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  checkCliCache(await context.organization());
  const place = await context.awsCliPaths();
  const name = session.awsCli?.name ?? '';
  await writing(place, name, () => context.cliSharing.share(session.id, name, never));
  showStatusMessage(l10n.t('Shared with the AWS CLI as {0}', name), 5000);
}

/**
 * Stops sharing a session, and removes its own file.
 * @throws SignInError `storage` when the file cannot be removed
 */
export async function stopSharing(context: ShellContext, session: IdentityCenterSession): Promise<void> {
  const place = await context.awsCliPaths();
  await remember(context, (await configuredOf(context, session)) ?? session.connection, undefined);
  const name = session.awsCli?.name ?? '';
  await writing(place, name, () => context.cliSharing.share(session.id, undefined, never));
  showStatusMessage(l10n.t('No longer shared with the AWS CLI'), 5000);
}

/** Reports a file that a sign-out could not remove, so that the user can. */
export async function warnTokenFileNotRemoved(context: ShellContext, name: string): Promise<void> {
  const place = await context.awsCliPaths();
  void showWarning(
    l10n.t(
      'You’re signed out, but {0} on {1} couldn’t be deleted. Delete it yourself: it still contains the tokens.',
      place.pathOf(name),
      place.hostName,
    ),
  );
}

/** Stores the name in the settings, and the consent; without a name, removes both. */
async function remember(
  { connectionSettings, memento }: ShellContext,
  connection: IdentityCenterConnection,
  name: string | undefined,
  saved: string | undefined = name,
): Promise<void> {
  const { awsCli: _before, ...rest } = connection;
  await rememberConsent(memento, connection, name);
  await (await connectionSettings()).saveConnection(saved === undefined ? rest : { ...rest, awsCli: saved });
}

/** Maps file errors. @throws SignInError `storage`, with the path, if the system refused */
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
    title: l10n.t('Share with the AWS CLI'),
    placeHolder: l10n.t('Select a sign-in to share with the AWS CLI'),
    none: l10n.t(
      'Only sign-ins with IAM Identity Center and AWS Builder ID can be shared with the AWS CLI. Sign in there first.',
    ),
  });
}
