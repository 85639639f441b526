import { l10n } from 'vscode';
import { accountAccessScope } from '../../features/awsCliName.ts';
import type { EditorEnvironment } from '../../features/editorEnvironment.ts';
import type { AwsConfigProblem } from '../../features/ssoSession.ts';
import type { AwsCliPaths } from '../../features/machine.ts';
import type { AwsCliTokenAsFound } from '../../features/awsCli.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { configProblemMessage } from './awsConfigMessages.ts';
import { nameOf } from '../format/formatSession.ts';
import { isBuilderId } from '../providers/builderId.ts';

interface Sharing {
  readonly session: IdentityCenterSession;
  readonly place: Pick<AwsCliPaths, 'hostName' | 'pathOf' | 'shown'>;
  /** Name of the `[sso-session]`. */
  readonly name: string;
  /** The current entry under that name. */
  readonly found: AwsCliTokenAsFound | 'unreadable' | undefined;
  readonly host: EditorEnvironment;
  /** The AWS CLI's configuration and its problems. */
  readonly file: string;
  readonly problems: readonly AwsConfigProblem[];
}

/** Explains the consequences of sharing a session with the AWS CLI, in paragraphs. */
export function sharingConsentText({ session, place, name, found, host, file, problems }: Sharing): string {
  const { registration } = session;
  const isTerminalElsewhere = host.remoteName !== undefined && host.runs === 'ui';
  const isOfCli = found !== undefined && found !== 'unreadable' && found.clientId !== registration.clientId;
  const paragraphs = [
    l10n.t(
      'The tokens of {0} are saved in {1} on {2} as the sso-session {3}, and kept up to date until you sign out or stop sharing.',
      nameOf(session),
      place.pathOf(name),
      place.hostName,
      name,
    ),
    l10n.t('Any program that you run on {0} can read this file and act as you.', place.hostName),
    ...(isTerminalElsewhere
      ? [l10n.t('The terminal of this remote window runs on another computer and can’t use this file.')]
      : []),
    ...(isOfCli ? [l10n.t('This replaces the AWS CLI’s own sign-in there.')] : []),
    ...accountAccess(session),
    ...problems.slice(0, 3).map((problem) => configProblemMessage(place.shown(file), problem)),
    ...(problems.length > 3 ? [l10n.t('{0} more problems in this file.', problems.length - 3)] : []),
  ];
  return paragraphs.join('\n\n');
}

/** A paragraph for a session without access to AWS accounts. */
function accountAccess({ connection, tokenSet }: IdentityCenterSession): readonly string[] {
  if (tokenSet.scopes.includes(accountAccessScope)) return [];
  if (isBuilderId(connection))
    return [l10n.t('AWS Builder ID has no AWS accounts, so the AWS CLI gets no credentials with it.')];
  return [
    l10n.t(
      'To use your AWS accounts, the AWS CLI needs the scope {0}, which this sign-in doesn’t have. Signing in again adds it to the connection “{1}”.',
      accountAccessScope,
      connection.name,
    ),
  ];
}
