import { l10n } from 'vscode';
import type { CheckId, Owner } from '../../setup/check.ts';
import type { SetupGuideId, StepId } from '../../setup/setupGuides.ts';
import type { ResultState } from '../../setup/checkResult.ts';

/** What the set-up documents are about. */
export function documentTitle(document: SetupGuideId): string {
  return document === 'kiro'
    ? l10n.t('Kiro with Okta (OIDC)')
    : l10n.t('IAM Identity Center with Okta (SAML and SCIM)');
}

/** A finding's word, which stands beside its icon. */
export function stateWord(state: ResultState): string {
  switch (state) {
    case 'pass':
      return l10n.t('right');
    case 'warning':
      return l10n.t('right, but');
    case 'fail':
      return l10n.t('wrong');
    case 'inconclusive':
      return l10n.t('not known');
  }
}

export function ownerWords(owner: Owner): string {
  switch (owner) {
    case 'oktaAdministrator':
      return l10n.t('Okta administrator');
    case 'awsAdministrator':
      return l10n.t('AWS administrator');
    case 'dnsAdministrator':
      return l10n.t('DNS administrator');
    case 'you':
      return l10n.t('you');
  }
}

/** The heading of a step, as the document has it. */
export function stepTitle(step: StepId): string {
  switch (step) {
    case 'identityCenter.oktaApp':
      return l10n.t('The IAM Identity Center application in Okta');
    case 'identityCenter.identitySource':
      return l10n.t('Okta as the identity source of IAM Identity Center');
    case 'identityCenter.signOnDetails':
      return l10n.t('Sign-on details in Okta');
    case 'identityCenter.enableProvisioning':
      return l10n.t('Automatic provisioning in IAM Identity Center');
    case 'identityCenter.oktaProvisioning':
      return l10n.t('Provisioning in Okta');
    case 'identityCenter.assignGroups':
      return l10n.t('People and groups');
    case 'identityCenter.serviceAccess':
      return l10n.t('Access to the service');
    case 'identityCenter.signIn':
      return l10n.t('Sign-in from the editor');
    case 'identityCenter.test':
    case 'kiro.test':
      return l10n.t('The service answers');
    case 'kiro.oidcApp':
      return l10n.t('The OIDC application');
    case 'kiro.assignments':
      return l10n.t('Assignments of the OIDC application');
    case 'kiro.samlApp':
      return l10n.t('The SAML application');
    case 'kiro.authorizationServer':
      return l10n.t('The authorization server');
    case 'kiro.scopes':
      return l10n.t('Scopes of the authorization server');
    case 'kiro.accessPolicy':
      return l10n.t('Access policy and rule');
    case 'kiro.tokenPreview':
      return l10n.t('What Token Preview shows');
    case 'kiro.profile':
      return l10n.t('The Kiro profile');
    case 'kiro.domain':
      return l10n.t('The domain');
    case 'kiro.provisioning':
      return l10n.t('Provisioning from Okta to Kiro');
    case 'kiro.sameAssignments':
      return l10n.t('The same people and groups in both applications');
  }
}

/** What a check is about, in a few words. */
export function checkTitle(id: CheckId): string {
  switch (id) {
    case 'okta.metadata':
      return l10n.t('Issuer and metadata');
    case 'okta.announced':
      return l10n.t('PKCE and grant types');
    case 'okta.clientId':
      return l10n.t('Client id');
    case 'okta.redirectUris':
      return l10n.t('Sign-in redirect URIs');
    case 'okta.loopbackPorts':
      return l10n.t('Callback ports on this machine');
    case 'okta.scopes':
      return l10n.t('The scopes are granted');
    case 'okta.rule':
      return l10n.t('No other scope is granted');
    case 'okta.assignments':
      return l10n.t('You are assigned');
    case 'okta.signIn':
    case 'identityCenter.signIn':
      return l10n.t('Test sign-in');
    case 'okta.token':
      return l10n.t('Issuer, scopes and client in the token');
    case 'okta.refreshToken':
      return l10n.t('Refresh token');
    case 'okta.lifetimes':
      return l10n.t('Lifetime and rotation');
    case 'identityCenter.startUrl':
      return l10n.t('Start URL and region');
    case 'identityCenter.deviceAuthorization':
      return l10n.t('The region knows the start URL');
    case 'identityCenter.portal':
      return l10n.t('The access portal answers');
    case 'saml.metadata':
      return l10n.t('Saved metadata.xml');
    case 'saml.signOn':
      return l10n.t('Sign-on URL in the metadata');
    case 'saml.certificates':
      return l10n.t('Signing certificate');
    case 'saml.acsUrl':
      return l10n.t('ACS URL');
    case 'saml.issuerUrl':
      return l10n.t('Issuer URL');
    case 'scim.endpoint':
      return l10n.t('SCIM endpoint');
    case 'scim.token':
      return l10n.t('SCIM access token');
    case 'scim.read':
      return l10n.t('People can be looked up');
    case 'scim.person':
      return l10n.t('The person is provisioned');
    case 'scim.groups':
      return l10n.t('The group is provisioned');
    case 'domain.txt':
      return l10n.t('TXT record');
    case 'service.answer':
      return l10n.t('The service takes the token');
    case 'manual.samlUploaded':
      return l10n.t('This metadata.xml is the one that was uploaded, and ACCEPT was typed');
    case 'manual.userNameFormat':
      return l10n.t('Application username format fits the user names in IAM Identity Center');
    case 'manual.tokenEnd':
      return l10n.t('The end of the access token is in somebody’s calendar');
    case 'manual.provisioningEnabled':
      return l10n.t('Create, update and deactivate are enabled under To App');
    case 'manual.groupsPushed':
      return l10n.t('Every assigned group is also under Push Groups, with the status Active');
    case 'manual.serviceGroups':
      return l10n.t('The groups are added in the console of the service');
    case 'manual.suggestion':
      return l10n.t('A suggestion appears while you type');
    case 'manual.samlApplication':
      return l10n.t('The SAML application exists, with SCIM as its provisioning');
    case 'manual.profile':
      return l10n.t('Issuer URL and application id of the profile are those of this check');
    case 'manual.domainVerified':
      return l10n.t('The domain has the status Verified');
    case 'manual.provisioning':
      return l10n.t('HTTP Header, userName, the three Push options and To App are set');
    case 'manual.sameAssignments':
      return l10n.t('Both applications list the same people and groups');
    case 'manual.subscriptions':
      return l10n.t('People or groups are subscribed');
  }
}
