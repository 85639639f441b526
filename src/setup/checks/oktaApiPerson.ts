import * as v from 'valibot';
import { parseClientId } from '../../input/issuer.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { oktaApiEvidence, oktaApiResults, otherRecord } from '../oktaApi.ts';
import type { OktaResult } from '../oktaApi.ts';
import {
  accessRuleSchema,
  applicationSchema,
  appUserSchema,
  groupSchema,
  isAssigned,
  isForEveryone,
  simulationSchema,
  userSchema,
} from '../oktaResources.ts';
import type { Rule } from '../oktaResources.ts';
import { ofProvisioningApplication, provisioningApplication } from './provisioningApplication.ts';
import { accessRules, authorizationServer, isForSignIn } from './oktaApiServer.ts';
import { labels } from './oktaApiTexts.ts';

/** The person in Okta, by their login or the part before the @ (Okta Users API, *Retrieve a user*). */
async function personIn({ inputs, lookups }: CheckContext) {
  const asked = inputs.userName?.trim() ?? '';
  const read = async (login: string) =>
    lookups.okta.read(`/api/v1/users/${encodeURIComponent(login)}`, userSchema);
  const asTyped = await read(asked);
  // Logins ignore case, but Okta does not document whether this search does.
  const isElsewhere = 'refusal' in asTyped && asTyped.refusal.reason === 'notInOkta';
  const lower = asked.toLowerCase();
  const answer = isElsewhere && lower !== asked ? await read(lower) : asTyped;
  if ('refusal' in answer) return answer;
  const { id, profile } = answer.value;
  const login = profile?.login?.toLowerCase();
  const names = [login, login?.replace(/@.*$/s, ''), id.toLowerCase()];
  return login === undefined || names.includes(asked.toLowerCase())
    ? answer
    : { refusal: otherRecord(profile?.login ?? '') };
}

/** The application that the person signs in with: OIDC or SAML. */
async function signInApplication(context: CheckContext) {
  const { oktaClient: okta } = context.inputs;
  if (okta !== undefined) {
    const id = parseClientId(okta.clientId);
    return { value: { id, path: `/api/v1/apps/${encodeURIComponent(id)}` } };
  }
  const found = await provisioningApplication(context);
  return 'refusal' in found
    ? { refusal: found.refusal }
    : { value: { id: found.value.id, path: `/api/v1/apps/${encodeURIComponent(found.value.id)}` } };
}

/** Statuses with which a person can sign in, possibly after another step. */
const working = ['ACTIVE', 'PASSWORD_EXPIRED', 'RECOVERY', 'PROVISIONED'];

/** Verifies that the person is in Okta, is active, and is assigned to the application. */
async function checkPerson(context: CheckContext) {
  const given = context.inputs.userName?.trim() ?? '';
  const person = await personIn(context);
  if ('refusal' in person)
    return person.refusal.reason === 'notInOkta' ? fail('personNotInOkta', { given }) : person.refusal;
  const { id, status } = person.value;
  const evidence = { given, userStatus: status ?? undefined };
  if (status === 'LOCKED_OUT') return fail('personLockedOut', evidence);
  if (status != null && !working.includes(status)) return fail('personNotActive', evidence);
  const application = await signInApplication(context);
  if ('refusal' in application) return application.refusal;
  const path = `${application.value.path}/users/${encodeURIComponent(id)}`;
  const account = await context.lookups.okta.read(path, appUserSchema);
  if ('refusal' in account) {
    if (account.refusal.reason !== 'notInOkta') return account.refusal;
    // If Okta does not have the application, this proves nothing about the person.
    const itself = await context.lookups.okta.read(application.value.path, applicationSchema);
    if ('value' in itself)
      return isForEveryone(itself.value) ? pass(evidence) : fail('personNotAssigned', evidence);
    const isMissing = itself.refusal.reason === 'notInOkta' && context.inputs.oktaClient !== undefined;
    return isMissing ? inconclusive('blocked', { blockedBy: ['oktaApi.application'] }) : itself.refusal;
  }
  if (account.value.id !== id) return otherRecord(account.value.credentials?.userName ?? account.value.id);
  if (!isAssigned(account.value)) return fail('personNotAssigned', evidence);
  const assigned = { ...evidence, assignedBy: account.value.scope ?? undefined };
  return status == null || status === 'ACTIVE' ? pass(assigned) : warn('personHasToAct', assigned);
}

