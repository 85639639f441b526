import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { personChecks, personSteps, personVerdict } from '../../../../src/setup/checks/personVerdict.ts';

describe('personVerdict', () => {
  test.each([
    [['passed', 'passed', 'manual'], 'yes'],
    [['passed', 'notVerified', 'failed'], 'no'],
    [['passed', 'notVerified'], 'open'],
    [[], 'open'],
  ] as const)('%j: %s', (states, verdict) => {
    expect(personVerdict(states)).toBe(verdict);
  });
});

test.each(['kiro', 'identityCenter'] as const)('personSteps of %s are checks of that guide', (guide) => {
  const ids = checksOf[guide].map(({ id }) => id);
  expect(personSteps[guide].filter((id) => !ids.includes(id))).toEqual([]);
  expect(personSteps[guide].length).toBeGreaterThan(4);
});

describe('personChecks', () => {
  test.each(['kiro', 'identityCenter'] as const)('of %s have all that they stand on', (guide) => {
    const ids = personChecks(guide).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...personSteps[guide]]));
    for (const { after = [], unlessFailed } of personChecks(guide)) {
      expect(ids).toEqual(expect.arrayContaining([...after]));
      expect(unlessFailed).toEqual([]);
    }
    expect(ids.length).toBeLessThan(checksOf[guide].length / 2);
  });

  test('are missing of a provider without people to look up', () => {
    expect(personChecks('openIdConnect')).toEqual([]);
  });
});
