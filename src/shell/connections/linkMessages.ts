import { l10n } from 'vscode';
import type { ErrorDetails } from '../../core/oauth/errors.ts';
import { inputMessage } from '../inputMessages.ts';

/** A sentence about a rejected connection link. */
export function linkMessage(details: ErrorDetails): string {
  const { input = '', operation, reason } = details;
  if (operation !== 'link') return inputMessage(details);
  if (input === '' && (reason === 'repeated' || reason === 'secret' || reason === 'unknown'))
    return l10n.t('A connection link can’t contain this parameter.');
  switch (reason) {
    case 'path':
      return l10n.t('It isn’t a valid connection link.');
    case 'type':
      return l10n.t('The connection type is missing.');
    case 'missing':
      return l10n.t('“{0}” is missing.', input);
    case 'repeated':
      return l10n.t('“{0}” appears twice.', input);
    case 'secret':
      return l10n.t('A link can’t contain a secret (“{0}”).', input);
    case 'unknown':
      return l10n.t('A connection link can’t contain “{0}”.', input);
    case 'unreadable':
      return l10n.t('It contains invisible characters.');
    case 'notHttps':
      return l10n.t('A connection link can only contain https:// URLs.');
    case 'tooLong':
      return l10n.t('It’s too long.');
    case 'value':
      return l10n.t('The value of “{0}” isn’t valid.', input);
    case 'scopes':
      return l10n.t('Its scopes aren’t valid.');
    default:
      return l10n.t('Its name contains characters that can’t be shown.');
  }
}
