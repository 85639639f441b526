import type { CheckId } from '../../../../src/setup/checks/index.ts';
import type { SetupGuideId } from '../../../../src/setup/setupGuides.ts';

/**
 * How a step or value of a guide is verified: by a `machine`; by a machine with a test `signIn`; by its `effect`,
 * if no API returns it; `partly`, from what was typed or from one example of many; or `manual`ly. `shown`: read and
 * shown, since only people know what it should be. `no`: without a check.
 */
export type Proof = 'machine' | 'signIn' | 'effect' | 'shown' | 'partly' | 'manual' | 'no';

/** One step or value of a setup guide, in the guide's order. */
export interface GuideStep {
  readonly guide: SetupGuideId;
  readonly number: string;
  readonly step: string;
  readonly proof: Proof;
  /** The checks that verify it. */
  readonly checks: readonly CheckId[];
  /** How, if the check's title does not say it; or why it is not verified. */
  readonly note?: string;
}

type Row = readonly [number: string, step: string, proof: Proof, checks: readonly CheckId[], note?: string];

const sameId = 'Okta stores the person with the ID from this endpoint; no API returns this field';
const withOkta = 'With a read-only Okta API token';
const withOktaOrResponse = 'With a read-only Okta API token, or a pasted SAML response';
const yourName = 'Any name works; read from Okta with a read-only API token';
const placeholder = 'Nothing depends on it, since this application only provisions people';
const ofKiro = 'From an undocumented API that Kiro’s clients call, for the domain';
const withAws = 'With an AWS profile that has read access';

