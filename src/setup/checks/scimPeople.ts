import type * as v from 'valibot';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { SetupGuideId } from '../setupGuides.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, pass } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import { groupSchema, listOf, quoted, readScim, scimEvidence, scimResults } from '../scimRequests.ts';
import type { ScimResult } from '../scimRequests.ts';

/** Verifies that the given person is provisioned and active. */
export async function checkPerson({ inputs, lookups }: CheckContext) {
  const person = inputs.userName?.trim();
  const answer = await lookups.person();
  if ('refusal' in answer) return answer.refusal;
  const { value } = answer;
  if (value === undefined) return fail('personMissing', { person });
  const { userName, active } = value;
  const evidence = { person: userName, active: active === undefined ? undefined : String(active) };
  return active === false ? fail('personInactive', evidence) : pass(evidence);
}

/**
 * Verifies that the given group is provisioned, with the person in it. Identity Center returns groups without
 * members, so the request filters by group ID and member. A server that cannot filter by member is asked for
 * the group itself; one that also finds a made-up member proves nothing.
 */
export async function checkGroups({ ports, inputs, lookups, signal }: CheckContext) {
  const group = inputs.groupName?.trim() ?? '';
  const person = await lookups.person();
  if ('refusal' in person) return person.refusal;
  if (person.value === undefined) return inconclusive('personMissing', { group });
  const { id, userName } = person.value;
  const read = async <T extends v.GenericSchema>(path: string, schema: T) =>
    readScim(ports.http, { inputs, path, schema }, signal);
  const search = async (filter: string) =>
    read(`/Groups?filter=${encodeURIComponent(filter)}`, listOf(groupSchema));
  const named = await search(`displayName eq ${quoted(group)}`);
  if ('refusal' in named) return named.refusal;
  const sameName = named.value.filter(
    ({ displayName }) => displayName?.toLowerCase() === group.toLowerCase(),
  );
  // A directory may have both "developers" and "Developers".
  const found = sameName.find(({ displayName }) => displayName === group) ?? sameName[0];
  const [stranger] = named.value;
  if (found === undefined && stranger !== undefined)
    return inconclusive('filterIgnored', {
      asked: group,
      answered: (stranger.displayName ?? '').slice(0, 200),
    });
  if (found === undefined) return fail('groupMissing', { group });
  const evidence = { group, person: userName };
  if (id === undefined || found.id == null) return inconclusive('membersNotSeen', evidence);
  const groupId = found.id;
  const findMember = async (member: string) =>
    search(`id eq ${quoted(groupId)} and members eq ${quoted(member)}`);
  const member = await findMember(id);
  const findInGroup = async () => {
    const whole = await read(`/Groups/${encodeURIComponent(groupId)}`, groupSchema);
    const isIt = 'value' in whole && whole.value.id === groupId;
    const members = isIt ? (whole.value.members ?? []) : [];
    if (members.some(({ value }) => value === id)) return pass(evidence);
    // The person may be in a group that is a member (RFC 7643, 4.2).
    const isOpen = members.length === 0 || members.some(({ type }) => type?.toLowerCase() === 'group');
    return isOpen ? inconclusive('membersNotSeen', evidence) : fail('notInGroup', evidence);
  };
  if ('refusal' in member) return member.refusal.reason === 'filterRefused' ? findInGroup() : member.refusal;
  const isIn = (answer: ScimResult<readonly { readonly id?: string | null | undefined }[]>): boolean =>
    'value' in answer && answer.value.some((one) => one.id === groupId);
  if (!isIn(member)) {
    const [other] = member.value;
    // Identity Center filters by member; another server may find none because it does not.
    if (other === undefined && inputs.confirmedScimHost !== undefined) return findInGroup();
    return other === undefined
      ? fail('notInGroup', evidence)
      : inconclusive('filterIgnored', { asked: group, answered: (other.displayName ?? '').slice(0, 200) });
  }
  const noOne = id.replace(/[\da-f](?=[^\da-f]*$)/i, (last) => (last === '0' ? '1' : '0'));
  return noOne !== id && isIn(await findMember(noOne))
    ? inconclusive('filterIgnored', { asked: group, answered: group })
    : pass(evidence);
}

