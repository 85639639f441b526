import { l10n } from 'vscode';
import { accountAccessScope } from '../../features/awsCliName.ts';
import type { EditorEnvironment } from '../../core/oauth/flows.ts';
import type { AwsConfigProblem } from '../../features/ssoSession.ts';
import type { AwsCliPaths } from '../../features/machine.ts';
import type { AwsCliTokenAsFound } from '../../features/awsCli.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { configProblemWords } from './awsConfigMessages.ts';
import { nameOf } from '../format/formatSession.ts';

interface Sharing {
  readonly session: IdentityCenterSession;
  readonly place: Pick<AwsCliPaths, 'hostName' | 'pathOf' | 'shown'>;
  /** Of the `[sso-session]`. */
  readonly name: string;
  /** What lies under that name now. */
  readonly found: AwsCliTokenAsFound | 'unreadable' | undefined;
  readonly host: EditorEnvironment;
  /** The AWS CLI's configuration, and what the AWS CLI does not read in it. */
  readonly file: string;
  readonly problems: readonly AwsConfigProblem[];
}

/** What a person must know before a session is shared with the AWS CLI, a paragraph each. */
export function sharingConsentText({ session, place, name, found, host, file, problems }: Sharing): string {
  const { registration, tokenSet } = session;
  const isTerminalElsewhere = host.remoteName !== undefined && host.runs === 'ui';
  const isOfCli = found !== undefined && found !== 'unreadable' && found.clientId !== registration.clientId;
  const paragraphs = [
    l10n.t(
      'The tokens of {0} are written to {1} on {2} as the sso-session {3}, and kept fresh there until you sign out or stop sharing.',
      nameOf(session),
      place.pathOf(name),
      place.hostName,
      name,
    ),
    l10n.t('Every program that you run on {0} can read that file and act as you.', place.hostName),
    ...(isTerminalElsewhere
      ? [l10n.t('The terminal of this remote window runs on another machine: it will not see the file.')]
      : []),
    ...(isOfCli ? [l10n.t('The AWS CLI has a sign-in of its own there; it is replaced.')] : []),
    ...(tokenSet.scopes.includes(accountAccessScope)
      ? []
      : [
          l10n.t(
            'This sign-in has no scope {0}: the AWS CLI will not get credentials of AWS accounts with it.',
            accountAccessScope,
          ),
        ]),
    ...problems.slice(0, 3).map((problem) => configProblemWords(place.shown(file), problem)),
    ...(problems.length > 3 ? [l10n.t('{0} more problems in this file.', problems.length - 3)] : []),
  ];
  return paragraphs.join('\n\n');
}
