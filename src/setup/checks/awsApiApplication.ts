import * as v from 'valibot';
import { awsApiEvidence, awsApiResults } from '../awsApi.ts';
import type { AwsRefusal } from '../awsApi.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { despitePlace, placeChecks } from './awsApiPlace.ts';

const text = v.optional(v.nullable(v.string()));

const applicationSchema = v.object({
  ApplicationArn: v.string(),
  ApplicationProviderArn: text,
  Name: text,
  Status: text,
});
const configurationSchema = v.object({ AssignmentRequired: v.optional(v.nullable(v.boolean())) });
const assignmentSchema = v.object({ PrincipalId: v.string(), PrincipalType: text });

/**
 * Providers of the applications that CodeWhisperer, Amazon Q Developer (which has the same provider) and Kiro
 * create; `qbusiness` and `quicksight` are other services.
 */
const serviceProvider = /:applicationProvider\/(?:codewhisperer|kiro|(?:amazon-?)?q(?:-?developer)?$)/i;

/** Verifies that the service is an enabled application of the instance, with the group assigned. */
async function checkServiceApplication(context: CheckContext) {
  const { inputs, lookups } = context;
  const { aws } = lookups;
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
  const assignments: v.InferOutput<typeof assignmentSchema>[] = [];
  // An application that could not be read may be open to everyone, so it proves nothing.
  const unread: AwsRefusal[] = [];
  for (const { ApplicationArn } of enabled) {
    const input = { ApplicationArn };
    const configuration = await aws.read(
      'sso:GetApplicationAssignmentConfiguration',
      input,
      configurationSchema,
    );
    if (!('refusal' in configuration) && configuration.value?.AssignmentRequired === false)
      return warn('openToEveryone', evidence);
    if ('refusal' in configuration) unread.push(configuration.refusal);
    const some = await aws.list(
      'sso:ListApplicationAssignments',
      input,
      'ApplicationAssignments',
      assignmentSchema,
    );
    if ('refusal' in some) return some.refusal;
    assignments.push(...some.value);
  }
  const counted = { ...evidence, assigned: assignments.length };
  const [open] = unread;
  if (assignments.length === 0) return open ?? fail('noOneHasService', counted);
  if ((inputs.groupName ?? '').trim() === '') return pass(counted);
  const group = await aws.groupId();
  if ('refusal' in group) return group.refusal;
  const named = { ...counted, group: inputs.groupName?.trim() };
  if (group.value === undefined) return inconclusive('groupNotSeen', named);
  if (assignments.some(({ PrincipalId }) => PrincipalId === group.value)) return pass(counted);
  if (open !== undefined) return open;
  return (await isAssignedOtherwise(context, assignments))
    ? warn('personHasService', { ...named, person: inputs.userName?.trim() })
    : fail('groupLacksService', named);
}

/** Maximum number of assigned groups in which to look for the person. */
const mostGroups = 10;

/** Whether the person is assigned directly, or through another group. */
async function isAssignedOtherwise(
  { inputs, lookups: { aws } }: CheckContext,
  assignments: readonly v.InferOutput<typeof assignmentSchema>[],
): Promise<boolean> {
  const user = (inputs.userName ?? '').trim() === '' ? { value: undefined } : await aws.user();
  const userId = 'value' in user ? user.value?.UserId : undefined;
  if (userId === undefined) return false;
  if (assignments.some(({ PrincipalId }) => PrincipalId === userId)) return true;
  const groups = assignments.filter(({ PrincipalType }) => PrincipalType !== 'USER');
  for (const { PrincipalId } of groups.slice(0, mostGroups)) {
    const membership = await aws.isMember(userId, PrincipalId);
    if ('value' in membership && membership.value === true) return true;
  }
  return false;
}

/** Checks of the service's application in IAM Identity Center. */
export const awsApiApplicationChecks = [
  defineCheck({
    id: 'awsApi.application',
    steps: ['identityCenter.serviceAccess'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['accessPortal', 'awsProfile'],
    unlessFailed: [...placeChecks],
    despite: despitePlace,
    run: checkServiceApplication,
    texts: (l10n) => ({
      title: l10n.t('The service and its groups in IAM Identity Center'),
      path: l10n.t('AWS console > IAM Identity Center > Applications > AWS managed'),
      results: {
        ...awsApiResults(l10n),
        serviceNotSeen: {
          found: l10n.t(
            'This IAM Identity Center instance has no application for Amazon Q Developer or Kiro.',
          ),
          next: l10n.t('If you use another service, compare the applications in the console.'),
        },
        serviceDisabled: {
          found: l10n.t('The service’s application is disabled.'),
          next: l10n.t('Enable it in the service’s console.'),
        },
        openToEveryone: {
          found: l10n.t('The service doesn’t require assignments, so everyone in the directory has access.'),
          next: l10n.t('Require assignments if only some groups should have access.'),
        },
        noOneHasService: {
          found: l10n.t('No people or groups are assigned to the service.'),
          next: l10n.t('Add the groups in the service’s console.'),
        },
        groupNotSeen: (result) => ({
          found: l10n.t(
            'The group {0} isn’t in IAM Identity Center, so its access to the service can’t be checked.',
            fact(result, 'group'),
          ),
          next: l10n.t('Push the group. Assigned groups aren’t pushed automatically.'),
        }),
        personHasService: (result) => ({
          found: l10n.t(
            '{0} has access to the service, but not through the group {1}.',
            fact(result, 'person'),
            fact(result, 'group'),
          ),
          next: l10n.t('Add the group in the service’s console.'),
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
        person: l10n.t('Person'),
      },
    }),
  }),
];
