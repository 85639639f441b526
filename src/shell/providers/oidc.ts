import { l10n } from 'vscode';
import type { OidcConnection } from '../../core/connection/connection.ts';
import { endSessionAddress } from '../../features/endSession.ts';
import { openId } from './openId.ts';
import { askNewOidc, editOpenId } from './openIdQuestions.ts';
import type { ShellProvider } from './provider.ts';

/** The shell's provider for any other OpenID Connect provider. */
export const oidc: ShellProvider<OidcConnection> = {
  ...openId,
  signInTitle: () => l10n.t('Sign In with OpenID Connect'),
  addTitle: () => l10n.t('Add an OpenID Connect Connection'),
  signInTitleAt: (_connection, where) => l10n.t('Sign In with OpenID Connect: {0}', where),
  options: ({ allowedIssuers }) =>
    allowedIssuers?.length === 0
      ? []
      : [
          {
            command: 'oidc',
            icon: 'globe',
            name: 'OpenID Connect',
            whose: l10n.t('Work: Entra ID, Auth0, Keycloak, and others'),
          },
        ],
  nameOf: () => 'OpenID Connect',
  askNew: askNewOidc,
  edit: editOpenId,
  noRefreshToken: () =>
    l10n.t(
      'You’re signed in, but the session can’t be renewed: the provider didn’t issue a refresh token. Ask your administrator to allow offline_access for the application.',
    ),
  setupOf: (connection) => ({ guide: 'openIdConnect', inputs: { oidcClient: connection } }),
  asksAgain: () => l10n.t('Prompts for credentials again'),
  leftAfterSignOut: () => l10n.t('You stay signed in to the provider in your browser.'),
  errorPages: () => [{ label: l10n.t('An error page'), answer: 'providerErrorPage' }],
  endSessionAddress: ({ server, connection, tokenSet }) =>
    endSessionAddress(server, connection.clientId, tokenSet.idToken),
  signedOut: () => l10n.t('Signed out here, but not in your browser'),
};