/**
 * Verifies that Okta's policies let the person in: a rule of the authorization server's access policy, and, by
 * *Simulate a policy*, a rule of the application's own policy.
 */
async function checkPersonPolicy(context: CheckContext) {
  const found = await memberIn(context);
  if ('refusal' in found) return found.refusal;
  if (context.inputs.oktaClient !== undefined) {
    const excluded = await excludingRules(context, found.value);
    if (excluded !== undefined) return excluded;
  }
  return simulatedPolicy(context, found.value);
}

/** The application's own policy denies access whatever the authorization server has. */
async function checkDenied(context: CheckContext) {
  const found = await memberIn(context);
  const simulated = 'refusal' in found ? found.refusal : await simulatedPolicy(context, found.value);
  return simulated.reason === 'policyDenies' ? simulated : undefined;
}

/** A person in Okta, with the groups that they are in. */
interface Member {
  readonly userId: string;
  readonly groupIds: readonly string[];
}

async function memberIn(context: CheckContext): Promise<OktaResult<Member>> {
  const person = await personIn(context);
  if ('refusal' in person) return person;
  const userId = person.value.id;
  const path = `/api/v1/users/${encodeURIComponent(userId)}/groups`;
  const groups = await context.lookups.okta.read(path, v.array(groupSchema));
  return 'refusal' in groups ? groups : { value: { userId, groupIds: groups.value.map(({ id }) => id) } };
}

/** The result of *Simulate a policy* for a person. */
async function simulatedPolicy(context: CheckContext, { userId, groupIds }: Member) {
  const { lookups } = context;
  const application = await signInApplication(context);
  if ('refusal' in application) return application.refusal;
  const simulated = await lookups.okta.simulate(
    [
      {
        appInstance: application.value.id,
        policyTypes: ['ACCESS_POLICY'],
        policyContext: { user: { id: userId }, groups: { ids: groupIds } },
      },
    ],
    simulationSchema,
  );
  if ('refusal' in simulated)
    return ['notInOkta', 'featureMissing', 'unclearAnswer'].includes(simulated.refusal.reason ?? '')
      ? inconclusive('notSimulated', {})
      : simulated.refusal;
  const evaluations = simulated.value.filter(
    ({ policyType }) => policyType == null || [policyType].flat().includes('ACCESS_POLICY'),
  );
  const policies = evaluations.flatMap(({ result }) => result?.policies ?? []);
  const [policy] = policies.filter(({ status }) => status !== 'NOT_MATCH');
  // If a rule depends on data that the simulation lacks, the first matching rule is unknown.
  const open = evaluations
    .flatMap((one) => one.undefined?.policies ?? [])
    .flatMap(({ rules }) => rules ?? []);
  const rules = (policy?.rules ?? []).filter(({ status }) => status !== 'NOT_MATCH');
  const rule = open.length === 0 && rules[0]?.status === 'MATCH' ? rules[0] : undefined;
  const evidence = {
    policies: policy?.name == null ? [] : [policy.name],
    rules: rule?.name == null ? [] : [rule.name],
  };
  if (policy?.id == null || rule?.id == null) return inconclusive('policyOpen', evidence);
  const path = `/api/v1/policies/${encodeURIComponent(policy.id)}/rules/${encodeURIComponent(rule.id)}`;
  const whole = await lookups.okta.read(path, accessRuleSchema);
  if ('refusal' in whole) return whole.refusal;
  switch (whole.value.actions?.appSignOn?.access) {
    case 'DENY':
      return fail('policyDenies', evidence);
    case 'ALLOW':
      return pass(evidence);
    default:
      return inconclusive('policyOpen', evidence);
  }
}

