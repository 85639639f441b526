import { l10n } from 'vscode';
import type { ErrorDetails } from '../core/oauth/errors.ts';
import { serverDescription, requestIdSentence } from './errorText.ts';
import type { ErrorMessage } from './errorText.ts';

/** The message for a demand that this public client can't meet, by its `reason`; undefined for any other. */
export function clientDemandMessage(host: string, details: ErrorDetails): ErrorMessage | undefined {
  switch (details.reason) {
    case 'clientSecret':
      return confidentialClient(l10n.t('{0} requires a client secret for this client ID.', host), details);
    case 'privateKeyJwt':
      return confidentialClient(
        l10n.t('{0} requires a signed client assertion (private_key_jwt) for this client ID.', host),
        details,
      );
    case 'clientCertificate':
      return confidentialClient(
        l10n.t('{0} requires a client certificate for this client ID.', host),
        details,
      );
    case 'dpop':
      return proofOfPossession(host, details);
    case 'par':
      return requestForm(l10n.t('{0} requires pushed authorization requests (PAR).', host));
    case 'jar':
      return requestForm(l10n.t('{0} requires signed authorization requests.', host));
    default:
      return undefined;
  }
}

function confidentialClient(title: string, details: ErrorDetails): ErrorMessage {
  return {
    title,
    cause:
      l10n.t('Developer Sign-In signs in as a public client and can’t use one.') + requestIdSentence(details),
    next: l10n.t('Ask your administrator for the client ID of a public (native) application.'),
    setting: 'developerSignIn.connections',
  };
}

/** The application requires DPoP (RFC 9449). */
function proofOfPossession(host: string, details: ErrorDetails): ErrorMessage {
  return {
    title: l10n.t('{0} requires DPoP, which Developer Sign-In doesn’t support.', host),
    cause:
      (serverDescription(details) ?? l10n.t('The application accepts only tokens that are bound to a key.')) +
      requestIdSentence(details),
    next:
      details.isGeneric === true
        ? l10n.t('Ask your administrator to turn off the DPoP requirement for the application.')
        : l10n.t(
            'Ask your administrator to clear “Proof of possession: Require Demonstrating Proof of Possession (DPoP) header in token requests” on the General tab of the Okta application.',
          ),
  };
}

/** The server requires pushed (RFC 9126) or signed (RFC 9101) authorization requests. */
function requestForm(title: string): ErrorMessage {
  return {
    title,
    cause: l10n.t('Developer Sign-In doesn’t support them.'),
    next: l10n.t('Ask your administrator to make them optional.'),
  };
}
