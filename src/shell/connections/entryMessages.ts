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
export function fileProblemMessage(problem: FileProblem): string {
  if ('problem' in problem) return configProblemMessage(problem.file, problem.problem);
  if ('code' in problem) return l10n.t('{0} can’t be read ({1}).', problem.file, problem.code);
  const { operation, input = '', reason } = problem.error.details;
  const lacks =
    reason === 'empty' ? 'sso_start_url' : operation === 'region' && input === '' ? 'sso_region' : undefined;
  return lacks === undefined
    ? l10n.t('[sso-session {0}] can’t be used: {1}', problem.section, inputMessage(problem.error.details))
    : l10n.t('[sso-session {0}] can’t be used: {1} is missing.', problem.section, lacks);
}
