import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { count, fail, inconclusive, pass } from '../checkResult.ts';
import { oktaApiResults } from '../oktaApi.ts';
import { assignedUsersSchema } from '../oktaResources.ts';
import { despitePlace, placeChecks } from './awsApiPlace.ts';
import { groupIn } from './oktaApiGroup.ts';
import { identityCenterApplication, ofApplication } from './oktaApiIdentityCenter.ts';
import { labels } from './oktaApiTexts.ts';

/**
 * Verifies that everyone who is in the group in Okta, and in the directory of IAM Identity Center, is also in its
 * group there. Those who are not in the directory are other checks' results.
 */
async function checkAwsMembers(context: CheckContext) {
  const { aws, okta } = context.lookups;
  const group = await groupIn(context);
  if ('refusal' in group) return inconclusive('blocked', { blockedBy: ['oktaApi.group'] });
  const application = await identityCenterApplication(context);
  if ('refusal' in application) return application.refusal;
  const path = `/api/v1/apps/${encodeURIComponent(application.value.id)}/users?limit=200`;
  const accounts = await okta.read(path, assignedUsersSchema);
  if ('refusal' in accounts) return accounts.refusal;
  const users = await aws.users();
  if ('refusal' in users) return users.refusal;
  const groupId = await aws.groupId();
  if ('refusal' in groupId) return groupId.refusal;
  if (groupId.value === undefined) return inconclusive('blocked', { blockedBy: ['awsApi.group'] });
  const inGroup = await aws.members(groupId.value);
  if ('refusal' in inGroup) return inGroup.refusal;
  const ids = new Map(users.value.map(({ UserId, UserName }) => [UserName?.toLowerCase(), UserId]));
  const wanted = group.value.active.flatMap(({ id }) => {
    const name = accounts.value.find((account) => account.id === id)?.credentials?.userName;
    const userId = ids.get(name?.toLowerCase());
    return name == null || userId === undefined ? [] : [{ name, userId }];
  });
  const missing = wanted.filter(({ userId }) => !inGroup.value.includes(userId)).map(({ name }) => name);
  const evidence = { members: group.value.active.length, membersInAws: inGroup.value.length };
  if (missing.length > 0) return fail('membersMissing', { ...evidence, missing: missing.slice(0, 20) });
  return wanted.length < group.value.active.length
    ? inconclusive('blocked', { blockedBy: ['awsApi.people'] })
    : pass(evidence);
}

/** Checks of everyone in the group, through Okta's and AWS's APIs. */
export const awsApiMemberChecks = [
  defineCheck({
    id: 'awsApi.members',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['accessPortal', 'awsProfile', 'metadataXml', 'oktaApi', 'groupName'],
    unlessFailed: [...placeChecks, 'scim.groups', 'awsApi.people', 'awsApi.group', 'oktaApi.group'],
    despite: despitePlace,
    run: checkAwsMembers,
    texts: (l10n) => ({
      title: l10n.t('Everyone in Okta’s group is in the group in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Push Groups',
      ),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        ...awsApiResults(l10n),
        membersMissing: (result) => ({
          found: l10n.t(
            'People who are in Okta’s group, but not in the group in IAM Identity Center: {0}.',
            count(result, 'missing'),
          ),
          next: l10n.t('Push the group again under Push Groups in Okta.'),
        }),
      },
      evidence: {
        ...labels(l10n),
        ...awsApiEvidence(l10n),
        members: l10n.t('People in the group'),
        membersInAws: l10n.t('People in the group in IAM Identity Center'),
      },
    }),
  }),
];
