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
    'scim.groups',
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

/** The verdict of the steps of a guide. */
export function personVerdict(states: readonly PersonStepState[]): PersonVerdict {
  if (states.includes('failed')) return 'no';
  return states.length === 0 || states.includes('notVerified') ? 'open' : 'yes';
}
