import { inOkta } from './slip.ts';
import type { Slip } from './slip.ts';

/** Slips that Okta's API shows, for both guides. */
export const oktaApiSlips: readonly Slip[] = [
  {
    slip: 'Okta’s last provisioning request failed',
    check: 'oktaApi.log',
    reason: 'pushesFail',
    make: inOkta(({ events }) => {
      for (const event of events)
        event['outcome'] = { result: 'FAILURE', reason: 'Error while creating user: Unauthorized' };
    }),
  },
  {
    slip: 'One of several people wasn’t provisioned',
    check: 'oktaApi.log',
    reason: 'somePushesFail',
    state: 'warning',
    make: inOkta(({ events }) => {
      events.unshift({
        eventType: 'application.provision.user.push',
        published: new Date().toISOString(),
        outcome: { result: 'FAILURE', reason: 'familyName is required' },
        target: [{ type: 'AppUser', id: '0ua1devsandbox0fayy7', alternateId: 'fay@example.com' }],
      });
    }),
  },
  {
    slip: 'Okta hasn’t provisioned anyone for a week',
    check: 'oktaApi.log',
    reason: 'noEvents',
    state: 'inconclusive',
    make: inOkta((resources) => {
      resources.events = [];
    }),
  },
  {
    slip: 'The group has another name in Okta',
    check: 'oktaApi.group',
    reason: 'groupNotInOkta',
    make: inOkta(({ directory }) => {
      for (const one of directory) one['profile'] = { name: 'Developers of 2025' };
    }),
  },
  {
    slip: 'The group is empty in Okta',
    check: 'oktaApi.group',
    reason: 'groupEmpty',
    make: inOkta((resources) => {
      resources.members = [];
    }),
  },
  {
    slip: 'Someone in the group isn’t assigned to the application that provisions people',
    check: 'oktaApi.group',
    reason: 'membersNotAssigned',
    make: inOkta((resources) => {
      resources.members = [...resources.members, ...resources.people.slice(3, 4).map(({ id }) => String(id))];
    }),
  },
  {
    slip: 'The person is suspended in Okta',
    check: 'oktaApi.person',
    reason: 'personNotActive',
    make: inOkta(({ people }) => {
      Object.assign(people[0] ?? {}, { status: 'SUSPENDED' });
    }),
  },
  {
    slip: 'The person has to set a new password first',
    check: 'oktaApi.person',
    reason: 'personHasToAct',
    state: 'warning',
    make: inOkta(({ people }) => {
      Object.assign(people[0] ?? {}, { status: 'PASSWORD_EXPIRED' });
    }),
  },
  {
    slip: 'The authentication policy denies access',
    check: 'oktaApi.personPolicy',
    reason: 'policyDenies',
    make: inOkta(({ accessRule }) => {
      accessRule['actions'] = { appSignOn: { access: 'DENY' } };
    }),
  },
  {
    slip: 'The device decides which rule applies',
    check: 'oktaApi.personPolicy',
    reason: 'policyOpen',
    state: 'inconclusive',
    make: inOkta((resources) => {
      resources.evaluations = [
        { policyType: ['ACCESS_POLICY'], status: 'UNDEFINED', result: { policies: [] } },
      ];
    }),
  },
];