const personMissing = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('{0} isn’t provisioned.', fact(result, 'person') || l10n.t('The person')),
  next: l10n.t(
    'Assign the person or one of their groups in the application that provisions people. The username must match exactly.',
  ),
});

/** The console path of the assignments of the application that provisions people. */
export const provisionedPeople = (l10n: Translator, guide: SetupGuideId) =>
  guide === 'kiro'
    ? l10n.t('Okta Admin Console > Applications > Applications > your SAML application > Assignments')
    : l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Assignments',
      );

/** Checks of provisioned people and groups. */
export const scimPeopleChecks = [
  defineCheck({
    id: 'scim.person',
    steps: ['identityCenter.assignGroups', 'kiro.sameAssignments'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['scimEndpoint', 'scimToken', 'userName'],
    after: ['scim.read'],
    unlessFailed: ['scim.endpoint'],
    run: checkPerson,
    texts: (l10n, guide) => ({
      title: l10n.t('The person is provisioned'),
      path: provisionedPeople(l10n, guide),
      results: {
        ...scimResults(l10n),
        personMissing: personMissing(l10n),
        personInactive: (result) => ({
          found: l10n.t('Provisioned but deactivated: {0}.', fact(result, 'person')),
          next: l10n.t('Assign the person again in Okta, or activate them in the console.'),
        }),
      },
      evidence: {
        ...scimEvidence(l10n),
        person: l10n.t('Person'),
        active: {
          name: l10n.t('Active'),
          value: (active) => (active === 'true' ? l10n.t('Yes') : l10n.t('No')),
        },
      },
    }),
  }),
  defineCheck({
    id: 'scim.groups',
    steps: ['identityCenter.assignGroups', 'kiro.sameAssignments'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['scimEndpoint', 'scimToken', 'userName', 'groupName'],
    after: ['scim.person'],
    run: checkGroups,
    texts: (l10n, guide) => ({
      title: l10n.t('The group is provisioned'),
      path:
        guide === 'kiro'
          ? l10n.t('Okta Admin Console > Applications > Applications > your SAML application > Push Groups')
          : l10n.t(
              'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Push Groups',
            ),
      results: {
        ...scimResults(l10n),
        personMissing: personMissing(l10n),
        groupMissing: (result) => ({
          found: l10n.t('The group {0} isn’t provisioned.', fact(result, 'group')),
          next: l10n.t('Push the group. Assigned groups aren’t pushed automatically.'),
        }),
        notInGroup: (result) => ({
          found: l10n.t('{0} isn’t in the group {1}.', fact(result, 'person'), fact(result, 'group')),
          next: l10n.t('Add the person to the group in Okta, then push the group again.'),
        }),
        membersNotSeen: (result) => ({
          found: l10n.t('The endpoint doesn’t show who is in the group {0}.', fact(result, 'group')),
          next: l10n.t('Look up the members of the group in the console.'),
        }),
      },
      evidence: { ...scimEvidence(l10n), person: l10n.t('Person'), group: l10n.t('Group') },
    }),
  }),
  defineCheck({
    id: 'manual.groupsPushed',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: [],
    provenBy: ['oktaApi.groupPush'],
    texts: (l10n) => ({
      title: l10n.t('Every assigned group is under Push Groups with the status Active'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Push Groups',
      ),
    }),
  }),
  defineCheck({
    id: 'manual.sameAssignments',
    steps: ['kiro.sameAssignments'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: [],
    provenBy: ['oktaApi.sameAssignments'],
    texts: (l10n) => ({
      title: l10n.t('Both applications list the same people and groups'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your OIDC application and your SAML application > Assignments',
      ),
    }),
  }),
];
