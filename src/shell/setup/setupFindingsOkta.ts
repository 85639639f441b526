import { l10n } from 'vscode';
import type { OktaReason } from '../../setup/checkResult.ts';
import { count, fact } from './setupFact.ts';
import type { ReasonWords } from './setupFact.ts';

/** What can be said of an Okta application and its authorization server. */
export const oktaReasons: ReasonWords<OktaReason> = {
  notIssuer: () => ({
    found: l10n.t('This is no issuer.'),
    next: l10n.t('Copy the Metadata URI of the authorization server.'),
  }),
  noMetadata: (finding) => ({
    found: l10n.t('There is no metadata at this issuer (HTTP {0}).', fact(finding, 'status')),
    next: l10n.t(
      'Compare the issuer character for character; it ends in /oauth2/ and the id of the authorization server.',
    ),
  }),
  issuerDiffers: (finding) => ({
    found: l10n.t('The metadata found here is that of {0}.', fact(finding, 'namedIssuer')),
    next: l10n.t(
      'Use that issuer, or set Issuer of the authorization server to the Okta or custom URL that you use.',
    ),
  }),
  foreignEndpoint: (finding) => ({
    found: l10n.t('The metadata names an endpoint on another host ({0}).', fact(finding, 'host')),
    next: l10n.t('Check the issuer; nothing was sent to that host.'),
  }),
  endpointMissing: () => ({
    found: l10n.t('The metadata lacks the authorization or the token endpoint.'),
    next: l10n.t('Check that this is the issuer of a custom authorization server.'),
  }),
  noS256: () => ({
    found: l10n.t('PKCE with S256 is not announced.'),
    next: l10n.t('Okta’s own servers announce it: check what stands between, or the issuer.'),
  }),
  grantsNotAnnounced: (finding) => ({
    found: l10n.t('The grant types {0} are not announced.', fact(finding, 'missing')),
    next: l10n.t('Check that this is the issuer of a custom authorization server.'),
  }),
  notClientId: () => ({
    found: l10n.t('This is no client id.'),
    next: l10n.t('Copy it from the General tab of the OIDC application.'),
  }),
  clientUnknown: () => ({
    found: l10n.t('The authorization server does not accept this client.'),
    next: l10n.t(
      'Copy the client id again, and check that it is a Native Application without client secret, and that it is active.',
    ),
  }),
  codeGrantMissing: () => ({
    found: l10n.t('The application lacks the Authorization Code grant.'),
    next: l10n.t('Tick Authorization Code under Grant type.'),
  }),
  deviceGrantMissing: () => ({
    found: l10n.t('The application lacks the Device Authorization grant.'),
    next: l10n.t(
      'Tick Device Authorization under Grant type, and in the rule of the access policy. Until then, people paste the callback URL: the browser cannot come back to where this editor runs.',
    ),
  }),
  dpopRequired: () => ({
    found: l10n.t('The application requires DPoP, which no client of this guide supports.'),
    next: l10n.t(
      'Clear “Proof of possession: Require Demonstrating Proof of Possession (DPoP) header in token requests” on the General tab.',
    ),
  }),
  redirectUrisMissing: (finding) => ({
    found:
      l10n.t(
        'Redirect URIs that are not registered: {0} of {1}.',
        count(finding, 'missing'),
        count(finding, 'missing') + count(finding, 'registered') + count(finding, 'notKnown'),
      ) +
      (count(finding, 'acceptedInstead') === 0
        ? ''
        : ` ${l10n.t('Registered in their place: {0}.', fact(finding, 'acceptedInstead'))}`),
    next: l10n.t(
      'Add the missing ones as they stand in the evidence: localhost, no slash at the end. “Copy Okta redirect URIs” copies all of them.',
    ),
  }),
  redirectUrisNotKnown: (finding) => ({
    found: l10n.t('Redirect URIs for which Okta gave no clear answer: {0}.', count(finding, 'notKnown')),
    next: l10n.t('Run this check again in a minute.'),
  }),
  ownRedirectUrisMissing: (finding) => ({
    found: l10n.t(
      'Redirect URIs that belong to this issuer alone and are not registered: {0}.',
      count(finding, 'missing'),
    ),
    next: l10n.t(
      'Register them, so that no other server can receive a sign-in meant for this one. Until then, people are asked once whether they trust this server.',
    ),
  }),
  portsTaken: () => ({
    found: l10n.t('None of the callback ports is free on this machine.'),
    next: l10n.t('Close the programs that hold them; the evidence has each address with the system’s error.'),
  }),
  somePortsTaken: () => ({
    found: l10n.t('Some callback ports are taken on this machine; a sign-in uses another.'),
    next: l10n.t('Nothing has to be done as long as one is free and registered.'),
  }),
  noRedirectUri: () => ({
    found: l10n.t('No redirect URI is registered, so the server cannot be asked.'),
    next: l10n.t('Register the redirect URIs first.'),
  }),
  scopesNotConfigured: (finding) => ({
    found: l10n.t('The authorization server lacks one of the scopes {0}.', fact(finding, 'scopes')),
    next: l10n.t('Add it under Scopes, with Implicit user consent, spelled exactly so.'),
  }),
  orgServer: (finding) => ({
    found: l10n.t(
      'This issuer is the org authorization server, which cannot have the scopes {0}.',
      fact(finding, 'scopes'),
    ),
    next: l10n.t('Use the issuer of a custom authorization server. It ends in /oauth2/ and an ID.'),
  }),
  scopesRefused: (finding) => ({
    found: l10n.t('The access policy refuses the scopes {0}.', fact(finding, 'scopes')),
    next: l10n.t(
      'List exactly these scopes in the rule, and check that the policy is assigned to the OIDC application.',
    ),
  }),
  ruleTooWide: (finding) => ({
    found: l10n.t('The rule also grants {0}.', fact(finding, 'scopes')),
    next: l10n.t('Choose “The following scopes” in the rule, and list only the scopes of the guide.'),
  }),
  ruleNotSeen: () => ({
    found: l10n.t(
      'The server refused no scope before somebody signed in, so the rule cannot be seen from here.',
    ),
    next: l10n.t(
      'Look at the rule: it must say “The following scopes”, with the scopes of the guide and no other.',
    ),
  }),
  notAssigned: () => ({
    found: l10n.t('You are not assigned to the OIDC application.'),
    next: l10n.t(
      'Assign the same people and groups in two places: in the OIDC application, which signs them in, and in the SAML application, which provisions them by SCIM.',
    ),
  }),
  opaqueToken: () => ({
    found: l10n.t('The token cannot be read: it is no JWT.'),
    next: l10n.t('Custom authorization servers of Okta issue JWTs: check the issuer.'),
  }),
  issuerClaimDiffers: (finding) => ({
    found: l10n.t('The token names another issuer: {0}.', fact(finding, 'claimedIssuer')),
    next: l10n.t('Use that issuer everywhere, in the editor and in the profile of the service.'),
  }),
  scopesDiffer: (finding) => ({
    found: l10n.t('The token has the scopes {0}.', fact(finding, 'claimedScopes')),
    next: l10n.t(
      'It must have exactly {0}: check the rule, and the grant types of the application.',
      fact(finding, 'scopes'),
    ),
  }),
  clientClaimDiffers: (finding) => ({
    found: l10n.t('The token was issued to another client: {0}.', fact(finding, 'claimedClientId')),
    next: l10n.t('Compare the client id here and in the profile of the service.'),
  }),
  noRefreshToken: () => ({
    found: l10n.t('The sign-in brought no refresh token.'),
    next: l10n.t('Tick “Refresh Token” under Grant type, and list offline_access in the rule.'),
  }),
  refreshFailed: () => ({
    found: l10n.t('The first refresh was refused.'),
    next: l10n.t('Tick Refresh Token in the application, and check the refresh token lifetime of the rule.'),
  }),
};
