import { l10n } from 'vscode';
import type { ErrorDetails } from '../../core/oauth/errors.ts';
import { inputWords } from '../inputMessages.ts';

/** Why a connection link is refused, as a sentence. */
export function linkWords(details: ErrorDetails): string {
  const { input = '', operation, reason } = details;
  if (operation !== 'link') return inputWords(details);
  if (input === '' && (reason === 'repeated' || reason === 'secret' || reason === 'unknown'))
    return l10n.t('It has a parameter that a connection link cannot carry.');
  switch (reason) {
    case 'path':
      return l10n.t('It is no connection link.');
    case 'type':
      return l10n.t('It does not name a type of connection.');
    case 'missing':
      return l10n.t('It lacks “{0}”.', input);
    case 'repeated':
      return l10n.t('It has “{0}” twice.', input);
    case 'secret':
      return l10n.t('It has “{0}”, and a link must never carry a secret.', input);
    case 'unknown':
      return l10n.t('It has “{0}”, which a connection link cannot carry.', input);
    case 'unreadable':
      return l10n.t('It has characters that cannot be seen.');
    case 'notHttps':
      return l10n.t('A connection link leads to an address with https:// only.');
    case 'tooLong':
      return l10n.t('It is too long.');
    case 'value':
      return l10n.t('Its “{0}” isn’t valid.', input);
    case 'scopes':
      return l10n.t('Its scopes aren’t valid.');
    default:
      return l10n.t('Its name cannot be shown as it is.');
  }
}
