/** The two set-up documents: which of them an administrator follows decides what is checked. */
export type SetupGuideId = 'identityCenter' | 'kiro';

/** A step of a document, by the document and the step's place in it. */
export type StepId =
  | `identityCenter.${'oktaApp' | 'identitySource' | 'signOnDetails' | 'enableProvisioning'}`
  | `identityCenter.${'oktaProvisioning' | 'assignGroups' | 'serviceAccess' | 'signIn' | 'test'}`
  | `kiro.${'oidcApp' | 'assignments' | 'samlApp' | 'authorizationServer' | 'scopes' | 'accessPolicy'}`
  | `kiro.${'tokenPreview' | 'profile' | 'domain' | 'provisioning' | 'sameAssignments' | 'test'}`;

/** The steps in the order in which the documents have them. */
export const steps: Readonly<Record<SetupGuideId, readonly StepId[]>> = {
  identityCenter: [
    'identityCenter.oktaApp',
    'identityCenter.identitySource',
    'identityCenter.signOnDetails',
    'identityCenter.enableProvisioning',
    'identityCenter.oktaProvisioning',
    'identityCenter.assignGroups',
    'identityCenter.serviceAccess',
    'identityCenter.signIn',
    'identityCenter.test',
  ],
  kiro: [
    'kiro.oidcApp',
    'kiro.assignments',
    'kiro.samlApp',
    'kiro.authorizationServer',
    'kiro.scopes',
    'kiro.accessPolicy',
    'kiro.tokenPreview',
    'kiro.profile',
    'kiro.domain',
    'kiro.provisioning',
    'kiro.sameAssignments',
    'kiro.test',
  ],
};
