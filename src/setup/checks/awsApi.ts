import * as v from 'valibot';
import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import type { AwsEvent, AwsInstance } from '../awsLookups.ts';
import { readAddress } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { count, fact, fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import { startUrlDirectory } from '../directory.ts';
import { oktaApiEvidence, oktaApiResults } from '../oktaApi.ts';
import { appUserSchema } from '../oktaResources.ts';
import type { Translator } from '../translator.ts';
import { identityCenterApplication, ofApplication } from './oktaApiIdentityCenter.ts';

const text = v.optional(v.nullable(v.string()));

/** The check that shows that the Region is right, which AWS's APIs are asked in. */
const regionCheck = 'identityCenter.deviceAuthorization';

/** Where AWS's APIs are asked: in a wrong place they have nothing, which says nothing of the setup. */
const placeChecks = ['identityCenter.startUrl', regionCheck] as const;

/**
 * The instance of IAM Identity Center is there and active, its directory is that of the start URL, and the ACS URL is in one
 * of its Regions. Where the profile does not see it, nothing is refuted.
 */
async function checkInstance({ inputs, lookups }: CheckContext) {
  const answer = await lookups.aws.instance();
  if ('refusal' in answer) return answer.refusal;
  const { value: instance } = answer;
  if (instance === undefined) {
    // Asked in a Region that is not this Identity Center's, AWS has none to show.
    if ((await lookups.region()) === undefined) return inconclusive('blocked', { blockedBy: [regionCheck] });
    return inconclusive('instanceNotSeen', { directory: startUrlDirectory(inputs) });
  }
  const regions = await regionsOf(instance, lookups.aws);
  const evidence = {
    instance: instance.InstanceArn,
    directory: instance.IdentityStoreId ?? undefined,
    instanceStatus: instance.Status ?? undefined,
    regions: regions ?? [],
  };
  if (instance.Status != null && instance.Status !== 'ACTIVE') return fail('instanceNotActive', evidence);
  const address = readAddress(inputs.acsUrl ?? '');
  const region = isResult(address) ? undefined : address.region;
  return region !== undefined && regions !== undefined && !regions.includes(region)
    ? fail('acsRegionNotEnabled', { ...evidence, portalRegion: region })
    : pass(evidence);
}

/** The Regions that the instance is enabled in; undefined where the profile may not see them. */
async function regionsOf(
  { InstanceArn, Regions }: AwsInstance,
  aws: CheckContext['lookups']['aws'],
): Promise<readonly string[] | undefined> {
  const schema = v.object({ RegionName: text });
  const told = Regions ?? [];
  const answer =
    told.length > 0 ? { value: told } : await aws.list('sso:ListRegions', { InstanceArn }, 'Regions', schema);
  if ('refusal' in answer || answer.value.length === 0) return undefined;
  return answer.value.flatMap(({ RegionName: name }) => name ?? []);
}

/** By the events of the last 90 days: the identity source was changed to an external provider, or people signed in by one. */
async function checkIdentitySource({ lookups }: CheckContext) {
  const ask = async (name: string) => lookups.aws.events(name);
  const enabled = await ask('EnableExternalIdPConfigurationForDirectory');
  if ('refusal' in enabled) return enabled.refusal;
  const disabled = await ask('DisableExternalIdPConfigurationForDirectory');
  if ('refusal' in disabled) return disabled.refusal;
  const signIns = await ask('UserAuthentication');
  if ('refusal' in signIns) return signIns.refusal;
  const done = (events: readonly AwsEvent[]) => events.find(({ failed }) => !failed)?.at;
  const changedAt = done(enabled.value);
  const leftAt = done(disabled.value) ?? 0;
  const signedInAt = done(signIns.value.filter(({ credentialType }) => credentialType === 'EXTERNAL_IDP'));
  const evidence = { changedAt, signedInAt };
  const newest = Math.max(changedAt ?? 0, signedInAt ?? 0);
  if (leftAt > newest) return fail('notExternal', { ...evidence, leftAt });
  return newest === 0 ? inconclusive('notInHistory') : pass(evidence);
}

const year = 365 * 24 * 3600_000;

/** When the SCIM token was generated, where that was in the last 90 days, and so when it ends. */
async function checkTokenAge({ lookups }: CheckContext) {
  const answer = await lookups.aws.events('CreateBearerToken');
  if ('refusal' in answer) return answer.refusal;
  const createdAt = answer.value.find(({ failed }) => !failed)?.at;
  return createdAt === undefined
    ? inconclusive('notInHistory')
    : pass({ createdAt, tokenEndsAt: createdAt + year });
}

/** The person is in the directory and active, as AWS itself has them. */
async function checkAwsPerson({ inputs, lookups }: CheckContext) {
  const person = inputs.userName?.trim();
  const answer = await lookups.aws.user();
  if ('refusal' in answer) return answer.refusal;
  const { value: user } = answer;
  if (user === undefined) return fail('personMissing', { person });
  const evidence = { person: user.UserName ?? person, userStatus: user.UserStatus ?? undefined };
  return user.UserStatus === 'DISABLED' ? fail('personInactive', evidence) : pass(evidence);
}

/** The group is in the directory, and the person in it. */
async function checkAwsGroup({ inputs, lookups }: CheckContext) {
  const user = await lookups.aws.user();
  if ('refusal' in user) return user.refusal;
  const group = inputs.groupName?.trim();
  const found = await lookups.aws.groupId();
  if ('refusal' in found) return found.refusal;
  if (found.value === undefined) return fail('groupMissing', { group });
  const evidence = { group, person: inputs.userName?.trim() };
  if (user.value === undefined) return inconclusive('membersNotSeen', evidence);
  const membership = await lookups.aws.isMember(user.value.UserId, found.value);
  if ('refusal' in membership) return membership.refusal;
  if (membership.value === undefined) return inconclusive('membersNotSeen', evidence);
  return membership.value ? pass(evidence) : fail('notInGroup', evidence);
}

/** Everyone whom Okta's application has is in the directory, under the name that Okta provisions. */
async function checkAwsPeople(context: CheckContext) {
  const { lookups } = context;
  const application = await identityCenterApplication(context);
  if ('refusal' in application) return application.refusal;
  const path = `/api/v1/apps/${encodeURIComponent(application.value.id)}/users?limit=200`;
  const assigned = await lookups.okta.read(path, v.array(appUserSchema));
  if ('refusal' in assigned) return assigned.refusal;
  const provisioned = await lookups.aws.users();
  if ('refusal' in provisioned) return provisioned.refusal;
  const known = new Set(provisioned.value.flatMap(({ UserName }) => UserName?.toLowerCase() ?? []));
  const names = assigned.value.flatMap(({ credentials }) => credentials?.userName ?? []);
  const missing = names.filter((name) => !known.has(name.toLowerCase()));
  const evidence = { assignedPeople: names.length, provisionedPeople: known.size };
  return missing.length > 0
    ? fail('peopleMissing', { ...evidence, missing: missing.slice(0, 20) })
    : pass(evidence);
}

const applicationSchema = v.object({
  ApplicationArn: v.string(),
  ApplicationProviderArn: text,
  Name: text,
  Status: text,
});
const configurationSchema = v.object({ AssignmentRequired: v.optional(v.nullable(v.boolean())) });
const assignmentSchema = v.object({ PrincipalId: v.string(), PrincipalType: text });

/** The applications that CodeWhisperer, Amazon Q Developer and Kiro make of themselves. */
const serviceProvider = /:applicationProvider\/(?:codewhisperer|q|kiro)/i;

/** The service is an application of the instance, enabled, and the group is assigned to it. */
async function checkServiceApplication({ inputs, lookups: { aws } }: CheckContext) {
  const instance = await aws.instance();
  if ('refusal' in instance) return instance.refusal;
  if (instance.value === undefined) return inconclusive('instanceNotSeen');
  const { InstanceArn } = instance.value;
  const all = await aws.list('sso:ListApplications', { InstanceArn }, 'Applications', applicationSchema);
  if ('refusal' in all) return all.refusal;
  const found = all.value.filter(({ ApplicationProviderArn: arn }) => serviceProvider.test(arn ?? ''));
  const [application] = found;
  const names = (found.length > 0 ? found : all.value).flatMap(({ Name }) => Name ?? []).slice(0, 20);
  if (application === undefined) return inconclusive('serviceNotSeen', { applications: names });
  const evidence = { applications: names };
  const enabled = found.filter(({ Status }) => Status == null || Status === 'ENABLED');
  if (enabled.length === 0) return fail('serviceDisabled', evidence);
  const assigned: string[] = [];
  for (const { ApplicationArn } of enabled) {
    const input = { ApplicationArn };
    const configuration = await aws.read(
      'sso:GetApplicationAssignmentConfiguration',
      input,
      configurationSchema,
    );
    if (!('refusal' in configuration) && configuration.value?.AssignmentRequired === false)
      return warn('openToEveryone', evidence);
    const some = await aws.list(
      'sso:ListApplicationAssignments',
      input,
      'ApplicationAssignments',
      assignmentSchema,
    );
    if ('refusal' in some) return some.refusal;
    assigned.push(...some.value.map(({ PrincipalId }) => PrincipalId));
  }
  const counted = { ...evidence, assigned: assigned.length };
  if (assigned.length === 0) return fail('noOneHasService', counted);
  if ((inputs.groupName ?? '').trim() === '') return pass(counted);
  const group = await aws.groupId();
  if ('refusal' in group) return group.refusal;
  const named = { ...counted, group: inputs.groupName?.trim() };
  if (group.value === undefined) return inconclusive('groupNotSeen', named);
  return assigned.includes(group.value) ? pass(counted) : fail('groupLacksService', named);
}

const identityCenterSettings = (l10n: Translator) => l10n.t('AWS console > IAM Identity Center > Settings');
const notInHistory = (l10n: Translator) => ({
  found: l10n.t('The CloudTrail event history of the last 90 days doesn’t show it.'),
  next: l10n.t('Look in a trail that goes back further, or check it in the console.'),
});
const instanceNotSeen = (l10n: Translator) => ({
  found: l10n.t('The AWS profile doesn’t see this IAM Identity Center.'),
  next: l10n.t('Use a profile in the account that manages IAM Identity Center.'),
});

/** What AWS's own APIs say, with the credentials of a profile on this machine. */
export const awsApiChecks = [
  defineCheck({
    id: 'awsApi.instance',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['identityCenter', 'awsProfile'],
    unlessFailed: ['identityCenter.startUrl'],
    run: checkInstance,
    texts: (l10n) => ({
      title: l10n.t('Instance in AWS'),
      path: identityCenterSettings(l10n),
      results: {
        ...awsApiResults(l10n),
        instanceNotSeen: instanceNotSeen(l10n),
        instanceNotActive: (result) => ({
          found: l10n.t('IAM Identity Center has the status {0}.', fact(result, 'instanceStatus')),
          next: l10n.t('Wait until it’s active, or enable it again.'),
        }),
        acsRegionNotEnabled: (result) => ({
          found: l10n.t(
            'The ACS URL is in {0}, where IAM Identity Center isn’t enabled.',
            fact(result, 'portalRegion'),
          ),
          next: l10n.t('Copy the ACS URL again from the IAM Identity Center console.'),
        }),
      },
      evidence: {
        ...awsApiEvidence(l10n),
        instance: l10n.t('Instance'),
        directory: l10n.t('Directory'),
        instanceStatus: l10n.t('Status'),
        regions: l10n.t('Enabled Regions'),
      },
    }),
  }),
  defineCheck({
    id: 'awsApi.identitySource',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['identityCenter', 'awsProfile'],
    unlessFailed: [...placeChecks],
    run: checkIdentitySource,
    texts: (l10n) => ({
      title: l10n.t('The identity source was changed to an external provider'),
      path: l10n.t('AWS console > IAM Identity Center > Settings > Identity source'),
      results: {
        ...awsApiResults(l10n),
        notInHistory: notInHistory(l10n),
        notExternal: {
          found: l10n.t('The external identity provider was disabled.'),
          next: l10n.t('Change the identity source to the external provider again.'),
        },
      },
      evidence: {
        ...awsApiEvidence(l10n),
        changedAt: l10n.t('External provider enabled'),
        leftAt: l10n.t('External provider disabled'),
        signedInAt: l10n.t('Last sign-in through the external provider'),
      },
    }),
  }),
  defineCheck({
    id: 'awsApi.scimToken',
    steps: ['identityCenter.enableProvisioning'],
    owner: 'awsAdministrator',
    expires: { what: 'scimToken', at: 'tokenEndsAt' },
    page: 'awsConsole',
    needs: ['identityCenter', 'awsProfile'],
    unlessFailed: [...placeChecks],
    run: checkTokenAge,
    texts: (l10n) => ({
      title: l10n.t('Expiration of the newest SCIM token'),
      path: l10n.t('AWS console > IAM Identity Center > Settings > Automatic provisioning > Access tokens'),
      results: { ...awsApiResults(l10n), notInHistory: notInHistory(l10n) },
      evidence: {
        ...awsApiEvidence(l10n),
        createdAt: l10n.t('Token generated'),
        tokenEndsAt: l10n.t('Token expires'),
      },
    }),
  }),
  defineCheck({
    id: 'awsApi.person',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['identityCenter', 'awsProfile', 'userName'],
    unlessFailed: [...placeChecks, 'scim.person'],
    run: checkAwsPerson,
    texts: (l10n) => ({
      title: l10n.t('The person in IAM Identity Center'),
      path: l10n.t('AWS console > IAM Identity Center > Users'),
      results: {
        ...awsApiResults(l10n),
        personMissing: (result) => ({
          found: l10n.t('{0} isn’t provisioned.', fact(result, 'person')),
          next: l10n.t(
            'Assign the person or one of their groups in the application that provisions users. The user name must match exactly.',
          ),
        }),
        personInactive: (result) => ({
          found: l10n.t('{0} is provisioned but deactivated.', fact(result, 'person')),
          next: l10n.t('Assign the person again in Okta, or activate them in the console.'),
        }),
      },
      evidence: {
        ...awsApiEvidence(l10n),
        person: l10n.t('Person'),
        userStatus: l10n.t('Status'),
      },
    }),
  }),
  defineCheck({
    id: 'awsApi.people',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['identityCenter', 'awsProfile', 'metadataXml', 'oktaApi'],
    unlessFailed: [...placeChecks, 'scim.person', 'awsApi.person'],
    run: checkAwsPeople,
    texts: (l10n) => ({
      title: l10n.t('Everyone assigned in Okta is in IAM Identity Center'),
      path: l10n.t('AWS console > IAM Identity Center > Users'),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        ...awsApiResults(l10n),
        peopleMissing: (result) => ({
          found: l10n.t('IAM Identity Center lacks {0} assigned people.', count(result, 'missing')),
          next: l10n.t('Open Dashboard > Tasks in Okta, which shows the error, and retry it.'),
        }),
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        ...awsApiEvidence(l10n),
        labels: l10n.t('Names in Okta'),
        assignedPeople: l10n.t('Assigned people'),
        provisionedPeople: l10n.t('People in IAM Identity Center'),
      },
    }),
  }),
  defineCheck({
    id: 'awsApi.group',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['identityCenter', 'awsProfile', 'userName', 'groupName'],
    unlessFailed: [...placeChecks, 'scim.person', 'scim.groups', 'awsApi.person'],
    run: checkAwsGroup,
    texts: (l10n) => ({
      title: l10n.t('The group in IAM Identity Center'),
      path: l10n.t('AWS console > IAM Identity Center > Groups'),
      results: {
        ...awsApiResults(l10n),
        groupMissing: (result) => ({
          found: l10n.t('The group {0} isn’t provisioned.', fact(result, 'group')),
          next: l10n.t('Push the group. Assigned groups aren’t pushed automatically.'),
        }),
        notInGroup: (result) => ({
          found: l10n.t('{0} isn’t in the group {1}.', fact(result, 'person'), fact(result, 'group')),
          next: l10n.t('Add the person to the group in Okta, then push the group again.'),
        }),
        membersNotSeen: {
          found: l10n.t('AWS doesn’t say who is in the group.'),
          next: l10n.t('Look at the group in the console.'),
        },
      },
      evidence: { ...awsApiEvidence(l10n), group: l10n.t('Group'), person: l10n.t('Person') },
    }),
  }),
  defineCheck({
    id: 'awsApi.application',
    steps: ['identityCenter.serviceAccess'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['identityCenter', 'awsProfile'],
    unlessFailed: [...placeChecks],
    run: checkServiceApplication,
    texts: (l10n) => ({
      title: l10n.t('The service and its groups in IAM Identity Center'),
      path: l10n.t('AWS console > IAM Identity Center > Applications > AWS managed'),
      results: {
        ...awsApiResults(l10n),
        instanceNotSeen: instanceNotSeen(l10n),
        serviceNotSeen: {
          found: l10n.t('No application of Amazon Q Developer or Kiro is in this IAM Identity Center.'),
          next: l10n.t('If you use another service, compare the applications in the console.'),
        },
        serviceDisabled: {
          found: l10n.t('The service’s application is disabled.'),
          next: l10n.t('Enable it in the service’s console.'),
        },
        openToEveryone: {
          found: l10n.t('The service doesn’t require assignments, so everyone in the directory has it.'),
          next: l10n.t('Require assignments if only some groups should have it.'),
        },
        noOneHasService: {
          found: l10n.t('No person or group is assigned to the service.'),
          next: l10n.t('Add the groups in the service’s console.'),
        },
        groupNotSeen: (result) => ({
          found: l10n.t(
            'The group {0} isn’t in IAM Identity Center, so its access to the service can’t be checked.',
            fact(result, 'group'),
          ),
          next: l10n.t('Push the group. Assigned groups aren’t pushed automatically.'),
        }),
        groupLacksService: (result) => ({
          found: l10n.t('The group {0} isn’t assigned to the service.', fact(result, 'group')),
          next: l10n.t('Add the group in the service’s console.'),
        }),
      },
      evidence: {
        ...awsApiEvidence(l10n),
        directory: l10n.t('Directory'),
        applications: l10n.t('Applications'),
        assigned: l10n.t('Assigned people and groups'),
        group: l10n.t('Group'),
      },
    }),
  }),
];
