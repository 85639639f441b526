import * as files from 'node:fs/promises';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLockFiles, writeDurably } from '../../../../src/adapters/node/atomicFiles.ts';
import { codeOf, readIfExists } from '../../../../src/adapters/node/systemFile.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

describe('writeDurably: a durable file', () => {
  test('can be read back, and nothing else is left in its folder', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await writeDurably(path, 'first');
    await writeDurably(path, 'second, in any script: 世界');
    expect(await readIfExists(path)).toBe('second, in any script: 世界');
    expect(await folder.names()).toEqual(['a.json']);
  });

  test.skipIf(process.platform === 'win32')('is readable by its owner only', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await writeFile(path, 'open to all', { mode: 0o644 });
    await writeDurably(path, 'secret');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('is never partially visible, with any number of writers', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    const texts = Array.from({ length: 10 }, (_, i) => String(i).repeat(20_000));
    await writeDurably(path, texts[0] ?? '');
    const writing = Promise.all(texts.map((text) => writeDurably(path, text)));
    const seen: (string | undefined)[] = [];
    for (let looks = 0; looks < 30; looks++) seen.push(await readIfExists(path));
    await writing;
    expect(seen.every((text) => text !== undefined && texts.includes(text))).toBe(true);
    expect(await folder.names()).toEqual(['a.json']);
  });

  test('reports why it cannot be written, leaves no trace, and keeps the old file', async () => {
    await using folder = await temporaryFolder();
    const inTheWay = join(folder.path, 'a.json');
    await mkdir(join(inTheWay, 'more'), { recursive: true });
    expect(await rejectionOf(writeDurably(inTheWay, 'text'))).toHaveProperty('code');
    expect(await folder.names()).toEqual(['a.json']);
  });

  test.each(['EINVAL', 'ENOTSUP', 'EACCES'])(
    'is written, also where its folder can’t be synced, as on a network share (%s)',
    async (code) => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, 'a.json');
      const tried: unknown[] = [];
      const open: typeof files.open = async (...all) => {
        if (all[0] !== folder.path) return files.open(...all);
        tried.push(all[0]);
        throw Object.assign(new Error(code), { code });
      };
      await writeDurably(path, 'text', 'linux', { ...files, open });
      expect(tried).toEqual([folder.path]);
      expect(await readIfExists(path)).toBe('text');
      expect(await folder.names()).toEqual(['a.json']);
    },
  );

  test('reports a missing folder', async () => {
    await using folder = await temporaryFolder();
    const outcome = writeDurably(join(folder.path, 'missing', 'a.json'), 'text');
    expect(codeOf(await rejectionOf(outcome))).toBe('ENOENT');
  });
});

/** A call that the system rejects this many times, as Windows does while a scanner has the file open. */
function refused<A extends readonly unknown[], R>(
  call: (...given: A) => Promise<R>,
  times: number,
  code = 'EPERM',
): (...given: A) => Promise<R> {
  let left = times;
  return async (...given) => {
    if (left-- > 0) throw Object.assign(new Error(code), { code });
    return call(...given);
  };
}

describe('writeDurably: on Windows, a file that another program has open', () => {
  test.each(['EPERM', 'EACCES', 'EBUSY'])('is replaced when it becomes free (%s)', async (code) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    await writeDurably(path, 'first');
    await writeDurably(path, 'second', 'win32', { ...files, rename: refused(files.rename, 3, code) });
    expect(await readIfExists(path)).toBe('second');
    expect(await folder.names()).toEqual(['a.json']);
  });

  test("on other systems, reports the system's error at once", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.json');
    const outcome = writeDurably(path, 'text', 'linux', { ...files, rename: refused(files.rename, 1) });
    expect(codeOf(await rejectionOf(outcome))).toBe('EPERM');
    expect(await folder.names()).toEqual([]);
  });
});

describe('createLockFiles: on a full disk', () => {
  test('each attempt to lock left an empty file', async () => {
    await using folder = await temporaryFolder();
    const open: typeof files.open = async (...all) => {
      const file = await files.open(...all);
      file.writeFile = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
      return file;
    };
    const lockFiles = createLockFiles('linux', { ...files, open });
    expect(await rejectionOf(lockFiles.create(join(folder.path, 'a.lock.1'), '{}'))).toMatchObject({
      code: 'ENOSPC',
    });
    expect(await folder.names()).toEqual([]);
  });
});

describe('createLockFiles: on Android', () => {
  const onAndroid = createLockFiles('android', { ...files, link: refused(files.link, Infinity, 'EACCES') });

  test('which allows no hard links and returns EACCES, supports locks too', async () => {
    await using folder = await temporaryFolder();
    const [from, to] = ['a', 'b'].map((name) => join(folder.path, name)) as [string, string];
    await writeFile(from, 'nonce');
    expect(await onAndroid.link(from, to)).toBe(true);
    expect(await readIfExists(to)).toBe('nonce');
    expect(await onAndroid.link(from, to)).toBe(false);
  });

  test('a folder that can’t be written is still reported', async () => {
    const locks = createLockFiles('android', {
      ...files,
      link: refused(files.link, 1, 'EACCES'),
      writeFile: refused(files.writeFile, 1, 'EACCES'),
    });
    await using folder = await temporaryFolder();
    const from = join(folder.path, 'a');
    await writeFile(from, 'nonce');
    expect(codeOf(await rejectionOf(locks.link(from, join(folder.path, 'b'))))).toBe('EACCES');
  });
});

describe('createLockFiles: on Windows', () => {
  const onWindows = (system: Partial<typeof files>) => createLockFiles('win32', { ...files, ...system });

  test.each([
    ['that is being removed', { link: refused(files.link, 1), writeFile: refused(files.writeFile, 1) }],
    ['that a scanner has open', { link: refused(files.link, 1, 'EBUSY') }],
  ])('a lock %s counts as held, not as a failure', async (_, system) => {
    await using folder = await temporaryFolder();
    const [from, to] = ['a', 'b'].map((name) => join(folder.path, name)) as [string, string];
    await writeFile(from, 'nonce');
    const locks = onWindows(system);
    expect(await locks.link(from, to)).toBe(false);
    expect(await locks.link(from, to)).toBe(true);
  });

  test('a lock that a scanner has open is still released', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.lock');
    await writeFile(path, 'nonce');
    await onWindows({ unlink: refused(files.unlink, 3, 'EBUSY') }).removeIf(path, 'nonce');
    expect(await folder.names()).toEqual([]);
  });

  test('a lock that is read during its replacement is read afterwards', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.lock');
    await writeFile(path, 'nonce');
    expect(await onWindows({ open: refused(files.open, 2) }).read(path)).toMatchObject({ text: 'nonce' });
  });

  test('exFAT, which has no hard links and returns EISDIR, supports locks too', async () => {
    await using folder = await temporaryFolder();
    const [from, to] = ['a', 'b'].map((name) => join(folder.path, name)) as [string, string];
    await writeFile(from, 'nonce');
    const locks = onWindows({ link: refused(files.link, Infinity, 'EISDIR') });
    expect(await locks.link(from, to)).toBe(true);
    expect(await readIfExists(to)).toBe('nonce');
    expect(await locks.link(from, to)).toBe(false);
  });
});
