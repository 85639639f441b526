import type * as FileSystem from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createPolicyFile } from '../../../../src/adapters/node/policyFile.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';

const { lstat } = vi.hoisted(() => ({ lstat: vi.fn() }));
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof FileSystem>()),
  lstat,
}));

beforeEach(() => {
  lstat.mockReset();
});

describe('createPolicyFile', () => {
  test('the file, the folder and the note beside it were looked for one after the other, five times a sign-in', async () => {
    const answers: (() => void)[] = [];
    lstat.mockImplementation(
      () =>
        new Promise((_, reject) => {
          answers.push(() => reject(Object.assign(new Error('none'), { code: 'ENOENT' })));
        }),
    );
    const read = createPolicyFile({ path: '/etc/developer-sign-in/policy.json', owner: 0 }, fakeLog())();
    expect(lstat.mock.calls.map(([path]) => basename(String(path))).sort()).toEqual([
      'policy.d',
      'policy.json',
      'policy.required',
    ]);
    for (const answer of answers) answer();
    expect(await read).toMatchObject({ state: 'none', files: [] });
    expect(lstat).toHaveBeenCalledTimes(3);
  });
});