/** The result if access policies apply to this application but none of their rules to the person. */
async function excludingRules(context: CheckContext, { userId, groupIds }: Member) {
  const found = await accessRules(context);
  if ('refusal' in found) return found.refusal;
  const { rules } = found.value;
  const isForPerson = ({ conditions }: Rule): boolean => {
    const people = conditions?.people;
    if (people == null) return true;
    const names = (groups: readonly string[] | null | undefined): boolean =>
      groups?.includes('EVERYONE') === true || groups?.some((id) => groupIds.includes(id)) === true;
    if (names(people.groups?.exclude) || people.users?.exclude?.includes(userId) === true) return false;
    const [groups, users] = [people.groups?.include ?? [], people.users?.include ?? []];
    return groups.length + users.length === 0 || names(groups) || users.includes(userId);
  };
  return rules.length === 0 || rules.some((rule) => isForSignIn(rule) && isForPerson(rule))
    ? undefined
    : fail('rulesExclude', { rules: rules.flatMap(({ name }) => name ?? []) });
}

/** Checks of one person through Okta's API, with a read-only token. */
export const oktaApiPersonChecks = [
  defineCheck({
    id: 'oktaApi.person',
    steps: ['kiro.assignments', 'identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaPeople',
    needs: ['oktaApi', 'userName'],
    unlessFailed: ['oktaApi.assignments', 'oktaApi.sameAssignments', 'scim.person'],
    run: checkPerson,
    texts: (l10n) => ({
      title: l10n.t('The person in Okta'),
      path: 'Okta Admin Console > Directory > People',
      results: {
        ...oktaApiResults(l10n),
        ...ofProvisioningApplication(l10n),
        personNotInOkta: (result) => ({
          found: l10n.t('{0} isn’t in Okta.', fact(result, 'given')),
          next: l10n.t('Enter the username exactly as it is in Okta.'),
        }),
        personNotActive: (result) => ({
          found: l10n.t('The person can’t sign in to Okta ({0}).', fact(result, 'userStatus')),
          next: l10n.t('Activate or unsuspend the person under Directory > People.'),
        }),
        personLockedOut: {
          found: l10n.t('The person is locked out of Okta.'),
          next: l10n.t('Unlock the person under Directory > People.'),
        },
        personNotAssigned: {
          found: l10n.t('The person isn’t assigned to the application.'),
          next: l10n.t('Assign the person or one of their groups to the application.'),
        },
        personHasToAct: (result) => ({
          found: l10n.t('The person has to do something in Okta first ({0}).', fact(result, 'userStatus')),
          next: l10n.t('Ask the person to sign in to Okta, or reset their password.'),
        }),
      },
      evidence: { ...labels(l10n), userStatus: l10n.t('Status in Okta'), assignedBy: l10n.t('Assigned by') },
    }),
  }),
  defineCheck({
    id: 'oktaApi.personPolicy',
    steps: ['kiro.accessPolicy', 'identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaAuthenticationPolicies',
    pages: { rulesExclude: 'oktaAuthorizationServer' },
    needs: ['oktaApi', 'userName'],
    after: ['oktaApi.person', 'oktaApi.policy'],
    despite: { 'oktaApi.person': ['personNotAssigned'] },
    beforehand: checkDenied,
    run: checkPersonPolicy,
    texts: (l10n) => ({
      title: l10n.t('Policies for this person'),
      path: 'Okta Admin Console > Security > Authentication Policies',
      results: {
        ...oktaApiResults(l10n),
        ...ofProvisioningApplication(l10n),
        policyDenies: (result) => ({
          found: l10n.t('Okta’s rule {0} denies this person access.', fact(result, 'rules')),
          next: l10n.t('Change the authentication policy of the application, or the person’s groups.'),
        }),
        rulesExclude: {
          found: l10n.t('No rule of the authorization server’s access policy applies to this person.'),
          next: l10n.t('Add the person or a group that they’re in to the rule, or select any user.'),
          path: authorizationServer(l10n),
        },
        policyOpen: {
          found: l10n.t('Which rule applies depends on the device or the network.'),
          next: l10n.t('Ask the person to sign in, or use the Access Testing Tool in Okta.'),
        },
        notSimulated: {
          found: l10n.t('This organization can’t simulate policies.'),
          next: l10n.t('Ask the person to sign in.'),
        },
      },
      evidence: {
        ...oktaApiEvidence(l10n),
        labels: l10n.t('Names in Okta'),
        policies: l10n.t('Policies'),
        rules: l10n.t('Rules'),
      },
    }),
  }),
];
