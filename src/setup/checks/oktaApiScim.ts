import * as v from 'valibot';
import { parseClientId } from '../../input/issuer.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { oktaApiResults } from '../oktaApi.ts';
import { applicationSchema, assignedUsersSchema, assignmentSchema, isForEveryone } from '../oktaResources.ts';
import type { AppUser } from '../oktaResources.ts';
import { scimEvidence, scimResults } from '../scimRequests.ts';
import type { SetupGuideId } from '../setupGuides.ts';
import type { Translator } from '../translator.ts';
import { everyoneAssigned } from './oktaApiApplication.ts';
import { ofApplication } from './oktaApiIdentityCenter.ts';
import { applicationInactive, labels, settingsMissing } from './oktaApiTexts.ts';
import {
  kiroApplication,
  ofScimApplication,
  provisioningApplication,
  usersIn,
} from './provisioningApplication.ts';

/** Verifies that the provisioning SAML application is active and uses SCIM. */
async function checkScimApplication(context: CheckContext) {
  const answer = await kiroApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const { label, status, signOnMode, features, settings } = answer.value;
  const evidence = {
    label: label ?? undefined,
    applicationStatus: status ?? undefined,
    signOnMode: signOnMode ?? undefined,
    signOnUrl: settings?.signOn?.ssoAcsUrl ?? undefined,
    audience: settings?.signOn?.audience ?? undefined,
    features: features ?? [],
  };
  return status != null && status !== 'ACTIVE' ? fail('applicationInactive', evidence) : pass(evidence);
}

const neededFeatures = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'GROUP_PUSH'];

/** Verifies the three Push options, and the boxes under To App. */
async function checkScimFeatures(context: CheckContext) {
  const answer = await kiroApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const { features } = answer.value;
  const label = answer.value.label ?? undefined;
  if (features == null) return inconclusive('settingsNotTold', { label });
  const missing = neededFeatures.filter((feature) => !features.includes(feature));
  const evidence = { label, features };
  return missing.length > 0 ? fail('featuresMissing', { ...evidence, missing }) : pass(evidence);
}

/**
 * Verifies, by their effect, settings that Okta's API does not expose: Okta has the person under the ID and
 * name from this SCIM endpoint, so base URL, authentication, token and unique identifier were right at the last
 * synchronization.
 */
async function checkScimEffect(context: CheckContext) {
  const { lookups } = context;
  const answer = await provisioningApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const person = await lookups.person();
  if ('refusal' in person) return person.refusal;
  const { id: scimId, userName = '' } = person.value ?? {};
  const label = answer.value.label ?? undefined;
  if (scimId === undefined) return inconclusive('notTold', { label });
  const all = await usersIn(context, answer.value.id);
  if ('refusal' in all) return all.refusal;
  const user =
    all.value.find(({ externalId }) => externalId === scimId) ??
    all.value.find((one) => nameOf(one).toLowerCase() === userName.toLowerCase());
  if (user === undefined) return inconclusive('personNotAssigned', { label, person: userName });
  const evidence = {
    label,
    person: userName,
    oktaUserName: nameOf(user),
    syncState: user.syncState ?? undefined,
    syncedAt: user.lastSync == null ? undefined : Date.parse(user.lastSync),
  };
  if (user.syncState === 'ERROR') return fail('syncFailed', evidence);
  if (user.externalId == null) return inconclusive('notSynchronized', evidence);
  if (user.externalId !== scimId) return fail('otherScimEndpoint', evidence);
  return nameOf(user).toLowerCase() === userName.toLowerCase()
    ? pass(evidence)
    : fail('userNameDiffers', evidence);
}

function nameOf({ credentials }: AppUser): string {
  return credentials?.userName ?? '';
}

