import { l10n } from 'vscode';
import type { OktaConnection } from '../../core/connection/connection.ts';
import type { OktaSession } from '../../core/session/session.ts';
import { openId } from './openId.ts';
import type { ShellProvider } from './provider.ts';

const questions = () => import('./openIdQuestions.ts');

/** Okta. */
export const okta: ShellProvider<OktaConnection, OktaSession> = {
  ...openId,
  signInTitle: () => l10n.t('Sign in with Okta'),
  addTitle: () => l10n.t('Add a connection to Okta'),
  signInTitleAt: (_connection, where) => l10n.t('Sign in with Okta: {0}', where),
  waysIn: ({ allowedIssuers }) =>
    allowedIssuers?.length === 0 ? [] : [{ command: 'okta', label: l10n.t('Sign in with Okta') }],

  nameOf: () => 'Okta',
  askNew: async (...question) => (await questions()).askNewOkta(...question),
  edit: async (...question) => (await questions()).editOpenId(...question),
  noRefreshToken: () =>
    l10n.t(
      'You are signed in, but only until this token ends: Okta gave no refresh token. Your administrator can tick “Refresh Token” under General > Grant type of the application, and list offline_access in the rule of the access policy.',
    ),
  asksAgain: () => l10n.t('Okta asks again, even if the browser remembers you.'),
  leftAfterSignOut: () => l10n.t('You stay signed in to Okta in your browser.'),
  signedOut: () => l10n.t('Signed out of Okta in VS Code, but not in your browser'),
};
