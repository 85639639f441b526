import { describe, expect, test } from 'vitest';
import { missingInputText, reportGroups } from '../../../../src/setup/checks/reportGroups.ts';
import type { Reported } from '../../../../src/setup/checks/reportGroups.ts';
import { english } from '../../../../src/setup/translator.ts';

const check = (id: string, state: Reported['state'], more: Partial<Reported> = {}): Reported => ({
  id,
  owner: 'oktaAdministrator',
  state,
  evidence: [],
  ...more,
});
const lacks = (id: string, ...missingInput: readonly string[]) =>
  check(id, 'notVerified', {
    reason: 'notGiven',
    evidence: [{ name: 'missingInput', value: missingInput }],
  });
const waits = (id: string, ...blockedBy: readonly string[]) =>
  check(id, 'notVerified', { reason: 'blocked', evidence: [{ name: 'blockedBy', value: blockedBy }] });
const ids = (all: readonly Reported[]) => all.map(({ id }) => id);

describe('reportGroups', () => {
  test('lists what to fix by owner, failures before warnings', () => {
    const { toFix } = reportGroups([
      check('you', 'failed', { owner: 'you' }),
      check('a', 'warning'),
      check('aws', 'warning', { owner: 'awsAdministrator' }),
      check('b', 'failed'),
      check('c', 'passed'),
    ]);
    expect(toFix.map(({ owner, checks }) => [owner, ids(checks)])).toEqual([
      ['oktaAdministrator', ['b', 'a']],
      ['awsAdministrator', ['aws']],
      ['you', ['you']],
    ]);
  });

  test('lists checks under their missing input, with those that wait for them, without duplicates', () => {
    const all = [
      lacks('scim', 'scimEndpoint', 'scimToken'),
      lacks('token', 'scimToken'),
      waits('person', 'token'),
      waits('group', 'token', 'broken'),
      check('broken', 'failed'),
      check('unclear', 'notVerified', { reason: 'unclearAnswer' }),
      check('unfinished', 'notVerified', { reason: 'signInNotCompleted' }),
      check('later', undefined),
      check('manual', 'manual'),
      check('right', 'passed'),
    ];
    const { toFix, notVerified, missing, manual, passed } = reportGroups(all);
    expect(
      missing.map(({ input, checks }) => [input, checks.map(({ check: { id }, also }) => [id, also])]),
    ).toEqual([
      [
        'scimToken',
        [
          ['scim', ['scimEndpoint']],
          ['token', []],
          ['person', []],
        ],
      ],
    ]);
    expect(ids(notVerified)).toEqual(['unfinished', 'group', 'unclear', 'later']);
    const everywhere = [
      ...toFix.flatMap(({ checks }) => checks),
      ...notVerified,
      ...missing.flatMap(({ checks }) => checks.map((one) => one.check)),
      ...manual,
      ...passed,
    ];
    expect(ids(everywhere).toSorted()).toEqual(ids(all).toSorted());
  });

  test('knows what a check waits for even if that is not in the report', () => {
    const token = lacks('token', 'scimToken');
    const person = waits('person', 'token');
    expect(ids(reportGroups([person], [token, person]).notVerified)).toEqual([]);
    expect(ids(reportGroups([person]).notVerified)).toEqual(['person']);
  });
});

describe('missingInputText', () => {
  test('names the input, the checks, and their other requirements', () => {
    const { missing } = reportGroups([lacks('A', 'testSignIn'), lacks('B', 'testSignIn', 'serviceUrl')]);
    const [text] = missing.map((one) => missingInputText(english, one, ({ id }) => id));
    expect(text).toBe(
      'With “Test sign-in”, 2 more checks run: A, B (also needs “API address of the service”).',
    );
    const [single] = reportGroups([lacks('A', 'testSignIn')]).missing;
    expect(single && missingInputText(english, single, ({ id }) => id)).toBe(
      'With “Test sign-in”, 1 more check runs: A.',
    );
  });
});
