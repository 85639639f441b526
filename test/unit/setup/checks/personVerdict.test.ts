import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import {
  personChecks,
  personSteps,
  personStepState,
  personVerdict,
} from '../../../../src/setup/checks/personVerdict.ts';

describe('personVerdict', () => {
  const ids = ['oktaApi.person', 'oktaApi.personPolicy', 'awsApi.application'] as const;
  test.each([
    [['passed', 'passed', 'passed'], 'yes'],
    [['passed', 'passed', 'manual'], 'manual'],
    [['passed', 'notVerified', 'manual'], 'open'],
    [['passed', 'notVerified', 'failed'], 'no'],
    [['passed', 'notVerified'], 'open'],
    [[], 'open'],
  ] as const)('%j: %s', (states, verdict) => {
    expect(personVerdict(states.map((state, at) => ({ id: ids[at] ?? 'scim.person', state })))).toBe(verdict);
  });

  test('a user deactivated in IAM Identity Center has no access, even without a SCIM token', () => {
    expect(personSteps.identityCenter).toEqual(expect.arrayContaining(['awsApi.person', 'awsApi.group']));
    expect(
      personVerdict([
        { id: 'scim.person', state: 'notVerified' },
        { id: 'awsApi.person', state: 'failed' },
      ]),
    ).toBe('no');
  });

  test.each([
    ['scim.person', 'awsApi.person'],
    ['awsApi.person', 'scim.person'],
    ['scim.groups', 'awsApi.group'],
    ['awsApi.group', 'scim.groups'],
  ] as const)('%s is not requested if %s provides the answer', (open, passed) => {
    expect(
      personVerdict([
        { id: open, state: 'notVerified' },
        { id: passed, state: 'passed' },
      ]),
    ).toBe('yes');
    expect(personVerdict([{ id: open, state: 'notVerified' }])).toBe('open');
  });
});

test.each([
  ['oktaApi.person', 'warning', 'notVerified'],
  ['awsApi.application', 'warning', 'passed'],
  ['oktaApi.person', 'pass', 'passed'],
  ['oktaApi.person', 'fail', 'failed'],
  ['oktaApi.person', 'inconclusive', 'notVerified'],
  ['oktaApi.person', undefined, 'notVerified'],
] as const)('personStepState: a user who must act first has no access yet: %s, %s', (id, state, ended) => {
  expect(personStepState(id, state)).toBe(ended);
});

test.each(['kiro', 'identityCenter'] as const)('personSteps of %s are checks of that guide', (guide) => {
  const ids = checksOf[guide].map(({ id }) => id);
  expect(personSteps[guide].filter((id) => !ids.includes(id))).toEqual([]);
  expect(personSteps[guide].length).toBeGreaterThan(4);
});

describe('personChecks', () => {
  test.each(['kiro', 'identityCenter'] as const)('of %s include all dependencies', (guide) => {
    const ids = personChecks(guide).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...personSteps[guide]]));
    for (const { after = [], unlessFailed } of personChecks(guide)) {
      expect(ids).toEqual(expect.arrayContaining([...after]));
      expect(unlessFailed).toEqual([]);
    }
    expect(ids.length).toBeLessThan(checksOf[guide].length / 2);
  });

  test('are empty for a provider without users to look up', () => {
    expect(personChecks('openIdConnect')).toEqual([]);
  });
});
