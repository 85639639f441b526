import { l10n } from 'vscode';
import type { CheckId } from '../../setup/check.ts';
import type { SetupGuideId } from '../../setup/setupGuides.ts';

/** Where to click for a check, in the words of the console; undefined where no console has it. */
export function consolePath(id: CheckId, document: SetupGuideId): string | undefined {
  switch (id) {
    case 'okta.metadata':
    case 'okta.announced':
      return l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Settings > Metadata URI',
      );
    case 'okta.clientId':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > General > Client Credentials > Client ID',
      );
    case 'okta.redirectUris':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > General > Login > Sign-in redirect URIs',
      );
    case 'okta.refreshToken':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > General > Grant type > Refresh Token',
      );
    case 'okta.scopes':
      return l10n.t('Okta Admin Console > Security > API > Authorization Servers > your server > Scopes');
    case 'okta.rule':
      return l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Access Policies > your policy > your rule > Scopes requested',
      );
    case 'okta.assignments':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application > Assignments; the same in your SAML application',
      );
    case 'okta.signIn':
    case 'okta.token':
      return l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Token Preview',
      );
    case 'okta.lifetimes':
      return l10n.t(
        'Okta Admin Console > Security > API > Authorization Servers > your server > Access Policies > your policy > your rule > Access token lifetime',
      );
    case 'okta.loopbackPorts':
      return undefined;
    case 'identityCenter.startUrl':
    case 'identityCenter.deviceAuthorization':
    case 'identityCenter.portal':
      return l10n.t('AWS console > IAM Identity Center > Dashboard > AWS access portal URL and Region');
    case 'identityCenter.signIn':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Assignments',
      );
    case 'saml.metadata':
    case 'saml.signOn':
    case 'saml.certificates':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > SAML Signing Certificates > Actions > View IdP metadata',
      );
    case 'saml.acsUrl':
    case 'saml.issuerUrl':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Edit > Advanced Sign-on Settings; copied from AWS console > IAM Identity Center > Settings > Identity source',
      );
    case 'scim.endpoint':
      return document === 'kiro'
        ? l10n.t(
            'Okta Admin Console > Applications > Applications > your SAML application > Provisioning > Integration > SCIM connector base URL; copied from the Kiro console > Settings > Identity management > SCIM endpoint',
          )
        : l10n.t(
            'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Provisioning > Integration > Base URL; copied from AWS console > IAM Identity Center > Settings > Automatic provisioning > SCIM endpoint',
          );
    case 'scim.token':
    case 'scim.read':
      return document === 'kiro'
        ? l10n.t('Kiro console > Settings > Identity management > Access tokens > Generate token')
        : l10n.t(
            'AWS console > IAM Identity Center > Settings > Automatic provisioning > Access tokens > Generate token',
          );
    case 'scim.person':
      return document === 'kiro'
        ? l10n.t('Okta Admin Console > Applications > Applications > your SAML application > Assignments')
        : l10n.t(
            'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Assignments',
          );
    case 'scim.groups':
      return document === 'kiro'
        ? l10n.t('Okta Admin Console > Applications > Applications > your SAML application > Push Groups')
        : l10n.t(
            'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Push Groups',
          );
    case 'domain.txt':
      return l10n.t('Your DNS provider > your domain > TXT records');
    case 'service.answer':
    case 'manual.subscriptions':
    case 'manual.serviceGroups':
      return document === 'kiro'
        ? l10n.t('Kiro console > Users and groups')
        : l10n.t('AWS console > the console of the service > Settings > Groups');
    case 'manual.samlUploaded':
      return l10n.t(
        'AWS console > IAM Identity Center > Settings > Identity source > Actions > Manage authentication',
      );
    case 'manual.userNameFormat':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Credentials Details > Application username format',
      );
    case 'manual.tokenEnd':
      return l10n.t(
        'AWS console > IAM Identity Center > Settings > Automatic provisioning > Access tokens > Expiration',
      );
    case 'manual.provisioningEnabled':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Provisioning > To App > Edit',
      );
    case 'manual.groupsPushed':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Push Groups',
      );
    case 'manual.suggestion':
      return undefined;
    case 'manual.samlApplication':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your SAML application > General > App Settings > Provisioning > SCIM',
      );
    case 'manual.profile':
      return l10n.t('Kiro console > Settings > Identity management');
    case 'manual.domainVerified':
      return l10n.t('Kiro console > Settings > Identity management > Domains');
    case 'manual.provisioning':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your SAML application > Provisioning > Integration and To App',
      );
    case 'manual.sameAssignments':
      return l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application and your SAML application > Assignments',
      );
  }
}
