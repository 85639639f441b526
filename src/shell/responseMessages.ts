import { l10n } from 'vscode';
import type { ErrorDetails } from '../core/oauth/errors.ts';
import { serverDescription, requestIdSentence } from './errorText.ts';
import type { ErrorMessage } from './errorText.ts';

/** The message for an unusable response, by `details.reason`. `host` is for the beginning of a sentence. */
export function invalidResponse(details: ErrorDetails, host: string): ErrorMessage {
  if (details.reason === 'foreignPage') {
    return {
      title: l10n.t('The service returned a sign-in page that isn’t its own ({0}).', host),
      cause: l10n.t('The Region or an endpoint setting is wrong, or the connection is being intercepted.'),
      next: l10n.t('The page wasn’t opened. Check the Region and the endpoint settings.'),
      setting: 'developerSignIn.identityCenter.endpoint',
    };
  }
  if (details.reason === 'idTokenTimes') {
    return {
      title: l10n.t('The clocks of this computer and {0} don’t match.', details.host ?? ''),
      cause: l10n.t('The ID token expired more than five minutes ago, or isn’t valid yet.'),
      next: l10n.t('Set the date, time, and time zone of this computer, then try again.'),
    };
  }
  if (details.reason === 'idToken') {
    return {
      title: l10n.t('{0} sent an invalid ID token ({1}).', host, details.code ?? ''),
      cause: l10n.t('It wasn’t issued for this sign-in, or it wasn’t signed by this server.'),
      next: l10n.t('Check the issuer and client ID with your administrator, then try again.'),
      setting: 'developerSignIn.connections',
    };
  }
  if (details.reason === 'otherSubject') {
    return {
      title: l10n.t('{0} sent tokens for a different account.', host),
      cause: l10n.t('The ID token names a different user than the one who signed in here.'),
      next: l10n.t(
        'The tokens were discarded, and you stay signed in. If this happens again, sign in again.',
      ),
    };
  }
  if (details.reason === 'mixUp') {
    return {
      title: l10n.t('The sign-in to {0} was stopped because another server answered.', host),
      cause:
        details.input === undefined
          ? l10n.t('This server may have tried to receive a sign-in meant for another one.')
          : l10n.t(
              'The response is from {0}. This server may have tried to receive a sign-in meant for another one.',
              details.input,
            ),
      next: l10n.t('Nothing was sent to it. Don’t sign in there again, and tell your administrator.'),
    };
  }
  return {
    title: l10n.t('{0} returned an unexpected response.', host),
    cause:
      (serverDescription(details) ?? l10n.t('A proxy or VPN page may have answered instead.')) +
      requestIdSentence(details),
    next: l10n.t('Check your network connection or VPN, then try again.'),
  };
}

/** The message for an issuer without metadata. `host` is for the beginning of a sentence. */
export function metadataMissing(details: ErrorDetails, host: string): ErrorMessage {
  return {
    title: l10n.t('{0} has no OpenID metadata at this issuer.', host),
    ...(details.isGeneric === true
      ? {
          cause: l10n.t('The issuer is mistyped or incomplete.'),
          next: l10n.t('Compare the issuer with the one in your provider’s documentation or console.'),
        }
      : {
          cause: l10n.t('The issuer is mistyped or incomplete. It usually ends in /oauth2/ and an ID.'),
          next: l10n.t(
            'Compare the issuer with Security > API > Authorization Servers in the Okta Admin Console.',
          ),
        }),
    setting: 'developerSignIn.connections',
  };
}

/** The message for unacceptable metadata, by `details.reason`. */
export function metadataMismatch({ reason, host, namedIssuer, isGeneric }: ErrorDetails): ErrorMessage {
  const setting = 'developerSignIn.connections';
  switch (reason) {
    case 'noS256':
      return {
        title: l10n.t('This authorization server doesn’t support PKCE with S256.'),
        cause: l10n.t('Developer Sign-In requires it.'),
        next: l10n.t('Ask your administrator to enable it.'),
        setting,
      };
    case 'foreignEndpoint':
      return {
        title: l10n.t('This issuer’s metadata points to another host ({0}).', host ?? ''),
        cause: l10n.t('A token sent to another host could be stolen.'),
        next: l10n.t('Nothing was sent there. Check the issuer with your administrator.'),
        setting,
      };
    case 'plainHttp':
      return {
        title: l10n.t('The metadata contains URLs without HTTPS.'),
        cause: l10n.t(
          'The server {0} is probably behind a proxy and doesn’t know its public URL.',
          host ?? '',
        ),
        next: l10n.t('Nothing was sent there. Ask your administrator to set the server’s public URL.'),
        setting,
      };
    case 'noEndpoint':
      return {
        title: l10n.t('This issuer’s metadata is missing an endpoint.'),
        cause: l10n.t('The issuer is mistyped, or the server isn’t set up for sign-in.'),
        next: l10n.t('Check the issuer with your administrator.'),
        setting,
      };
    default:
      return {
        title: l10n.t('The metadata at this address belongs to another issuer.'),
        cause:
          namedIssuer === undefined
            ? l10n.t('The issuer doesn’t match the server’s metadata.')
            : l10n.t('It names the issuer {0}.', namedIssuer),
        next: issuerPlace(namedIssuer, isGeneric === true),
        setting,
      };
  }
}

/** Where to find the issuer. Microsoft Entra ID's `common` and `organizations` return a placeholder instead. */
function issuerPlace(namedIssuer = '', isGeneric: boolean): string {
  if (!isGeneric)
    return l10n.t('Copy the issuer from Security > API > Authorization Servers in the Okta Admin Console.');
  return namedIssuer.includes('{tenantid}')
    ? l10n.t('In the issuer, replace “common” or “organizations” with your tenant ID.')
    : l10n.t('Copy the issuer from the provider’s console, or from “issuer” in its metadata.');
}
