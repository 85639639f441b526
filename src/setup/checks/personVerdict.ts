import type { CheckResult } from '../checkResult.ts';
import { checksOf } from './index.ts';
import type { Check, CheckId } from './index.ts';
import type { SetupGuideId } from '../setupGuides.ts';

/**
 * The steps between a person and the service, in order: in Okta and assigned, policies, provisioned and active,
 * group, service. None needs the person's password.
 */
export const personSteps: Readonly<Record<SetupGuideId, readonly CheckId[]>> = {
  kiro: ['oktaApi.person', 'oktaApi.personPolicy', 'scim.person', 'scim.groups', 'manual.subscriptions'],
  identityCenter: [
    'oktaApi.person',
    'oktaApi.personPolicy',
    'scim.person',
    'awsApi.person',
    'scim.groups',
    'awsApi.group',
    'awsApi.application',
    'manual.serviceGroups',
  ],
  openIdConnect: [],
};

/**
 * The checks of a person's steps and their dependencies. A failure does not block the others, so that one run shows
 * a missing assignment and missing provisioning.
 */
export function personChecks(guide: SetupGuideId): readonly Check[] {
  const all = checksOf[guide];
  const wanted = new Set<CheckId>(personSteps[guide]);
  for (const id of wanted) {
    const { after = [], provenBy = [] } = all.find((check) => check.id === id) ?? {};
    for (const one of [...after, ...provenBy]) wanted.add(one);
  }
  return all.filter(({ id }) => wanted.has(id)).map((check) => ({ ...check, unlessFailed: [] }));
}

/** Whether a person has access. `manual`: only manual steps remain; `open`: another step is not verified. */
export type PersonVerdict = 'yes' | 'manual' | 'no' | 'open';

/** The state of one step. */
export type PersonStepState = 'passed' | 'failed' | 'notVerified' | 'manual';

/**
 * The state of a person's step. A warning counts as passed, except for the person in Okta: they have to act
 * there first, and it is unknown whether they do.
 */
export function personStepState(id: CheckId, state: CheckResult['state'] | undefined): PersonStepState {
  if (state === 'fail') return 'failed';
  return state === 'pass' || (state === 'warning' && id !== 'oktaApi.person') ? 'passed' : 'notVerified';
}

/** One step of a person's access, and its state. */
export interface PersonStep {
  readonly id: CheckId;
  readonly state: PersonStepState;
}

/** Pairs of checks that read the same directory with different credentials: one of them suffices. */
const equivalentChecks: Partial<Readonly<Record<CheckId, CheckId>>> = {
  'scim.person': 'awsApi.person',
  'awsApi.person': 'scim.person',
  'scim.groups': 'awsApi.group',
  'awsApi.group': 'scim.groups',
};

/** The verdict for a guide's steps. */
export function personVerdict(steps: readonly PersonStep[]): PersonVerdict {
  if (steps.some(({ state }) => state === 'failed')) return 'no';
  const passed = new Set(steps.flatMap(({ id, state }) => (state === 'passed' ? [id] : [])));
  const isOpen = ({ id, state }: PersonStep): boolean => {
    const twin = equivalentChecks[id];
    return state === 'notVerified' && (twin === undefined || !passed.has(twin));
  };
  if (steps.length === 0 || steps.some(isOpen)) return 'open';
  return steps.some(({ state }) => state === 'manual') ? 'manual' : 'yes';
}
