import { l10n } from 'vscode';
import type { OktaConnection } from '../../core/connection/connection.ts';
import { openId } from './openId.ts';
import { askNewOkta, editOpenId } from './openIdQuestions.ts';
import type { ShellProvider } from './provider.ts';

/** The shell's provider for Okta. */
export const okta: ShellProvider<OktaConnection> = {
  ...openId,
  signInTitle: () => l10n.t('Sign In with Okta'),
  addTitle: () => l10n.t('Add an Okta Connection'),
  signInTitleAt: (_connection, where) => l10n.t('Sign In with Okta: {0}', where),
  options: ({ allowedIssuers }) =>
    allowedIssuers?.length === 0
      ? []
      : [
          {
            command: 'okta',
            icon: 'organization',
            name: 'Okta',
            whose: l10n.t('Work: your organization’s Okta'),
          },
        ],

  nameOf: () => 'Okta',
  askNew: askNewOkta,
  edit: editOpenId,
  noRefreshToken: () =>
    l10n.t(
      'You’re signed in, but the session can’t be renewed: Okta didn’t issue a refresh token. Ask your administrator to select “Refresh Token” under General > Grant type of the application, and to add offline_access to the access policy rule.',
    ),
  setupOf: (connection) => ({ guide: 'kiro', inputs: { oktaClient: connection } }),
  asksAgain: () => l10n.t('Prompts for credentials again'),
  leftAfterSignOut: () => l10n.t('You stay signed in to Okta in your browser.'),
  errorPages: () => [{ label: l10n.t('An error page from Okta'), answer: 'providerErrorPage' }],
  endSessionAddress: () => undefined,
  signedOut: () => l10n.t('Signed out of Okta here, but not in your browser'),
};
