import type { Translator } from './translator.ts';

/** The kind of setup, which determines the checks: one of the two guides with Okta, or any OpenID Connect provider. */
export type SetupGuideId = 'identityCenter' | 'kiro' | 'openIdConnect';

/** Titles of the guides. */
export const guideTitles = (l10n: Translator): Readonly<Record<SetupGuideId, string>> => ({
  identityCenter: l10n.t('IAM Identity Center with Okta (SAML and SCIM)'),
  kiro: l10n.t('Kiro with Okta (OIDC)'),
  openIdConnect: l10n.t('Any OpenID Connect provider'),
});

/** Titles of the steps, in guide order. */
export const stepTitles = (l10n: Translator) => ({
  'identityCenter.oktaApp': l10n.t('The IAM Identity Center application in Okta'),
  'identityCenter.identitySource': l10n.t('Okta as the identity source of IAM Identity Center'),
  'identityCenter.signOnDetails': l10n.t('Sign-on details in Okta'),
  'identityCenter.enableProvisioning': l10n.t('Automatic provisioning in IAM Identity Center'),
  'identityCenter.oktaProvisioning': l10n.t('Provisioning in Okta'),
  'identityCenter.assignGroups': l10n.t('People and groups'),
  'identityCenter.serviceAccess': l10n.t('Access to the service'),
  'identityCenter.signIn': l10n.t('Sign-in from the editor'),
  'identityCenter.test': l10n.t('The service responds'),
  'kiro.oidcApp': l10n.t('The OIDC application'),
  'kiro.assignments': l10n.t('Assignments of the OIDC application'),
  'kiro.samlApp': l10n.t('The SAML application'),
  'kiro.authorizationServer': l10n.t('The authorization server'),
  'kiro.scopes': l10n.t('Scopes of the authorization server'),
  'kiro.accessPolicy': l10n.t('Access policy and rule'),
  'kiro.tokenPreview': l10n.t('What Token Preview shows'),
  'kiro.profile': l10n.t('The Kiro profile'),
  'kiro.domain': l10n.t('The domain'),
  'kiro.provisioning': l10n.t('Provisioning from Okta to Kiro'),
  'kiro.sameAssignments': l10n.t('The same people and groups in both applications'),
  'kiro.test': l10n.t('The service responds'),
  'openIdConnect.provider': l10n.t('The provider'),
  'openIdConnect.application': l10n.t('The application'),
  'openIdConnect.signIn': l10n.t('Sign-in from the editor'),
});

/** A step of a guide, by the guide and the step's name. */
export type StepId = keyof ReturnType<typeof stepTitles>;

const allSteps = Object.keys(stepTitles({ t: (message) => message })) as StepId[];

/** The steps of each guide, in order. */
export const steps: Readonly<Record<SetupGuideId, readonly StepId[]>> = {
  identityCenter: allSteps.filter((step) => step.startsWith('identityCenter.')),
  kiro: allSteps.filter((step) => step.startsWith('kiro.')),
  openIdConnect: allSteps.filter((step) => step.startsWith('openIdConnect.')),
};
