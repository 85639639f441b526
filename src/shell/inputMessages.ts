import { l10n } from 'vscode';
import type { ErrorDetails } from '../core/oauth/errors.ts';

/** A one-line message about an invalid input that says what to enter. */
export function inputMessage({
  operation,
  reason,
  character = '',
  input = '',
  isGeneric,
}: ErrorDetails): string {
  if (operation === 'connections') return l10n.t('The setting developerSignIn.connections must be a list.');
  if (operation === 'ssoSession') return l10n.t('Its scopes aren’t valid.');
  if (reason === 'character') {
    return operation === 'header'
      ? l10n.t('It contains a character that can’t be sent: {0}. Copy it again.', character)
      : l10n.t('It contains an invisible character: {0}. Delete it, or type the value.', character);
  }
  if (reason === 'empty') return l10n.t('Enter a value.');
  if (reason === 'partition') {
    return l10n.t(
      '{0} doesn’t match this start URL. China, GovCloud, and the sovereign cloud have their own start URLs.',
      input,
    );
  }
  if (operation === 'region') return l10n.t('Enter a valid Region, such as us-east-1 or eu-central-1.');
  if (operation === 'clientId') {
    return isGeneric === true
      ? l10n.t(
          'Enter a valid client ID, without spaces. Copy it from the application in your provider’s console.',
        )
      : l10n.t('A client ID looks like 0oa1b2c3d4E5f6G7h8i9 and has no spaces.');
  }
  if (operation === 'endpoint' && reason === 'queryOrFragment')
    return l10n.t('An endpoint can’t contain ? or #.');
  if (reason === 'notHttps') return l10n.t('The URL must start with https://.');
  if (reason === 'userInfo') return l10n.t('The URL can’t contain a username or password.');
  if (operation === 'startUrl') {
    if (reason === 'vanity')
      return l10n.t('This URL doesn’t lead to an AWS start URL. Ask your administrator for your start URL.');
    return reason === 'notStartUrl'
      ? l10n.t('That’s not a start URL. Enter one such as https://d-1234567890.awsapps.com/start.')
      : l10n.t('Enter a valid start URL, such as https://d-1234567890.awsapps.com/start.');
  }
  return isGeneric === true
    ? l10n.t('Enter a valid issuer, such as https://login.example.com.')
    : l10n.t('Enter a valid issuer, such as https://example.okta.com/oauth2/aus1a2b3c4d5.');
}