/** Verifies that the OIDC application and the provisioning one have the same people and groups. */
async function checkSameAssignments(context: CheckContext) {
  const { inputs, lookups } = context;
  const answer = await kiroApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const oidc = parseClientId(inputs.oktaClient?.clientId ?? '');
  const list = async <T extends v.GenericSchema>(id: string, kind: string, schema: T) =>
    lookups.okta.read(`/api/v1/apps/${encodeURIComponent(id)}/${kind}?limit=200`, schema);
  const groups = [
    await list(oidc, 'groups', v.array(assignmentSchema)),
    await list(answer.value.id, 'groups', v.array(assignmentSchema)),
  ] as const;
  const people = [
    await list(oidc, 'users', assignedUsersSchema),
    await list(answer.value.id, 'users', assignedUsersSchema),
  ] as const;
  const refused = [...groups, ...people].find((one) => 'refusal' in one);
  if (refused !== undefined && 'refusal' in refused) return refused.refusal;
  const [signIn, provisioned] = people.map((one) => ('value' in one ? one.value : []));
  const [signInGroups, provisionedGroups] = groups.map((one) => ('value' in one ? one.value : []));
  const evidence = {
    label: answer.value.label ?? undefined,
    assignedPeople: provisioned?.length,
    assignedGroups: provisionedGroups?.length,
    onlyInOidc: missingIn(signIn, provisioned).map((one) => nameOf(one) || one.id),
    onlyInScim: missingIn(provisioned, signIn).map((one) => nameOf(one) || one.id),
  };
  if (evidence.onlyInOidc.length > 0) return fail('peopleDiffer', evidence);
  if (evidence.onlyInScim.length > 0) {
    const application = await lookups.okta.read(
      `/api/v1/apps/${encodeURIComponent(oidc)}`,
      applicationSchema,
    );
    return 'value' in application && isForEveryone(application.value)
      ? warn('everyoneAssigned', evidence)
      : fail('peopleDiffer', evidence);
  }
  const differing = [
    ...missingIn(signInGroups, provisionedGroups),
    ...missingIn(provisionedGroups, signInGroups),
  ];
  return differing.length > 0 ? warn('groupsDiffer', evidence) : pass(evidence);
}

/** The members of one list that are missing from another, at most twenty. */
function missingIn<T extends { readonly id: string }>(
  one: readonly T[] = [],
  other: readonly T[] = [],
): readonly T[] {
  const ids = new Set(other.map(({ id }) => id));
  return one.filter(({ id }) => !ids.has(id)).slice(0, 20);
}

