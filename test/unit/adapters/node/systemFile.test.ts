import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, isInUse, retryWhileBusy, readIfExists } from '../../../../src/adapters/node/systemFile.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

describe('readIfExists: a file', () => {
  test('that is missing is undefined', async () => {
    await using folder = await temporaryFolder();
    expect(await readIfExists(join(folder.path, 'a.json'))).toBeUndefined();
  });

  test('that is unreadable does not count as missing', async () => {
    await using folder = await temporaryFolder();
    expect(codeOf(await rejectionOf(readIfExists(folder.path)))).toBe('EISDIR');
  });
});

test.each([
  ['the system', Object.assign(new Error('no'), { code: 'ENOSPC' }), 'ENOSPC'],
  ['an error without one', new Error('no'), undefined],
  ['a number', new DOMException('no', 'AbortError'), undefined],
  ['no error', { code: 'ENOSPC' }, undefined],
])('the code of %s', (_, error, code) => {
  expect(codeOf(error)).toBe(code);
});

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('retryWhileBusy: a file that another program has open on Windows', () => {
  const tried = async (code: string, platform: NodeJS.Platform, times = Infinity) => {
    const waited: number[] = [];
    let calls = 0;
    const work = async (): Promise<string> => {
      if (calls++ < times) throw failure(code);
      return 'done';
    };
    const outcome = await retryWhileBusy(work, platform, async (milliseconds) =>
      waited.push(milliseconds),
    ).catch((error: unknown) => error);
    return { outcome, calls, waited: waited.reduce((sum, one) => sum + one, 0) };
  };

  test.each(['EPERM', 'EACCES', 'EBUSY'])('is retried (%s)', async (code) => {
    const { waited, ...rest } = await tried(code, 'win32', 2);
    expect(rest).toEqual({ outcome: 'done', calls: 3 });
    expect(waited).toBeLessThanOrEqual(45);
  });

  test('that stays so is reported as inaccessible within three seconds', async () => {
    const { outcome, calls, waited } = await tried('EPERM', 'win32');
    expect(outcome).toMatchObject({ code: 'EPERM' });
    expect(waited).toBeLessThan(3000);
    expect(calls).toBeGreaterThan(15); // Allow many attempts, since many compete.
  });

  test.each([
    ['ENOENT', 'win32'],
    ['ENOSPC', 'win32'],
    ['EPERM', 'linux'],
    ['EACCES', 'darwin'],
  ] as const)('%s on %s is reported at once', async (code, platform) => {
    expect(await tried(code, platform)).toMatchObject({ outcome: { code }, calls: 1, waited: 0 });
  });

  test('really waits', async () => {
    let calls = 0;
    const before = performance.now();
    await retryWhileBusy(async () => {
      if (calls++ === 0) throw failure('EBUSY');
    }, 'win32');
    expect(performance.now() - before).toBeGreaterThan(5);
  });
});

describe('isInUse', () => {
  test('is an error on Windows only', async () => {
    expect(isInUse(await rejectionOf(Promise.reject(failure('EBUSY'))), 'win32')).toBe(true);
    expect(isInUse(failure('EBUSY'), 'linux')).toBe(false);
    expect(isInUse(new Error('EBUSY'), 'win32')).toBe(false);
  });
});
