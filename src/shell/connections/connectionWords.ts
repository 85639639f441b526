import { l10n } from 'vscode';
import type { QuickPickItem } from 'vscode';
import { scopesOf } from '../../core/connection.ts';
import type { Connection } from '../../core/connection.ts';
import type { EntryReading } from '../../core/connectionEntries.ts';
import type { FileTrouble } from './connectionOffer.ts';
import { inputWords } from '../inputWords.ts';

/** A connection as a row of a list: its name, and where it is. */
export function connectionRow(connection: Connection): QuickPickItem & { readonly connection: Connection } {
  return { label: withoutIcons(connection.name), description: whereOf(connection), connection };
}

/** Where a connection is, in one line. */
export function whereOf(connection: Connection): string {
  return connection.type === 'okta' ? connection.issuer : `${connection.startUrl} (${connection.region})`;
}

/** What a connection is, a line for each fact: what somebody has to see who says yes to it. */
export function connectionFacts(connection: Connection): readonly string[] {
  const { hostname } = new URL(connection.type === 'okta' ? connection.issuer : connection.startUrl);
  const letters = hostname.split('.').some((label) => label.startsWith('xn--'));
  return [
    l10n.t('Type: {0}', connection.type === 'okta' ? 'Okta' : 'IAM Identity Center'),
    l10n.t('Host: {0}', hostname),
    ...(letters
      ? [l10n.t('This host has letters that can look like others. It is shown as the network knows it.')]
      : []),
    ...(connection.type === 'okta'
      ? [l10n.t('Issuer: {0}', connection.issuer), l10n.t('Client id: {0}', connection.clientId)]
      : [l10n.t('Start URL: {0}', connection.startUrl), l10n.t('Region: {0}', connection.region)]),
    l10n.t('Scopes: {0}', scopesOf(connection).join(' ')),
  ];
}

/** What is wrong with an entry of the setting. */
export function entryWords(reading: EntryReading): string | undefined {
  if ('connection' in reading) return undefined;
  if ('error' in reading) return inputWords(reading.error.facts);
  return reading.where === ''
    ? l10n.t('It is no connection.')
    : l10n.t('The value of “{0}” is missing or wrong.', reading.where);
}

/** What is wrong in the AWS CLI's configuration. */
export function fileTroubleWords(trouble: FileTrouble): string {
  if ('code' in trouble) return l10n.t('{0} cannot be read ({1}).', trouble.file, trouble.code);
  const { operation, input = '', reason } = trouble.error.facts;
  const lacks =
    reason === 'empty' ? 'sso_start_url' : operation === 'region' && input === '' ? 'sso_region' : undefined;
  return lacks === undefined
    ? l10n.t('[sso-session {0}] cannot be used: {1}', trouble.section, inputWords(trouble.error.facts))
    : l10n.t('[sso-session {0}] cannot be used: it has no {1}.', trouble.section, lacks);
}

/** A name that somebody typed or sent is text: it draws no icon. */
export function withoutIcons(name: string): string {
  return name.replaceAll('$(', '\\$(');
}