const scimApplication = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Applications > Applications > your SAML application > Provisioning');
/** Checks of the provisioning application through Okta's API. */
export const oktaApiScimChecks = [
  defineCheck({
    id: 'oktaApi.scimApplication',
    steps: ['kiro.samlApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['oktaClient', 'oktaApi'],
    run: checkScimApplication,
    texts: (l10n) => ({
      title: l10n.t('Provisioning application in Okta'),
      path: scimApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofScimApplication(l10n),
        applicationInactive: applicationInactive(l10n),
      },
      evidence: {
        ...labels(l10n),
        signOnMode: l10n.t('Sign-in method'),
        signOnUrl: l10n.t('Single sign-on URL'),
        audience: l10n.t('Audience URI'),
        features: l10n.t('Provisioning features'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.scimFeatures',
    steps: ['kiro.provisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['oktaClient', 'oktaApi'],
    after: ['oktaApi.scimApplication'],
    despite: { 'oktaApi.scimApplication': ['applicationInactive'] },
    run: checkScimFeatures,
    texts: (l10n) => ({
      title: l10n.t('Push options and To App in Okta'),
      path: scimApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofScimApplication(l10n),
        settingsNotTold: settingsMissing(l10n),
        featuresMissing: (result) => ({
          found: l10n.t('Provisioning in Okta is missing {0}.', fact(result, 'missing')),
          next: l10n.t('Select the three Push options, and enable Create and Update under To App.'),
        }),
      },
      evidence: { ...labels(l10n), features: l10n.t('Provisioning features') },
    }),
  }),
  defineCheck({
    id: 'oktaApi.scimEffect',
    steps: ['identityCenter.oktaProvisioning', 'kiro.provisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['scimEndpoint', 'scimToken', 'userName', 'oktaApi'],
    after: ['scim.person', 'oktaApi.scimApplication'],
    run: checkScimEffect,
    texts: (l10n, guide) => ({
      title: l10n.t('Okta provisions to this SCIM endpoint'),
      path: integration(l10n, guide),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        ...ofScimApplication(l10n),
        ...scimResults(l10n),
        notTold: {
          found: l10n.t('The endpoint’s record has no ID to compare.'),
          next: l10n.t('Compare the settings with the console.'),
        },
        personNotAssigned: (result) => ({
          found: l10n.t(
            '{0} isn’t assigned to the application {1}.',
            fact(result, 'person'),
            fact(result, 'label'),
          ),
          next: l10n.t('Enter a person who is assigned to it.'),
        }),
        syncFailed: (result) => ({
          found: l10n.t('Okta couldn’t provision {0}.', fact(result, 'oktaUserName')),
          next: l10n.t('Open Dashboard > Tasks in Okta, which shows the error, and retry it.'),
        }),
        notSynchronized: (result) => ({
          found: l10n.t('Okta hasn’t provisioned {0} itself.', fact(result, 'oktaUserName')),
          next: l10n.t('Enter a person whom Okta has provisioned.'),
        }),
        otherScimEndpoint: (result) => ({
          found: l10n.t(
            'Okta has a different ID for {0} than this SCIM endpoint.',
            fact(result, 'oktaUserName'),
          ),
          next: l10n.t('Compare the base URL in Okta with this SCIM endpoint.'),
        }),
        userNameDiffers: (result) => ({
          found: l10n.t(
            'Okta provisions {0}, but the SCIM endpoint has {1}.',
            fact(result, 'oktaUserName'),
            fact(result, 'person'),
          ),
          next: l10n.t(
            'Set the unique identifier field to userName, and compare the application username format.',
          ),
        }),
      },
      evidence: {
        ...labels(l10n),
        ...scimEvidence(l10n),
        person: l10n.t('Person'),
        oktaUserName: l10n.t('Username in Okta'),
        syncState: l10n.t('Synchronization'),
        syncedAt: l10n.t('Last synchronized'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.sameAssignments',
    steps: ['kiro.sameAssignments'],
    owner: 'oktaAdministrator',
    page: 'oktaAssignments',
    needs: ['oktaClient', 'oktaApi'],
    after: ['oktaApi.scimApplication'],
    despite: { 'oktaApi.scimApplication': ['applicationInactive'] },
    unlessFailed: ['oktaApi.assignments'],
    run: checkSameAssignments,
    texts: (l10n) => ({
      title: l10n.t('Assignments of both applications in Okta'),
      path: l10n.t('Okta Admin Console > Applications > Applications > both applications > Assignments'),
      results: {
        ...oktaApiResults(l10n),
        ...ofScimApplication(l10n),
        everyoneAssigned: everyoneAssigned(l10n),
        peopleDiffer: {
          found: l10n.t('The two applications don’t have the same people.'),
          next: l10n.t('Assign the same people and groups to both applications.'),
        },
        groupsDiffer: {
          found: l10n.t('The same people are assigned, but by different groups.'),
          next: l10n.t('Assign the same groups to both applications, so that they stay the same.'),
        },
      },
      evidence: {
        ...labels(l10n),
        assignedGroups: l10n.t('Assigned groups'),
        assignedPeople: l10n.t('Assigned people'),
        onlyInOidc: l10n.t('Only in the OIDC application'),
        onlyInScim: l10n.t('Only in the provisioning application'),
      },
    }),
  }),
];

function integration(l10n: Translator, guide: SetupGuideId): string {
  return guide === 'kiro'
    ? scimApplication(l10n)
    : l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Provisioning > Integration',
      );
}
