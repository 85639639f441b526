import { l10n } from 'vscode';
import type { ErrorDetails } from '../core/oauth/errors.ts';

/** What is wrong with something that was typed, in one line that says what to type. */
export function inputWords({ operation, reason, character = '', isGeneric }: ErrorDetails): string {
  if (operation === 'connections') return l10n.t('The setting developerSignIn.connections must be a list.');
  if (operation === 'ssoSession') return l10n.t('Its scopes cannot be read.');
  if (reason === 'character') {
    return operation === 'header'
      ? l10n.t('It contains a character that cannot be sent: {0}. Copy it again.', character)
      : l10n.t('It contains an invisible character: {0}. Delete it, or type the value.', character);
  }
  if (reason === 'empty') return l10n.t('Please type something here.');
  if (operation === 'region') return l10n.t('A region looks like us-east-1 or eu-central-1.');
  if (operation === 'clientId') {
    if (isGeneric === true) {
      return reason === 'spaces'
        ? l10n.t('A client ID has no spaces. Copy it from the application in your provider’s console.')
        : l10n.t('This isn’t a client ID. Copy it from the application in your provider’s console.');
    }
    return reason === 'spaces'
      ? l10n.t('A client id has no spaces. Copy it from the General tab of the Okta application.')
      : l10n.t('This is no client id. It looks like 0oa1b2c3d4E5f6G7h8i9.');
  }
  if (operation === 'endpoint' && reason === 'queryOrFragment')
    return l10n.t('An endpoint must not contain ? or #.');
  if (reason === 'notHttps') return l10n.t('The address must begin with https://.');
  if (reason === 'userInfo') return l10n.t('The address must not contain a user name or password.');
  if (operation === 'startUrl') {
    if (reason === 'vanity')
      return l10n.t('This address does not lead to a start URL of AWS. Ask your administrator for it.');
    return reason === 'notStartUrl'
      ? l10n.t(
          'This is an AWS address, but no start URL. One looks like https://d-1234567890.awsapps.com/start.',
        )
      : l10n.t('This is no address. A start URL looks like https://d-1234567890.awsapps.com/start.');
  }
  return isGeneric === true
    ? l10n.t('This isn’t a URL. An issuer looks like https://login.example.com.')
    : l10n.t('This is no address. An issuer looks like https://example.okta.com/oauth2/aus1a2b3c4d5.');
}
