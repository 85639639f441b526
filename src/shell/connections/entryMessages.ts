import { l10n } from 'vscode';
import type { EntryReading } from '../../features/connectionEntries.ts';
import { configProblemMessage } from '../awsCli/awsConfigMessages.ts';
import { inputMessage } from '../inputMessages.ts';
import type { FileProblem } from '../signIn/awsConnections.ts';

/** A sentence about an invalid entry of the setting; undefined for a valid one. */
export function entryMessage(reading: EntryReading): string | undefined {
  if ('connection' in reading) return undefined;
  if ('error' in reading) return inputMessage(reading.error.details);
  return reading.where === ''
    ? l10n.t('It isn’t a connection.')
    : l10n.t('The value of “{0}” is missing or invalid.', reading.where);
}

/** A sentence about a problem in the AWS CLI's configuration. */
export function fileTroubleMessage(trouble: FileProblem): string {
  if ('problem' in trouble) return configProblemMessage(trouble.file, trouble.problem);
  if ('code' in trouble) return l10n.t('{0} can’t be read ({1}).', trouble.file, trouble.code);
  const { operation, input = '', reason } = trouble.error.details;
  const lacks =
    reason === 'empty' ? 'sso_start_url' : operation === 'region' && input === '' ? 'sso_region' : undefined;
  return lacks === undefined
    ? l10n.t('[sso-session {0}] can’t be used: {1}', trouble.section, inputMessage(trouble.error.details))
    : l10n.t('[sso-session {0}] can’t be used: {1} is missing.', trouble.section, lacks);
}
