import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import type { EntryReading } from '../../features/connectionEntries.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { builderId } from '../../core/identityCenter/startUrl.ts';
import type { SignInPlan } from '../../core/session/signInPlan.ts';
import type { FileTrouble } from './connectionOffer.ts';
import type { AwsConfigProblem } from '../../core/identityCenter/ssoSession.ts';
import { plainLine } from '../../core/text/safeText.ts';
import { inputWords } from '../inputMessages.ts';
import { flowWords } from '../policyMessages.ts';
import { isShownWhole } from '../ui/plainText.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** A connection as a row of a list: its name, and where it is. */
export function connectionRow(connection: Connection): ListRow & { readonly connection: Connection } {
  return { label: connection.name, description: whereOf(connection), connection };
}

/** Where a connection is, in one line. */
export function whereOf(connection: Connection): string {
  return connection.type === 'okta' ? connection.issuer : `${connection.startUrl} (${connection.region})`;
}

/** What a connection is and what will be asked for, a line for each fact: what a person sees before the yes to it. */
function connectionFacts(connection: Connection, plan: SignInPlan): readonly string[] {
  const { hostname } = new URL(connection.type === 'okta' ? connection.issuer : connection.startUrl);
  const letters = hostname.split('.').some((label) => label.startsWith('xn--'));
  return [
    l10n.t('Type: {0}', typeName(connection)),
    l10n.t('Host: {0}', hostname),
    ...(letters
      ? [l10n.t('This host has letters that can look like others. It is shown as the network knows it.')]
      : []),
    ...(connection.type === 'okta'
      ? [l10n.t('Issuer: {0}', connection.issuer), l10n.t('Client ID: {0}', connection.clientId)]
      : [l10n.t('Start URL: {0}', connection.startUrl), l10n.t('Region: {0}', connection.region)]),
    l10n.t('Scopes: {0}', plan.scopes.join(' ')),
    l10n.t('Sign-in method: {0}', flowWords(plan.flow)),
    ...(plan.redirectPorts.length === 0
      ? []
      : [l10n.t('Callback ports: {0}', plan.redirectPorts.join(', '))]),
    ...(plan.asksAgain
      ? [l10n.t('You are asked to sign in again, even if your browser remembers you.')]
      : []),
  ];
}

/**
 * As {@link connectionFacts}, with the lines that follow them: the detail of a question, which shows it whole.
 * @throws SignInError `invalidInput` with `reason` `tooLong` for what is too long to be read before a yes
 */
export function connectionDetail(
  operation: 'arguments' | 'link',
  connection: Connection,
  plan: SignInPlan,
  more: readonly string[] = [],
): string {
  const detail = [...connectionFacts(connection, plan), ...more].join('\n');
  if (!isShownWhole(detail))
    throw new SignInError('invalidInput', { operation, reason: 'tooLong', input: 'scopes' });
  return detail;
}

function typeName(connection: Connection): string {
  if (connection.type === 'okta') return 'Okta';
  return connection.startUrl === builderId.startUrl ? 'AWS Builder ID' : 'IAM Identity Center';
}

/** What is wrong with an entry of the setting. */
export function entryWords(reading: EntryReading): string | undefined {
  if ('connection' in reading) return undefined;
  if ('error' in reading) return inputWords(reading.error.details);
  return reading.where === ''
    ? l10n.t('It is no connection.')
    : l10n.t('The value of “{0}” is missing or wrong.', reading.where);
}

/** What is wrong in the AWS CLI's configuration. */
export function fileTroubleWords(trouble: FileTrouble): string {
  if ('problem' in trouble) return configProblemWords(trouble.file, trouble.problem);
  if ('code' in trouble) return l10n.t('{0} cannot be read ({1}).', trouble.file, trouble.code);
  const { operation, input = '', reason } = trouble.error.details;
  const lacks =
    reason === 'empty' ? 'sso_start_url' : operation === 'region' && input === '' ? 'sso_region' : undefined;
  return lacks === undefined
    ? l10n.t('[sso-session {0}] cannot be used: {1}', trouble.section, inputWords(trouble.error.details))
    : l10n.t('[sso-session {0}] cannot be used: it has no {1}.', trouble.section, lacks);
}

/** What the AWS CLI does not read in its configuration, and why. */
export function configProblemWords(file: string, { line, reason, section }: AwsConfigProblem): string {
  const header = plainLine(section ?? '').slice(0, 60);
  switch (reason) {
    case 'noSection':
      return l10n.t('The AWS CLI can’t read {0}: line {1} isn’t in a section.', file, line);
    case 'noDelimiter':
      return l10n.t('The AWS CLI can’t read {0}: line {1} has no “=”.', file, line);
    case 'emptyKey':
      return l10n.t('The AWS CLI can’t read {0}: line {1} has no key before the “=”.', file, line);
    case 'duplicateSection':
      return l10n.t('The AWS CLI can’t read {0}: the section in line {1} is already there.', file, line);
    case 'duplicateKey':
      return l10n.t('The AWS CLI can’t read {0}: the key in line {1} is already in its section.', file, line);
    case 'nestedValue':
      return l10n.t(
        'The AWS CLI can’t read {0}: the value in line {1} must be on the same line.',
        file,
        line,
      );
    case 'encoding':
      return l10n.t('The AWS CLI can’t read {0}: save it as UTF-8 without a byte order mark.', file);
    case 'sectionName':
      return l10n.t(
        'The AWS CLI ignores [{0}]: a name with spaces needs quotes, as in [sso-session "Acme Dev"].',
        header,
      );
    case 'sectionQuote':
      return l10n.t('The AWS CLI ignores [{0}]: its quote isn’t closed.', header);
    case 'sectionSpelling':
      return l10n.t('The AWS CLI ignores [{0}]: it reads only [sso-session NAME].', header);
  }
}
