import { l10n } from 'vscode';
import { scopesOf, typeOf } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { redirectUriPartsOf } from '../../core/oidc/redirectUri.ts';
import { redirectUrisFor } from '../../features/redirectUris.ts';
import type { OpenIdConnection } from '../../core/connection/connection.ts';
import type { MixUpDefense, UsedRedirect } from '../../core/oidc/authorizationServerRecord.ts';
import { shownAddress } from '../../core/text/webAddress.ts';
import type { NamedValue, ShellProvider } from './provider.ts';

/** The parts that all OpenID Connect providers share. */
export const openId = {
  anotherLabel: () => l10n.t('Use a Different Issuer…'),
  whereOf: ({ issuer }) => issuer,
  placeOf: ({ issuer }) => new URL(issuer).host,
  clientIdOf: ({ clientId }) => clientId,
  mistypable: () => 'nothing',
  mistypedOf: ({ kind, details }) => {
    if (kind === 'registrationRefused')
      return details.code === 'unauthorized_client' && details.reason === undefined ? undefined : 'clientId';
    const isOfIssuer =
      kind === 'metadataMissing' ||
      kind === 'metadataMismatch' ||
      (kind === 'network' && details.code === 'ENOTFOUND');
    return isOfIssuer ? 'issuer' : undefined;
  },
  meaningOf: (error) => {
    // A client ID that is refused at sign-in was never known there; one of an existing session may have been.
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
  detailsHint: () => l10n.t('Issuer, scopes, claims, refresh history'),
  detailsOf: ({ connection, server, redirect }) => [
    [l10n.t('Issuer'), server.issuer],
    [l10n.t('Client ID'), connection.clientId],
    [l10n.t('Token endpoint'), shownAddress(server.tokenEndpoint)],
    ...redirectRows(redirect),
  ],
  reportOf: () => [],
  registrationEnd: () => undefined,
  registeredScopes: ({ connection }) => scopesOf(connection),
  opaqueToken: () => l10n.t('This token is opaque.'),
  describe: ({ connection: { issuer, clientId } }) => ({ issuer, clientId }),
  browserErrors: ({ clientId }) => [
    {
      label: l10n.t('“redirect_uri must be a Login redirect URI” or similar'),
      leadsTo: 'redirectUri',
    },
    {
      label: l10n.t('“Invalid client” or “client_id”'),
      detail: l10n.t('Compare it with your administrator’s: {0}', clientId),
      leadsTo: 'clientId',
    },
    {
      label: l10n.t('“Not assigned” or “Access denied”'),
      detail: l10n.t('Ask your administrator to assign you to the application.'),
      leadsTo: 'administrator',
    },
    {
      label: l10n.t('The code or the page has expired'),
      detail: l10n.t('Open the page again.'),
      leadsTo: 'page',
    },
  ],
  hasSetup: () => true,
  redirectUris: async (connection, settingsPorts) => {
    const { issuer } = connection;
    const redirectPorts = typeOf(connection).redirectPorts?.(connection) ?? settingsPorts;
    const fixed = 'redirectUri' in connection ? connection.redirectUri : undefined;
    const { host, ports, path } = redirectUriPartsOf({
      redirectPorts,
      ...(fixed === undefined ? {} : { redirectUri: fixed }),
    });
    const uris = await redirectUrisFor(issuer, ports);
    if (fixed === undefined) return [...uris];
    // A URI without a port is registered as such.
    const own = (uris[0] ?? '').replace(/^http:\/\/localhost(:\d+)?/, '');
    const port = ports[0] === 0 ? '' : `:${ports[0] ?? ''}`;
    return [`http://${host}${port}${path === 'own' ? own : (path ?? '')}`];
  },
} satisfies Partial<ShellProvider<OpenIdConnection>>;

/** The rows about the redirect, and how foreign callbacks were rejected. */
function redirectRows(redirect: UsedRedirect | undefined): readonly NamedValue[] {
  if (redirect === undefined) return [];
  return [
    [l10n.t('Redirect URI'), redirect.uri],
    [l10n.t('Mix-up protection'), defenseText(redirect.defense)],
  ];
}

function defenseText(defense: MixUpDefense): string {
  switch (defense) {
    case 'iss':
      return l10n.t('The server identifies itself in the callback (iss)');
    case 'okta':
      return l10n.t('The server is on one of Okta’s own domains');
    case 'ownRedirectUri':
      return l10n.t('The redirect URI belongs to this issuer alone');
    case 'policy':
      return l10n.t('Your organization’s policy file names this issuer');
    case 'confirmed':
      return l10n.t('You trusted this server');
  }
}
