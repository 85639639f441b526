import type { Check, CheckId, ManualCheckId, Owner } from './check.ts';
import type { SetupGuideId, StepId } from './setupGuides.ts';
import { checkTxtRecord } from './domain.ts';
import { passes } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import {
  checkDeviceAuthorization,
  checkIdentityCenterSignIn,
  checkPortal,
  checkStartUrl,
} from './identityCenter.ts';
import { checkClientId, checkLoopbackPorts, checkRedirectUris } from './oktaApplication.ts';
import { checkAnnounced, checkMetadataReachable } from './oktaMetadata.ts';
import { checkRule, checkScopes } from './oktaPolicy.ts';
import {
  checkAssignments,
  checkLifetimes,
  checkRefreshToken,
  checkSignIn,
  checkToken,
} from './oktaSignIn.ts';
import { checkAcsUrl, checkCertificates, checkSamlIssuer, checkSamlMetadata, checkSignOn } from './saml.ts';
import { checkGroups, checkPerson, checkScimEndpoint, checkScimRead, checkScimToken } from './scim.ts';
import { checkService } from './service.ts';

/** A line of the checklist: nobody can see it from here. */
function byEye(id: ManualCheckId, step: StepId, owner: Owner): Check {
  return { id, step, owner, needs: [] };
}

/** The provisioning checks, which both documents have, each at a step of its own. */
function scimChecks(at: Readonly<Record<'endpoint' | 'token' | 'people', StepId>>): readonly Check[] {
  return [
    {
      id: 'scim.endpoint',
      step: at.endpoint,
      owner: 'oktaAdministrator',
      needs: ['scimEndpoint'],
      run: checkScimEndpoint,
    },
    {
      id: 'scim.token',
      step: at.token,
      owner: 'awsAdministrator',
      needs: ['scimEndpoint', 'scimToken'],
      after: ['scim.endpoint'],
      run: checkScimToken,
    },
    {
      id: 'scim.read',
      step: at.token,
      owner: 'awsAdministrator',
      needs: ['scimEndpoint', 'scimToken'],
      after: ['scim.token'],
      run: checkScimRead,
    },
    {
      id: 'scim.person',
      step: at.people,
      owner: 'oktaAdministrator',
      needs: ['scimEndpoint', 'scimToken', 'userName'],
      after: ['scim.read'],
      run: checkPerson,
    },
    {
      id: 'scim.groups',
      step: at.people,
      owner: 'oktaAdministrator',
      needs: ['scimEndpoint', 'scimToken', 'userName', 'groupName'],
      after: ['scim.person'],
      run: checkGroups,
    },
  ];
}

const identityCenterChecks: readonly Check[] = [
  {
    id: 'saml.metadata',
    step: 'identityCenter.oktaApp',
    owner: 'oktaAdministrator',
    needs: ['metadataXml'],
    run: checkSamlMetadata,
  },
  {
    id: 'saml.signOn',
    step: 'identityCenter.oktaApp',
    owner: 'oktaAdministrator',
    needs: ['metadataXml'],
    after: ['saml.metadata'],
    run: checkSignOn,
  },
  {
    id: 'saml.certificates',
    step: 'identityCenter.oktaApp',
    owner: 'oktaAdministrator',
    needs: ['metadataXml'],
    after: ['saml.metadata'],
    run: checkCertificates,
  },
  byEye('manual.samlUploaded', 'identityCenter.identitySource', 'awsAdministrator'),
  {
    id: 'identityCenter.startUrl',
    step: 'identityCenter.identitySource',
    owner: 'awsAdministrator',
    needs: ['identityCenter'],
    run: checkStartUrl,
  },
  {
    id: 'identityCenter.deviceAuthorization',
    step: 'identityCenter.identitySource',
    owner: 'awsAdministrator',
    needs: ['identityCenter'],
    after: ['identityCenter.startUrl'],
    run: checkDeviceAuthorization,
  },
  {
    id: 'identityCenter.portal',
    step: 'identityCenter.identitySource',
    owner: 'awsAdministrator',
    needs: ['identityCenter'],
    after: ['identityCenter.startUrl'],
    run: checkPortal,
  },
  {
    id: 'saml.acsUrl',
    step: 'identityCenter.signOnDetails',
    owner: 'oktaAdministrator',
    needs: ['acsUrl'],
    run: checkAcsUrl,
  },
  {
    id: 'saml.issuerUrl',
    step: 'identityCenter.signOnDetails',
    owner: 'oktaAdministrator',
    needs: ['samlIssuerUrl'],
    run: checkSamlIssuer,
  },
  byEye('manual.userNameFormat', 'identityCenter.signOnDetails', 'oktaAdministrator'),
  byEye('manual.tokenEnd', 'identityCenter.enableProvisioning', 'awsAdministrator'),
  ...scimChecks({
    endpoint: 'identityCenter.oktaProvisioning',
    token: 'identityCenter.oktaProvisioning',
    people: 'identityCenter.assignGroups',
  }),
  byEye('manual.provisioningEnabled', 'identityCenter.oktaProvisioning', 'oktaAdministrator'),
  byEye('manual.groupsPushed', 'identityCenter.assignGroups', 'oktaAdministrator'),
  byEye('manual.serviceGroups', 'identityCenter.serviceAccess', 'awsAdministrator'),
  {
    id: 'identityCenter.signIn',
    step: 'identityCenter.signIn',
    owner: 'oktaAdministrator',
    needs: ['identityCenter', 'testSignIn'],
    after: ['identityCenter.deviceAuthorization'],
    waitsForPerson: true,
    run: checkIdentityCenterSignIn,
  },
  {
    id: 'service.answer',
    step: 'identityCenter.test',
    owner: 'awsAdministrator',
    needs: ['serviceUrl', 'testSignIn'],
    after: ['identityCenter.signIn'],
    run: checkService,
  },
  byEye('manual.suggestion', 'identityCenter.test', 'you'),
];

