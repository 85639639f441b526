import { describe, expect, test } from 'vitest';
import { policyPlace, rootInUserNamespace } from '../../../../src/adapters/node/policyPlace.ts';

test.each([
  ['linux', '/etc/developer-sign-in/policy.json'],
  ['darwin', '/Library/Application Support/developer-sign-in/policy.json'],
] as const)('on %s it is %s, and root’s', async (platform, path) => {
  expect(await policyPlace(platform, { ProgramData: '/elsewhere' })).toMatchObject({ path, owner: 0 });
});

describe('rootInUserNamespace: 06.03: in a user namespace', () => {
  const files =
    (map: string, overflow = '65534') =>
    (path: string) =>
      Promise.resolve(path.endsWith('uid_map') ? map : overflow);
  const own = '         0       1000          1';

  test.each([
    ['root’s files have the overflow ID', own, 65_534, 65_534],
    ['that has all users, they have none', '         0          0 4294967295', 65_534, undefined],
    ['whose /etc is someone’s, they have none', own, 1000, undefined],
    ['whose /etc is root’s, they have none', own, 0, undefined],
  ])('%s', async (_, map, etc, expected) => {
    expect(await rootInUserNamespace(files(map), () => Promise.resolve(etc))).toBe(expected);
  });
});