const identityCenter: readonly Row[] = [
  [
    '0.1',
    'IAM Identity Center is enabled',
    'machine',
    ['identityCenter.deviceAuthorization', 'identityCenter.portal', 'awsApi.instance'],
  ],
  [
    '0.2',
    'People and a group exist in Okta',
    'machine',
    ['oktaApi.group', 'oktaApi.person', 'scim.person', 'scim.groups'],
    withOkta,
  ],
  ['0.3', 'The service is enabled', 'machine', ['awsApi.application', 'service.answer'], withAws],
  [
    '1.1',
    'The catalog application AWS IAM Identity Center, not another',
    'machine',
    ['saml.application', 'saml.signOn', 'saml.responseIssuer', 'saml.responseAttributes'],
  ],
  ['1.2', 'Application label', 'shown', ['oktaApi.signOnDetails'], yourName],
  [
    '1.3',
    'Application is active',
    'machine',
    ['oktaApi.signOnDetails', 'saml.published', 'identityCenter.signIn'],
    withOkta,
  ],
  [
    '1.4',
    'Active signing certificate',
    'machine',
    ['oktaApi.signingKey', 'saml.certificates', 'saml.published', 'saml.responseSignature'],
    'Compares the saved certificates with those that Okta publishes, and with its active key',
  ],
  ['1.5', 'metadata.xml is saved whole', 'machine', ['saml.metadata', 'saml.published']],
  [
    '2.1',
    'Identity source is an external identity provider',
    'machine',
    ['awsApi.identitySource', 'identityCenter.signIn'],
    'From CloudTrail’s last 90 days with an AWS profile, or from a test sign-in',
  ],
  ['2.2', 'This metadata.xml was uploaded', 'manual', ['manual.samlUploaded']],
  [
    '2.3',
    'Access portal URL',
    'machine',
    ['identityCenter.startUrl', 'identityCenter.deviceAuthorization', 'awsApi.instance'],
  ],
  [
    '2.4',
    'ACS URL',
    'signIn',
    ['saml.acsUrl', 'awsApi.instance', 'oktaApi.signOnDetails', 'identityCenter.signIn'],
    'Okta has this URL, and a sign-in returns to it',
  ],
  ['2.5', 'Issuer URL', 'machine', ['saml.issuerUrl'], 'Has the same directory ID as the start URL'],
  [
    '2.6',
    'ACCEPT was typed',
    'machine',
    ['awsApi.identitySource', 'manual.samlUploaded'],
    'From CloudTrail’s last 90 days, with an AWS profile',
  ],
  [
    '3.1',
    'ACS URL is in the Okta field',
    'machine',
    ['oktaApi.signOnDetails', 'saml.acsUrl', 'saml.responseRecipient'],
    withOktaOrResponse,
  ],
  [
    '3.2',
    'Issuer URL is in the Okta field',
    'machine',
    ['oktaApi.signOnDetails', 'saml.issuerUrl', 'saml.responseAudience'],
    withOktaOrResponse,
  ],
  ['3.3', 'The two are not swapped', 'machine', ['saml.acsUrl', 'saml.issuerUrl']],
  [
    '3.4',
    'Application username format',
    'machine',
    [
      'oktaApi.signOnDetails',
      'oktaApi.scimEffect',
      'awsApi.assertion',
      'saml.responseName',
      'manual.userNameFormat',
    ],
    'The format, the username on both sides, and the NameID of a sign-in (CloudTrail or a pasted SAML response)',
  ],
  ['3.5', 'Saved', 'machine', ['oktaApi.signOnDetails'], withOkta],
  ['4.1', 'Automatic provisioning is enabled', 'machine', ['scim.token']],
  ['4.2', 'SCIM endpoint', 'machine', ['scim.endpoint', 'scim.token']],
  [
    '4.3',
    'Access token',
    'machine',
    ['scim.token', 'awsApi.scimToken', 'manual.tokenEnd'],
    'With an AWS profile, also its expiration date',
  ],
  ['5.1', 'API integration is enabled in Okta', 'machine', ['oktaApi.provisioning'], withOkta],
  ['5.2', 'Base URL in Okta, without the slash', 'effect', ['oktaApi.scimEffect', 'scim.endpoint'], sameId],
  ['5.3', 'API token in Okta', 'effect', ['oktaApi.scimEffect', 'scim.token'], sameId],
  ['5.4', 'Test API Credentials', 'machine', ['oktaApi.log', 'scim.token', 'scim.read'], withOkta],
  ['5.5', 'Saved', 'machine', ['oktaApi.provisioning'], withOkta],
  [
    '5.6',
    'To App: Create Users',
    'machine',
    ['oktaApi.provisioning', 'manual.provisioningEnabled'],
    withOkta,
  ],
  ['5.7', 'To App: Update User Attributes', 'machine', ['oktaApi.provisioning'], withOkta],
  ['5.8', 'To App: Deactivate Users', 'machine', ['oktaApi.provisioning'], withOkta],
  [
    '6.1',
    'A group is assigned',
    'machine',
    ['oktaApi.groupPush', 'oktaApi.person', 'oktaApi.personPolicy'],
    withOkta,
  ],
  ['6.2', 'All intended groups are assigned', 'no', [], 'Only you know which groups should be assigned'],
  [
    '6.3',
    'People are provisioned',
    'machine',
    ['oktaApi.group', 'awsApi.people', 'scim.person', 'awsApi.person'],
    'Everyone, with a read-only Okta API token and an AWS profile',
  ],
  ['6.4', 'The same groups are pushed', 'machine', ['oktaApi.groupPush', 'scim.groups'], withOkta],
  ['6.5', 'Every pushed group is active', 'machine', ['oktaApi.groupPush', 'manual.groupsPushed'], withOkta],
  [
    '6.6',
    'Members are pushed',
    'machine',
    ['awsApi.members', 'scim.groups', 'awsApi.group'],
    'Everyone in one group, with a read-only Okta API token and an AWS profile',
  ],
  [
    '7.1',
    'Groups are added in the console of the service',
    'machine',
    ['awsApi.application', 'manual.serviceGroups'],
    withAws,
  ],
  ['8.1', 'Start URL in the editor', 'machine', ['identityCenter.startUrl']],
  ['8.2', 'Region in the editor', 'machine', ['identityCenter.deviceAuthorization']],
  ['8.3', 'Code compared and allowed', 'signIn', ['identityCenter.signIn']],
  [
    '8.4',
    'Okta credentials work',
    'signIn',
    ['identityCenter.signIn', 'awsApi.assertion', 'saml.response', 'saml.responseTimes'],
  ],
  [
    '8.5',
    'A suggestion appears',
    'effect',
    ['kiro.access', 'manual.suggestion'],
    'Kiro gives the person access; requesting a suggestion would use the service',
  ],
];

const port = (number: string, value: number): Row => [
  number,
  `Redirect URI with port ${value}`,
  'machine',
  ['okta.redirectUris'],
];

