import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { count, fact, fail, inconclusive, pass } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import type { Translator } from '../translator.ts';
import { oktaApiEvidence, oktaApiResults } from '../oktaApi.ts';
import { assignedUsersSchema } from '../oktaResources.ts';
import { despitePlace, placeChecks } from './awsApiPlace.ts';
import { identityCenterApplication, ofApplication } from './oktaApiIdentityCenter.ts';

/** Verifies that the person is in AWS's directory and active. */
async function checkAwsPerson({ inputs, lookups }: CheckContext) {
  const person = inputs.userName?.trim();
  const answer = await lookups.aws.user();
  if ('refusal' in answer) return answer.refusal;
  const { value: user } = answer;
  if (user === undefined) return fail('personMissing', { person });
  const evidence = { person: user.UserName ?? person, userStatus: user.UserStatus ?? undefined };
  return user.UserStatus === 'DISABLED' ? fail('personInactive', evidence) : pass(evidence);
}

/** Verifies that the group is in the directory, with the person in it. */
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

/** Verifies that everyone assigned to Okta's application is in the directory, under the provisioned name. */
async function checkAwsPeople(context: CheckContext) {
  const { lookups } = context;
  const application = await identityCenterApplication(context);
  if ('refusal' in application) return application.refusal;
  const path = `/api/v1/apps/${encodeURIComponent(application.value.id)}/users?limit=200`;
  const assigned = await lookups.okta.read(path, assignedUsersSchema);
  if ('refusal' in assigned) return assigned.refusal;
  const provisioned = await lookups.aws.users();
  if ('refusal' in provisioned) return provisioned.refusal;
  const known = new Set(provisioned.value.flatMap(({ UserName }) => UserName?.toLowerCase() ?? []));
  const names = assigned.value.flatMap(({ credentials }) => credentials?.userName ?? []);
  const missing = names.filter((name) => !known.has(name.toLowerCase()));
  const evidence = { assignedPeople: names.length, provisionedPeople: known.size };
  if (names.length === 0) return inconclusive('noOneToCompare', evidence);
  if (missing.length > 0) return fail('peopleMissing', { ...evidence, missing: missing.slice(0, 20) });
  const inactive = new Set(
    provisioned.value.flatMap(({ UserName, UserStatus }) =>
      UserStatus === 'DISABLED' ? (UserName?.toLowerCase() ?? []) : [],
    ),
  );
  const person = names.filter((name) => inactive.has(name.toLowerCase())).slice(0, 20);
  if (person.length > 0) return fail('personInactive', { ...evidence, person });
  return names.length < assigned.value.length
    ? inconclusive('unclearAnswer', { ...evidence, unexpected: 'credentials.userName' })
    : pass(evidence);
}

const personInactive = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('Provisioned but deactivated: {0}.', fact(result, 'person')),
  next: l10n.t('Assign the person again in Okta, or activate them in the console.'),
});

/** Checks of people and groups in IAM Identity Center's directory, through AWS's API. */
export const awsApiDirectoryChecks = [
  defineCheck({
    id: 'awsApi.person',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['accessPortal', 'awsProfile', 'userName'],
    unlessFailed: [...placeChecks, 'scim.person'],
    despite: despitePlace,
    run: checkAwsPerson,
    texts: (l10n) => ({
      title: l10n.t('The person in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Assignments',
      ),
      results: {
        ...awsApiResults(l10n),
        personMissing: (result) => ({
          found: l10n.t('{0} isn’t provisioned.', fact(result, 'person')),
          next: l10n.t(
            'Assign the person or one of their groups in the application that provisions people. The username must match exactly.',
          ),
        }),
        personInactive: personInactive(l10n),
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
    needs: ['accessPortal', 'awsProfile', 'metadataXml', 'oktaApi'],
    unlessFailed: [...placeChecks, 'scim.person', 'awsApi.person'],
    despite: despitePlace,
    run: checkAwsPeople,
    texts: (l10n) => ({
      title: l10n.t('Everyone assigned in Okta is in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Assignments',
      ),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        ...awsApiResults(l10n),
        peopleMissing: (result) => ({
          found: l10n.t('Assigned people who aren’t in IAM Identity Center: {0}.', count(result, 'missing')),
          next: l10n.t('Open Dashboard > Tasks in Okta, which shows the error, and retry it.'),
        }),
        personInactive: personInactive(l10n),
        noOneToCompare: {
          found: l10n.t('Okta lists no one who is assigned to the application, so no one is compared.'),
          next: l10n.t('Assign people or groups, and check again.'),
        },
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        ...awsApiEvidence(l10n),
        labels: l10n.t('Names in Okta'),
        person: l10n.t('Person'),
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
    needs: ['accessPortal', 'awsProfile', 'userName', 'groupName'],
    unlessFailed: [...placeChecks, 'scim.person', 'scim.groups', 'awsApi.person'],
    despite: despitePlace,
    run: checkAwsGroup,
    texts: (l10n) => ({
      title: l10n.t('The group in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Push Groups',
      ),
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
          found: l10n.t('AWS doesn’t show who is in the group.'),
          next: l10n.t('Look up the members of the group in the console.'),
        },
      },
      evidence: { ...awsApiEvidence(l10n), group: l10n.t('Group'), person: l10n.t('Person') },
    }),
  }),
];
