import { l10n } from 'vscode';
import type { OktaConnection } from '../../core/connection/connection.ts';
import { scopesOf } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { MixUpDefense } from '../../core/oidc/usedRedirect.ts';
import type { OktaSession } from '../../core/session/session.ts';
import { shownAddress } from '../../core/text/webAddress.ts';
import type { Fact, ShellProvider } from './provider.ts';

const questions = () => import('./openIdQuestions.ts');

/** Okta. */
export const okta: ShellProvider<OktaConnection, OktaSession> = {
  signInTitle: () => l10n.t('Sign in with Okta'),
  addTitle: () => l10n.t('Add a connection to Okta'),
  signInTitleAt: (_connection, where) => l10n.t('Sign in with Okta: {0}', where),
  waysIn: ({ allowedIssuers }) =>
    allowedIssuers?.length === 0 ? [] : [{ command: 'okta', label: l10n.t('Sign in with Okta') }],

  nameOf: () => 'Okta',
  whereOf: ({ issuer }) => issuer,
  placeOf: ({ issuer }) => new URL(issuer).host,
  clientIdOf: ({ clientId }) => clientId,

  askNew: async (...question) => (await questions()).askNewOkta(...question),
  mistypable: () => 'nothing',
  mistypedOf: ({ kind, details }) => {
    if (kind === 'registrationRefused')
      return details.code === 'unauthorized_client' ? undefined : 'clientId';
    const isOfIssuer =
      kind === 'metadataMissing' ||
      kind === 'metadataMismatch' ||
      (kind === 'network' && details.code === 'ENOTFOUND');
    return isOfIssuer ? 'issuer' : undefined;
  },
  edit: async (...question) => (await questions()).editOkta(...question),
  meaningOf: (error) => {
    // A client ID that a sign-in is refused for was never known there, whatever happens to one that a session has.
    const { code, reason } = error.details;
    const isUnknown =
      error.kind === 'registrationRefused' && code === 'invalid_client' && reason === undefined;
    return isUnknown
      ? new SignInError('registrationRefused', { ...error.details, reason: 'unknownClient' }, error)
      : error;
  },
  offerCorrection: async () => undefined,
  foreignHosts: async () => [],
  isInAwsConfig: false,
  isResolvedLater: () => false,

  noRefreshToken: () =>
    l10n.t(
      'You are signed in, but only until this token ends: Okta gave no refresh token. Your administrator can tick “Refresh Token” under General > Grant type of the application, and list offline_access in the rule of the access policy.',
    ),
  asksAgain: () => l10n.t('Okta asks again, even if the browser remembers you.'),
  leftAfterSignOut: () => l10n.t('You stay signed in to Okta in your browser.'),
  signedOut: () => l10n.t('Signed out of Okta in VS Code, but not in your browser'),

  detailsOf: ({ connection, server, redirect }) => [
    [l10n.t('Issuer'), server.issuer],
    [l10n.t('Client id'), connection.clientId],
    [l10n.t('Token endpoint'), shownAddress(server.tokenEndpoint)],
    ...redirectFacts(redirect),
  ],
  reportOf: () => [],
  registeredScopes: ({ connection }) => scopesOf(connection),
  opaqueToken: () => l10n.t('The token says nothing of itself.'),
  describe: ({ connection: { issuer, clientId } }) => ({ issuer, clientId }),
  redirectUris: async ({ issuer, redirectPorts }, ports) => {
    const { redirectUrisFor } = await import('../../core/oidc/mixUpDefense.ts');
    return [...(await redirectUrisFor(issuer, redirectPorts ?? ports))];
  },
  sharable: () => undefined,
};

/** How the code came back, and what kept another server's callback out. */
function redirectFacts(redirect: OktaSession['redirect']): readonly Fact[] {
  if (redirect === undefined) return [];
  return [
    [l10n.t('Callback URL'), redirect.uri],
    [l10n.t('Protection against mix-up'), defenseWords(redirect.defense)],
  ];
}

function defenseWords(defense: MixUpDefense): string {
  switch (defense) {
    case 'iss':
      return l10n.t('the server identifies itself in the callback (iss)');
    case 'okta':
      return l10n.t('the server is on one of Okta’s own domains');
    case 'ownRedirectUri':
      return l10n.t('the callback URL belongs to this issuer alone');
    case 'policy':
      return l10n.t('your organization’s policy file names this issuer');
    case 'confirmed':
      return l10n.t('you trusted this server');
  }
}
