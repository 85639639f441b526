import { l10n } from 'vscode';
import type { IdentityCenterConnection } from '../../core/connection/connection.ts';
import { parseStartUrl } from '../../input/startUrl.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { shownAddress } from '../../core/text/webAddress.ts';
import { reportValue } from '../ui/reportText.ts';
import {
  askNewIdentityCenter,
  editIdentityCenter,
  foreignHosts,
  offerRegion,
} from './identityCenterQuestions.ts';
import { builderIdConnection, isBuilderId } from './builderId.ts';
import type { ShellProvider } from './provider.ts';

/** AWS IAM Identity Center, and AWS Builder ID. */
export const identityCenter: ShellProvider<IdentityCenterConnection, IdentityCenterSession> = {
  signInTitle: () => l10n.t('Sign In with IAM Identity Center'),
  anotherLabel: () => l10n.t('Use a Different Start URL…'),
  addTitle: () => l10n.t('Add an IAM Identity Center Connection'),
  signInTitleAt: (connection, where) =>
    isBuilderId(connection)
      ? l10n.t('Sign In with AWS Builder ID')
      : where.startsWith('IAM Identity Center')
        ? l10n.t('Sign In with {0}', where)
        : l10n.t('Sign In with IAM Identity Center: {0}', where),
  options: ({ allowedStartUrls }) => [
    ...(allowedStartUrls?.length === 0
      ? []
      : [
          {
            command: 'identityCenter',
            icon: 'organization',
            name: 'AWS IAM Identity Center',
            whose: l10n.t('Work: AWS access portal'),
          } as const,
        ]),
    {
      command: 'builderId',
      icon: 'person',
      name: 'AWS Builder ID',
      whose: l10n.t('Personal: no organization needed'),
      only: builderIdConnection,
    },
  ],

  nameOf: (connection) => (isBuilderId(connection) ? 'AWS Builder ID' : 'IAM Identity Center'),
  whereOf: ({ startUrl, region }) => `${startUrl} (${region})`,
  placeOf: ({ region }) => region,
  clientIdOf: () => undefined,

  askNew: askNewIdentityCenter,
  mistypable: (connection) => {
    if (isBuilderId(connection)) return 'nothing';
    const { region } = parseStartUrl(connection.startUrl); // Some start URLs contain their region.
    return region === connection.region ? 'startUrl' : 'startUrlAndRegion';
  },
  mistypedOf: ({ kind, details }) => {
    if (kind === 'invalidStartUrl') return 'startUrl';
    if (kind === 'network' && details.code === 'ENOTFOUND')
      return details.host?.startsWith('oidc.') === true ? 'region' : 'startUrl';
    const isOfRegion = details.reason === 'foreignPage' || details.code === 'invalid_request_region';
    return isOfRegion ? 'region' : undefined;
  },
  edit: editIdentityCenter,
  meaningOf: (error) => error,
  offerCorrection: async (context, connection, error, canEdit) =>
    error.kind !== 'invalidStartUrl' || isBuilderId(connection)
      ? undefined
      : offerRegion(context, connection, error, canEdit),
  foreignHosts,
  isInAwsConfig: true,
  isResolvedLater: ({ startUrl }) => parseStartUrl(startUrl).partition === undefined,

  noRefreshToken: () =>
    l10n.t('You’re signed in, but the session can’t be renewed: the server didn’t issue a refresh token.'),
  asksAgain: () => undefined,
  leftAfterSignOut: () => undefined,
  endSessionAddress: () => undefined,
  signedOut: (connection) =>
    isBuilderId(connection)
      ? l10n.t('Signed out of AWS Builder ID in VS Code')
      : l10n.t('Signed out of IAM Identity Center in VS Code'),

  detailsHint: () => l10n.t('Start URL, scopes, refresh history'),
  detailsOf: ({ connection, endpoints, registration, awsCli }, time) => [
    [l10n.t('Start URL'), connection.startUrl],
    [l10n.t('Region'), connection.region],
    [l10n.t('Endpoint'), shownAddress(endpoints.oidc)],
    [l10n.t('Client ID'), registration.clientId],
    [l10n.t('Client registration expires'), time(registration.expiresAt)],
    ['AWS CLI', shareText(awsCli)],
  ],
  reportOf: ({ endpoints, registration, awsCli }, time) => [
    `client registration until ${time(registration.expiresAt)}`,
    `endpoint ${reportValue(shownAddress(endpoints.oidc))}`,
    `AWS CLI: ${reportValue(awsCli?.name ?? 'not shared')}${awsCli?.paused === undefined ? '' : ` (paused: ${awsCli.paused})`}`,
  ],
  errorPages: () => [
    { label: l10n.t('An error page from Okta'), answer: 'providerErrorPage' },
    { label: l10n.t('An error page from AWS'), answer: 'serviceErrorPage' },
  ],
  browserErrors: (connection) => [
    ...(isBuilderId(connection)
      ? []
      : [
          {
            // Another Region than the instance's gives out a code, and only this page refuses it.
            label: ['Invalid grant provided', 'Invalid client provided']
              .map((title) => l10n.t('“{0}”', title))
              .join(', '),
            detail: l10n.t('Check the start URL and the Region of your IAM Identity Center instance.'),
            leadsTo: 'administrator' as const,
          },
          {
            label: l10n.t('“{0}”', 'It’s not you, it’s us'),
            detail: l10n.t('AWS rejected your identity provider’s response. Tell your administrator.'),
            leadsTo: 'administrator' as const,
          },
          {
            label: l10n.t('“Not assigned” or “Access denied”'),
            detail: l10n.t('Ask your administrator to assign you to IAM Identity Center.'),
            leadsTo: 'administrator' as const,
          },
        ]),
    {
      label: l10n.t('The code or the page has expired'),
      detail: l10n.t('Open the page again.'),
      leadsTo: 'page',
    },
  ],
  hasSetup: (connection) => !isBuilderId(connection),
  registrationEnd: ({ registration }) => registration.expiresAt,
  registeredScopes: ({ registration }) => registration.scopes,
  opaqueToken: () => l10n.t('IAM Identity Center tokens are opaque and have no readable claims.'),
  describe: ({ connection: { startUrl, region } }) => ({ startUrl, region }),
  redirectUris: async () => [],
  setupOf: (connection) => ({ guide: 'identityCenter', inputs: { accessPortal: connection } }),
};

function shareText(awsCli: IdentityCenterSession['awsCli']): string {
  if (awsCli === undefined) return l10n.t('Not shared');
  return awsCli.paused === undefined
    ? l10n.t('Shared as {0}', awsCli.name)
    : l10n.t('Shared as {0} (paused)', awsCli.name);
}
