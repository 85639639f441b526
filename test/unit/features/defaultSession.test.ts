import { describe, expect, test } from 'vitest';
import { byPreference, isDefault } from '../../../src/features/defaultSession.ts';
import { identityCenterSession, oktaSession } from '../fakes/examples.ts';

const first = { ...oktaSession, id: '1' };
const second = { ...oktaSession, id: '2' };
const wide = {
  ...oktaSession,
  id: '0',
  tokenSet: { ...oktaSession.tokenSet, scopes: ['a', 'b', 'c', 'd', 'e'] },
};
const ended = { at: 0, kind: 'grantRevoked' } as const;

describe('byPreference', () => {
  test('the preferred session, then the one with the fewest scopes, then in stored order', () => {
    const all = [second, wide, first, { ...second, id: '3', preferredAt: 1 }];
    expect(all.toSorted(byPreference).map(({ id }) => id)).toEqual(['3', '1', '2', '0']);
  });
});

describe('isDefault', () => {
  test.each([
    ['none was chosen: the first that VS Code gets', [wide, first, second], '1'],
    ['one was chosen', [{ ...wide, preferredAt: 1 }, first], '0'],
    ['the chosen one has ended', [{ ...first, preferredAt: 1, ended }, second], '2'],
    [
      'all have ended',
      [
        { ...first, ended },
        { ...second, preferredAt: 1, ended },
      ],
      '2',
    ],
    ['there is only one', [first, identityCenterSession], undefined],
  ])('%s', (_name, all, id) => {
    expect(all.filter((one) => isDefault(one, all)).map((one) => one.id)).toEqual(
      id === undefined ? [] : [id],
    );
  });
});