const kiro: readonly Row[] = [
  ['1.1', 'Sign-in method OIDC', 'machine', ['okta.clientId']],
  ['1.2', 'Application type Native', 'machine', ['oktaApi.application'], withOkta],
  ['1.3', 'Application name', 'shown', ['oktaApi.application'], yourName],
  [
    '1.4',
    'Grant: Refresh Token',
    'machine',
    ['oktaApi.application', 'okta.refreshToken', 'okta.lifetimes'],
    'With a read-only Okta API token, or a test sign-in',
  ],
  ['1.5', 'Grant: Authorization Code', 'machine', ['okta.clientId']],
  [
    '1.6',
    'The other defaults are left',
    'machine',
    ['oktaApi.application', 'okta.clientId'],
    'Grant types, client authentication, PKCE, and DPoP, with a read-only Okta API token',
  ],
  port('1.7', 2128),
  port('1.8', 4649),
  port('1.9', 6588),
  port('1.10', 8008),
  port('1.11', 9091),
  port('1.12', 49_153),
  port('1.13', 50_153),
  port('1.14', 51_153),
  port('1.15', 52_153),
  port('1.16', 53_153),
  [
    '1.17',
    'http, localhost, /oauth/callback, character for character',
    'machine',
    ['okta.redirectUris', 'okta.kiroRedirectUri', 'okta.loopbackPorts'],
  ],
  [
    '1.18',
    'Group assignment is skipped for now',
    'no',
    [],
    'Groups are assigned later (2.2), so nothing remains to check',
  ],
  ['1.19', 'Created and active, client ID', 'machine', ['okta.clientId']],
  [
    '2.1',
    'People are assigned',
    'machine',
    ['oktaApi.assignments', 'oktaApi.person', 'okta.assignments'],
    withOkta,
  ],
  ['2.2', 'Groups are assigned', 'machine', ['oktaApi.assignments'], withOkta],
  [
    '3.1',
    'The SAML application exists',
    'machine',
    ['oktaApi.scimApplication', 'manual.samlApplication'],
    withOkta,
  ],
  ['3.2', 'Application name', 'shown', ['oktaApi.scimApplication'], yourName],
  ['3.3', 'Single sign-on URL', 'shown', ['oktaApi.scimApplication'], placeholder],
  ['3.4', 'Audience URI', 'shown', ['oktaApi.scimApplication'], placeholder],
  ['3.5', 'Feedback to Okta’s support', 'no', [], 'Nothing depends on it'],
  ['3.6', 'Provisioning is SCIM', 'machine', ['oktaApi.scimApplication', 'manual.samlApplication'], withOkta],
  [
    '4.1',
    'A custom authorization server',
    'machine',
    ['okta.metadata', 'okta.announced'],
    'Recognizes the org authorization server, which can’t be used',
  ],
  [
    '4.2',
    'Its name and description',
    'shown',
    ['oktaApi.server'],
    'Any name works; read from Okta with a read-only API token, without the description',
  ],
  ['4.3', 'Active, with this issuer', 'machine', ['oktaApi.server', 'okta.metadata'], withOkta],
  [
    '5.1',
    'Scope codewhisperer:completions',
    'machine',
    ['okta.scopes'],
    'Okta rejects a made-up scope, but not this one',
  ],
  ['5.2', 'Its consent is Implicit', 'machine', ['oktaApi.scopes'], withOkta],
  [
    '5.3',
    'Scope codewhisperer:conversations',
    'machine',
    ['okta.scopes'],
    'Okta rejects a made-up scope, but not this one',
  ],
  ['5.4', 'Its consent is Implicit', 'machine', ['oktaApi.scopes'], withOkta],
  ['6.1', 'An access policy', 'machine', ['oktaApi.policy', 'okta.signIn'], withOkta],
  ['6.2', 'Its name', 'shown', ['oktaApi.policy'], yourName],
  ['6.3', 'Assigned to the OIDC application', 'machine', ['oktaApi.policy'], withOkta],
  ['6.4', 'A rule that is active', 'machine', ['oktaApi.policy'], withOkta],
  ['6.5', 'The following scopes: the three', 'machine', ['oktaApi.policy', 'okta.token'], withOkta],
  ['6.6', 'And no other scope', 'machine', ['oktaApi.policy', 'okta.rule'], withOkta],
  [
    '6.7',
    'The other fields of the rule are at their defaults',
    'machine',
    ['oktaApi.policy', 'oktaApi.personPolicy', 'okta.lifetimes'],
    'Grant type, people, and token lifetimes with a read-only Okta API token',
  ],
  ['7.1', 'Token Preview: iss', 'signIn', ['okta.token']],
  ['7.2', 'Token Preview: scp', 'signIn', ['okta.token']],
  [
    '8.1',
    'Kiro: an external identity provider is connected',
    'machine',
    ['kiro.profile', 'manual.profile'],
    ofKiro,
  ],
  ['8.2', 'Issuer URL of the profile', 'machine', ['kiro.profile', 'manual.profile'], ofKiro],
  ['8.3', 'Application ID of the profile', 'machine', ['kiro.profile', 'manual.profile'], ofKiro],
  ['8.4', 'Enabled', 'machine', ['kiro.profile', 'service.answer', 'manual.profile'], ofKiro],
  ['9.1', 'The domain is added', 'machine', ['kiro.profile', 'manual.domainVerified'], ofKiro],
  ['9.2', 'TXT record with the token', 'machine', ['domain.txt'], 'Also asks the domain’s own name servers'],
  ['9.3', 'Status Verified', 'machine', ['kiro.profile', 'manual.domainVerified'], ofKiro],
  [
    '10.1',
    'Authentication mode HTTP Header',
    'effect',
    ['oktaApi.scimEffect', 'manual.provisioning'],
    sameId,
  ],
  ['10.2', 'Access token', 'machine', ['scim.token']],
  ['10.3', 'The token is in the Authorization field', 'effect', ['oktaApi.scimEffect', 'scim.token'], sameId],
  ['10.4', 'SCIM endpoint', 'machine', ['scim.endpoint', 'scim.token']],
  ['10.5', 'SCIM connector base URL', 'effect', ['oktaApi.scimEffect', 'scim.endpoint'], sameId],
  [
    '10.6',
    'Unique identifier field is userName',
    'effect',
    ['oktaApi.scimEffect', 'manual.provisioning'],
    'Both sides have the same username; no API returns this field',
  ],
  ['10.7', 'Push New Users', 'machine', ['oktaApi.scimFeatures', 'manual.provisioning'], withOkta],
  ['10.8', 'Push Profile Updates', 'machine', ['oktaApi.scimFeatures', 'manual.provisioning'], withOkta],
  ['10.9', 'Push Groups', 'machine', ['oktaApi.scimFeatures', 'manual.provisioning'], withOkta],
  ['10.10', 'Test Connector Configuration', 'machine', ['oktaApi.log', 'scim.token', 'scim.read'], withOkta],
  ['10.11', 'Saved', 'machine', ['oktaApi.scimFeatures', 'scim.person'], withOkta],
  ['10.12', 'To App: Create Users', 'machine', ['oktaApi.scimFeatures', 'manual.provisioning'], withOkta],
  [
    '10.13',
    'To App: Update User Attributes',
    'machine',
    ['oktaApi.scimFeatures', 'manual.provisioning'],
    withOkta,
  ],
  [
    '11.1',
    'The same people are in both applications',
    'machine',
    ['oktaApi.group', 'oktaApi.sameAssignments', 'scim.person', 'okta.assignments'],
    withOkta,
  ],
  [
    '11.2',
    'The same groups are in both applications',
    'machine',
    ['oktaApi.sameAssignments', 'manual.sameAssignments', 'scim.groups'],
    withOkta,
  ],
  [
    '12.1',
    'People or groups are subscribed',
    'signIn',
    ['kiro.access', 'manual.subscriptions'],
    'For the person who signs in, from an undocumented API that Kiro’s clients call',
  ],
];

const rowsOf = (guide: SetupGuideId, rows: readonly Row[]): GuideStep[] =>
  rows.map(([number, step, proof, checks, note]) => ({
    guide,
    number,
    step,
    proof,
    checks,
    ...(note === undefined ? {} : { note }),
  }));

/** All steps and values of the two guides. */
export const guideSteps: readonly GuideStep[] = [
  ...rowsOf('identityCenter', identityCenter),
  ...rowsOf('kiro', kiro),
];
