import * as v from 'valibot';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass } from '../checkResult.ts';
import { oktaApiResults } from '../oktaApi.ts';
import { assignedUsersSchema, groupSchema, userSchema } from '../oktaResources.ts';
import { ofProvisioningApplication, provisioningApplication } from './provisioningApplication.ts';
import { labels } from './oktaApiTexts.ts';
import { provisionedPeople } from './scimPeople.ts';

/** Maximum number of groups whose name begins with the given one; a search has no further pages (Okta API, *List all groups*). */
const mostGroups = 300;

/** The given group in Okta, with its members, of whom some may be inactive. */
export async function groupIn({ inputs, lookups }: CheckContext) {
  const name = inputs.groupName?.trim() ?? '';
  const query = new URLSearchParams({ q: name, limit: String(mostGroups) });
  const groups = await lookups.okta.read(`/api/v1/groups?${query.toString()}`, v.array(groupSchema));
  if ('refusal' in groups) return groups;
  const named = groups.value.filter(({ profile }) => profile?.name?.toLowerCase() === name.toLowerCase());
  const group = named.find(({ profile }) => profile?.name === name) ?? named[0];
  if (group === undefined)
    return {
      refusal:
        groups.value.length < mostGroups
          ? fail('groupNotInOkta', { given: name })
          : inconclusive('oktaListNotWhole'),
    };
  const path = `/api/v1/groups/${encodeURIComponent(group.id)}/users?limit=200`;
  const members = await lookups.okta.read(path, v.array(userSchema));
  if ('refusal' in members) return members;
  const active = members.value.filter(({ status }) => status !== 'DEPROVISIONED' && status !== 'SUSPENDED');
  return active.length === 0
    ? { refusal: fail('groupEmpty', { given: name }) }
    : { value: { members: members.value, active } };
}

/** Verifies that the group is in Okta, and that everyone in it has an account in the provisioning application. */
async function checkGroup(context: CheckContext) {
  const { lookups } = context;
  const group = await groupIn(context);
  if ('refusal' in group) return group.refusal;
  const { members, active } = group.value;
  const application = await provisioningApplication(context);
  if ('refusal' in application) return application.refusal;
  const accounts = await lookups.okta.read(
    `/api/v1/apps/${encodeURIComponent(application.value.id)}/users?limit=200`,
    assignedUsersSchema,
  );
  if ('refusal' in accounts) return accounts.refusal;
  const evidence = { members: members.length };
  const accountOf = (id: string) => accounts.value.find((one) => one.id === id);
  const loginOf = ({ id, profile }: (typeof members)[number]): string => profile?.login ?? id;
  const missing = active.filter(({ id }) => accountOf(id) === undefined).map(loginOf);
  if (missing.length > 0) return fail('membersNotAssigned', { ...evidence, missing: missing.slice(0, 20) });
  const broken = active.filter(({ id }) => accountOf(id)?.syncState === 'ERROR').map(loginOf);
  if (broken.length > 0) return fail('membersNotProvisioned', { ...evidence, missing: broken.slice(0, 20) });
  const waiting = active.filter(({ id }) => (accountOf(id)?.externalId ?? '') === '').map(loginOf);
  return waiting.length > 0
    ? inconclusive('membersNotLinked', { ...evidence, missing: waiting.slice(0, 20) })
    : pass(evidence);
}

/** Checks of the group through Okta's API, with a read-only credential. */
export const oktaApiGroupChecks = [
  defineCheck({
    id: 'oktaApi.group',
    steps: ['identityCenter.assignGroups', 'kiro.sameAssignments'],
    owner: 'oktaAdministrator',
    page: 'oktaGroups',
    pages: {
      membersNotAssigned: 'oktaApplications',
      membersNotProvisioned: 'oktaApplications',
      membersNotLinked: 'oktaApplications',
    },
    needs: ['oktaApi', 'groupName'],
    unlessFailed: ['scim.groups', 'oktaApi.scimApplication', 'oktaApi.sameAssignments', 'oktaApi.scimEffect'],
    run: checkGroup,
    texts: (l10n, guide) => ({
      title: l10n.t('The group and its people in Okta'),
      path: 'Okta Admin Console > Directory > Groups',
      results: {
        ...oktaApiResults(l10n),
        ...ofProvisioningApplication(l10n),
        groupNotInOkta: (result) => ({
          found: l10n.t('The group {0} isn’t in Okta.', fact(result, 'given')),
          next: l10n.t('Enter the name exactly as it is in Okta.'),
        }),
        groupEmpty: {
          found: l10n.t('The group has no active people in Okta.'),
          next: l10n.t('Add the people who use the service.'),
        },
        membersNotAssigned: (result) => ({
          found: l10n.t(
            'Not assigned to the application that provisions people: {0}.',
            fact(result, 'missing'),
          ),
          next: l10n.t('Assign the group to that application.'),
          path: provisionedPeople(l10n, guide),
        }),
        membersNotProvisioned: (result) => ({
          found: l10n.t('Okta couldn’t provision {0}.', fact(result, 'missing')),
          next: l10n.t('Open the tasks of the application in Okta, and retry them.'),
          path: provisionedPeople(l10n, guide),
        }),
        membersNotLinked: (result) => ({
          found: l10n.t('Not shown as provisioned in Okta: {0}.', fact(result, 'missing')),
          next: l10n.t('Look up the person under Assignments, and check again in a few minutes.'),
          path: provisionedPeople(l10n, guide),
        }),
      },
      evidence: { ...labels(l10n), members: l10n.t('People in the group') },
    }),
  }),
];
