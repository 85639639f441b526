import type { CheckResult } from '../checkResult.ts';
import { checksOf } from './index.ts';
import type { Check, CheckId } from './index.ts';
import type { SetupGuideId } from '../setupGuides.ts';

/**
 * What stands between a person and the service, in its order: in Okta and assigned, the policies, provisioned and active, the
 * group, the service itself. Nothing of it needs the person's password.
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
 * The checks on a person's way, and those that they stand on. One that fails keeps no other from being asked: a person who is neither
 * assigned nor provisioned hears both.
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

/** Whether a person would get in: `open` where a step on the way was not verified. */
export type PersonVerdict = 'yes' | 'no' | 'open';

/** How one step on the way ended; a line of the checklist is looked at by a person and decides nothing here. */
export type PersonStepState = 'passed' | 'failed' | 'notVerified' | 'manual';

/**
 * How a check on a person's way ended. A warning lets them in, except for the person in Okta: they have to act there
 * first, and whether they do cannot be seen.
 */
export function personStepState(id: CheckId, state: CheckResult['state'] | undefined): PersonStepState {
  if (state === 'fail') return 'failed';
  return state === 'pass' || (state === 'warning' && id !== 'oktaApi.person') ? 'passed' : 'notVerified';
}

/** One step on a person's way, and how it ended. */
export interface PersonStep {
  readonly id: CheckId;
  readonly state: PersonStepState;
}

/** Pairs of checks that ask the same directory, each with a credential of its own: one of the two is enough. */
const twins: Partial<Readonly<Record<CheckId, CheckId>>> = {
  'scim.person': 'awsApi.person',
  'awsApi.person': 'scim.person',
  'scim.groups': 'awsApi.group',
  'awsApi.group': 'scim.groups',
};

/** The verdict of the steps of a guide. */
export function personVerdict(steps: readonly PersonStep[]): PersonVerdict {
  if (steps.some(({ state }) => state === 'failed')) return 'no';
  const passed = new Set(steps.flatMap(({ id, state }) => (state === 'passed' ? [id] : [])));
  const isOpen = ({ id, state }: PersonStep): boolean => {
    const twin = twins[id];
    return state === 'notVerified' && (twin === undefined || !passed.has(twin));
  };
  return steps.length === 0 || steps.some(isOpen) ? 'open' : 'yes';
}
