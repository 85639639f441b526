import { l10n } from 'vscode';
import type { AwsReason } from '../../setup/checkResult.ts';
import { fact } from './setupFact.ts';
import type { ReasonWords } from './setupFact.ts';

/** What can be said of an Identity Center, its SAML and SCIM sides, and a domain. */
export const awsReasons: ReasonWords<AwsReason> = {
  notStartUrl: () => ({
    found: l10n.t('This is no start URL of AWS.'),
    next: l10n.t('Copy the AWS access portal URL from the dashboard.'),
  }),
  notRegion: () => ({
    found: l10n.t('This is no region.'),
    next: l10n.t('A region looks like us-east-1 or eu-central-1.'),
  }),
  invalidStartUrl: (finding) => ({
    found: l10n.t('The region {0} does not know this start URL.', fact(finding, 'region')),
    next: l10n.t(
      'Copy both from the dashboard; or sign in with IAM Identity Center and choose “Find the region for me”.',
    ),
  }),
  registrationRefused: () => ({
    found: l10n.t('The sign-in service refused the registration or the device authorization.'),
    next: l10n.t('Check the region and the endpoint settings.'),
  }),
  encryptionKey: () => ({
    found: l10n.t('IAM Identity Center cannot use its encryption key.'),
    next: l10n.t(
      'Check the AWS KMS key of IAM Identity Center: it must be enabled, and its key policy must allow IAM Identity Center to use it.',
    ),
  }),
  notPortal: (finding) => ({
    found: l10n.t(
      '{0} answered, but not as AWS does (HTTP {1}).',
      fact(finding, 'host'),
      fact(finding, 'status'),
    ),
    next: l10n.t('A proxy or the setting of the portal endpoint may be in between.'),
  }),
  signInDenied: () => ({
    found: l10n.t('IAM Identity Center did not let this person in.'),
    next: l10n.t(
      'Assign the person in Okta’s IAM Identity Center application, wait until they are provisioned, and check that they are not deactivated.',
    ),
  }),
  notMetadata: () => ({
    found: l10n.t('The file is no SAML metadata.'),
    next: l10n.t('Choose View IdP metadata, and save the page as it is, as metadata.xml.'),
  }),
  notIdentityProvider: () => ({
    found: l10n.t('The file is the metadata of a service provider, not of Okta.'),
    next: l10n.t('Save the metadata from Okta, not from IAM Identity Center.'),
  }),
  noEntityId: () => ({
    found: l10n.t('The metadata lacks an entity id.'),
    next: l10n.t('Save the metadata again.'),
  }),
  noSignOnUrl: () => ({
    found: l10n.t('The metadata lacks a sign-on URL.'),
    next: l10n.t('Save the metadata again.'),
  }),
  signOnNotHttps: () => ({
    found: l10n.t('The sign-on URL is not https.'),
    next: l10n.t('Save the metadata again, from the Okta Admin Console over https.'),
  }),
  signOnBinding: () => ({
    found: l10n.t('No sign-on URL has a binding that IAM Identity Center uses (HTTP-POST or HTTP-Redirect).'),
    next: l10n.t('Save the metadata of the IAM Identity Center application, not of another one.'),
  }),
  noCertificate: () => ({
    found: l10n.t('The metadata has no signing certificate.'),
    next: l10n.t('Generate one under SAML Signing Certificates, save the metadata and upload it again.'),
  }),
  certificateUnreadable: () => ({
    found: l10n.t('The signing certificate cannot be read.'),
    next: l10n.t('Save the metadata again, as it is.'),
  }),
  certificateExpired: () => ({
    found: l10n.t('The signing certificate has expired.'),
    next: l10n.t(
      'Make a new one active under SAML Signing Certificates, save the metadata and upload it in IAM Identity Center.',
    ),
  }),
  certificateNotYet: () => ({
    found: l10n.t('The signing certificate is not valid yet.'),
    next: l10n.t('Check the clock of this machine, and which certificate is active.'),
  }),
  certificateEndsSoon: () => ({
    found: l10n.t('The signing certificate ends within 30 days.'),
    next: l10n.t(
      'Generate a new one now, and upload the new metadata in IAM Identity Center before you make it active.',
    ),
  }),
  metadataExpired: () => ({
    found: l10n.t('The metadata file says that it is no longer valid.'),
    next: l10n.t('Save the metadata again, and upload it in IAM Identity Center.'),
  }),
  notAcsUrl: () => ({
    found: l10n.t('This is not the form of an ACS URL of IAM Identity Center.'),
    next: l10n.t('It contains /saml/acs/ and an id. The issuer URL goes into the other field.'),
  }),
  notSamlIssuer: () => ({
    found: l10n.t('This is not the form of an issuer URL of IAM Identity Center.'),
    next: l10n.t('It ends in /saml/ and the id of the directory. The ACS URL goes into the other field.'),
  }),
  trailingSlash: (finding) => ({
    found: l10n.t('The address has a slash, or more, at its end.'),
    next: l10n.t('Enter it in Okta without: {0}', fact(finding, 'suggestedAddress')),
  }),
  notScimEndpoint: () => ({
    found: l10n.t('This is not the form of a SCIM endpoint.'),
    next: l10n.t('It ends in /scim/v2.'),
  }),
  tokenCharacter: (finding) => ({
    found: l10n.t('The token contains a character that can’t be sent: {0}.', fact(finding, 'character')),
    next: l10n.t('Copy the token again.'),
  }),
  scimHostNotConfirmed: (finding) => ({
    found: l10n.t(
      'The token was not sent: {0} is not an address of IAM Identity Center.',
      fact(finding, 'host'),
    ),
    next: l10n.t('Check the SCIM endpoint, or run the check again and agree to send the token there.'),
  }),
  tokenRefused: () => ({
    found: l10n.t('The endpoint does not accept this token (HTTP 401).'),
    next: l10n.t(
      'The token is mistyped, revoked, expired or of another endpoint: generate a new one and enter it in Okta.',
    ),
  }),
  tokenForbidden: () => ({
    found: l10n.t('The token is known, but may not read here (HTTP 403).'),
    next: l10n.t('Generate a token in the console that shows this SCIM endpoint.'),
  }),
  scimNotFound: () => ({
    found: l10n.t('There is nothing at this address (HTTP 404).'),
    next: l10n.t('Copy the SCIM endpoint again.'),
  }),
  filterRefused: () => ({
    found: l10n.t('The endpoint refused the search (HTTP 400).'),
    next: l10n.t('Check that the unique identifier field for users is userName.'),
  }),
  personMissing: (finding) => ({
    found: l10n.t('{0} is not provisioned.', fact(finding, 'person') || l10n.t('The person')),
    next: l10n.t(
      'Assign the person, or one of their groups, in the application that provisions; the user name must be the same, character for character.',
    ),
  }),
  personInactive: (finding) => ({
    found: l10n.t('{0} is provisioned, but deactivated.', fact(finding, 'person')),
    next: l10n.t('Assign the person again in Okta, or activate them in the console.'),
  }),
  groupMissing: (finding) => ({
    found: l10n.t('The group {0} is not provisioned.', fact(finding, 'group')),
    next: l10n.t('Push it: an assigned group is not pushed by itself.'),
  }),
  notInGroup: (finding) => ({
    found: l10n.t('{0} is not in the group {1}.', fact(finding, 'person'), fact(finding, 'group')),
    next: l10n.t('Add the person to the group in Okta, then push the group again.'),
  }),
  tokenEndsSoon: () => ({
    found: l10n.t('The token ends within 30 days.'),
    next: l10n.t('Generate a new one and enter it in Okta before that.'),
  }),
  notDomain: () => ({
    found: l10n.t('This is no domain.'),
    next: l10n.t('A domain looks like example.com.'),
  }),
  txtMissing: (finding) => ({
    found: l10n.t('{0} has no TXT record with this token.', fact(finding, 'dnsName')),
    next: l10n.t('Create it there; a new record can take some minutes to be seen, sometimes an hour.'),
  }),
  txtDiffers: () => ({
    found: l10n.t('A TXT record is close to the token, but not the same.'),
    next: l10n.t('Copy the token again, without quotes or spaces around it.'),
  }),
  txtElsewhere: (finding) => ({
    found: l10n.t('The TXT record is at {0}.', fact(finding, 'foundElsewhere')),
    next: l10n.t(
      'Create it at {0}. Many DNS consoles add the domain to the name by themselves.',
      fact(finding, 'dnsName'),
    ),
  }),
};