const kiroChecks: readonly Check[] = [
  {
    id: 'okta.clientId',
    step: 'kiro.oidcApp',
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.announced'],
    run: checkClientId,
  },
  {
    id: 'okta.redirectUris',
    step: 'kiro.oidcApp',
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.clientId'],
    run: checkRedirectUris,
  },
  {
    id: 'okta.loopbackPorts',
    step: 'kiro.oidcApp',
    owner: 'you',
    needs: [],
    run: checkLoopbackPorts,
  },
  {
    id: 'okta.refreshToken',
    step: 'kiro.oidcApp',
    owner: 'oktaAdministrator',
    needs: ['okta', 'testSignIn'],
    after: ['okta.signIn'],
    run: checkRefreshToken,
  },
  {
    id: 'okta.assignments',
    step: 'kiro.assignments',
    owner: 'oktaAdministrator',
    needs: ['okta', 'testSignIn'],
    after: ['okta.clientId', 'okta.scopes'],
    waitsForPerson: true,
    run: checkAssignments,
  },
  byEye('manual.samlApplication', 'kiro.samlApp', 'oktaAdministrator'),
  {
    id: 'okta.metadata',
    step: 'kiro.authorizationServer',
    owner: 'oktaAdministrator',
    needs: ['okta'],
    run: checkMetadataReachable,
  },
  {
    id: 'okta.announced',
    step: 'kiro.authorizationServer',
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.metadata'],
    run: checkAnnounced,
  },
  {
    id: 'okta.scopes',
    step: 'kiro.scopes',
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.clientId'],
    run: checkScopes,
  },
  {
    id: 'okta.rule',
    step: 'kiro.accessPolicy',
    owner: 'oktaAdministrator',
    needs: ['okta'],
    after: ['okta.scopes'],
    run: checkRule,
  },
  {
    id: 'okta.signIn',
    step: 'kiro.tokenPreview',
    owner: 'oktaAdministrator',
    needs: ['okta', 'testSignIn'],
    after: ['okta.clientId', 'okta.scopes'],
    waitsForPerson: true,
    run: checkSignIn,
  },
  {
    id: 'okta.token',
    step: 'kiro.tokenPreview',
    owner: 'oktaAdministrator',
    needs: ['okta', 'testSignIn'],
    after: ['okta.signIn'],
    run: checkToken,
  },
  {
    id: 'okta.lifetimes',
    step: 'kiro.tokenPreview',
    owner: 'oktaAdministrator',
    needs: ['okta', 'testSignIn'],
    after: ['okta.refreshToken'],
    run: checkLifetimes,
  },
  {
    ...byEye('manual.profile', 'kiro.profile', 'awsAdministrator'),
    compare: ({ okta }) => ({ issuer: okta?.issuer, clientId: okta?.clientId }),
  },
  {
    id: 'domain.txt',
    step: 'kiro.domain',
    owner: 'dnsAdministrator',
    needs: ['domain', 'verificationToken'],
    run: checkTxtRecord,
  },
  byEye('manual.domainVerified', 'kiro.domain', 'awsAdministrator'),
  ...scimChecks({
    endpoint: 'kiro.provisioning',
    token: 'kiro.provisioning',
    people: 'kiro.sameAssignments',
  }),
  byEye('manual.provisioning', 'kiro.provisioning', 'oktaAdministrator'),
  byEye('manual.sameAssignments', 'kiro.sameAssignments', 'oktaAdministrator'),
  {
    id: 'service.answer',
    step: 'kiro.test',
    owner: 'awsAdministrator',
    needs: ['serviceUrl', 'testSignIn'],
    after: ['okta.token'],
    run: checkService,
  },
  byEye('manual.subscriptions', 'kiro.test', 'awsAdministrator'),
];

/** The checks of a document, in the order of its steps. */
export const checksOf: Readonly<Record<SetupGuideId, readonly Check[]>> = {
  identityCenter: identityCenterChecks,
  kiro: kiroChecks,
};

/**
 * What to run when one check is repeated: it, what it depends on and was not right, and what it had blocked; with a test
 * sign-in all that only a sign-in shows and was not right. `findings` are those of the run before.
 */
export function checksToRepeat(
  checks: readonly Check[],
  findings: ReadonlyMap<CheckId, CheckResult>,
  id: CheckId,
): readonly Check[] {
  const afterOf = (one: CheckId): readonly CheckId[] => checks.find((check) => check.id === one)?.after ?? [];
  const before = (one: CheckId): CheckId[] => afterOf(one).flatMap((first) => [first, ...before(first)]);
  const isRight = (one: CheckId): boolean => passes(findings.get(one));
  const signsIn = checks.find((check) => check.id === id)?.waitsForPerson === true;
  const needsSignIn = checks.filter(({ needs }) => signsIn && needs.includes('testSignIn'));
  const wanted = new Set([id, ...before(id), ...needsSignIn.map((check) => check.id)]);
  for (const one of wanted) if (one !== id && isRight(one)) wanted.delete(one);
  for (const check of checks) {
    const isBlocked = findings.get(check.id)?.reason === 'blocked';
    if (isBlocked && before(check.id).some((one) => wanted.has(one))) wanted.add(check.id);
  }
  return checks.filter((check) => wanted.has(check.id));
}
