import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { brokenSecrets, recordsWindow, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

/** A disk that refuses calls with an error of the system. */
const disk = vi.hoisted((): { refuses: Readonly<Partial<Record<string, string>>> } => ({ refuses: {} }));

vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const original = await importOriginal();
  const unlessRefused =
    <A extends readonly unknown[], R>(name: string, call: (...all: A) => Promise<R>) =>
    async (...all: A): Promise<R> => {
      const code = disk.refuses[name];
      // Reading and listing still work.
      if (code !== undefined && !(name === 'open' && all[1] === 'r'))
        throw Object.assign(new Error(code), { code });
      return call(...all);
    };
  return {
    ...original,
    open: unlessRefused('open', original.open),
    unlink: unlessRefused('unlink', original.unlink),
  };
});

afterEach(() => {
  disk.refuses = {};
});

const id = 'a'.repeat(32);
const other = 'b'.repeat(32);
const never = new AbortController().signal;
const absent = { state: 'absent' };

describe('removeRecord', () => {
  test('a sign-out on a full disk left the sealed record, and the next window was signed in again', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    disk.refuses = { open: 'ENOSPC' };
    await window.remove(id);
    expect(await window.read(id)).toEqual(absent);
    expect(await recordsWindow(folder.path, secrets).read(id)).toEqual(absent);
    expect(await folder.names()).toEqual([]);
    expect(JSON.stringify([...secrets.map])).not.toContain('record 1');
  });

  test('a sign-out on a disk that became read-only was undone by the next window', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    disk.refuses = { open: 'EROFS', unlink: 'EROFS' };
    await window.remove(id);
    expect(await window.read(id)).toEqual(absent);
    expect(await recordsWindow(folder.path, secrets).read(id)).toEqual(absent);
    expect(JSON.stringify([...secrets.map])).not.toContain('record 1');
    expect(window.troubles).toEqual(['disk']);
  });

  test('a sign-out on a read-only disk left the sealed record there for good, and did not say so', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    await window.write(other, 'record 2', 'about 2');
    disk.refuses = { open: 'EROFS', unlink: 'EROFS' };
    expect(await window.remove(id)).toEqual({ isFileLeft: true });
    const sealed = await readFile(join(folder.path, `${id}.json`), 'utf8');
    expect(sealed).toContain('"removed":false');
    disk.refuses = {};
    expect(await recordsWindow(folder.path, secrets).read(id)).toEqual(absent);
    await vi.waitFor(async () =>
      expect(await readFile(join(folder.path, `${id}.json`), 'utf8')).toContain('"removed":true'),
    );
    await vi.waitFor(() => expect([...secrets.map.keys()]).toEqual(['sealingKey', `session:${other}`]));
    expect(await recordsWindow(folder.path, secrets).read(id)).toEqual(absent);
    expect(await window.remove(other)).toEqual({});
  });

  test('what is left of it is not deleted after a new sign-in', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    disk.refuses = { open: 'EROFS', unlink: 'EROFS' };
    await window.remove(id);
    disk.refuses = {};
    const next = recordsWindow(folder.path, secrets);
    const reading = next.read(id);
    await next.withLock(id, never, () => next.write(id, 'record 3', 'about 3'));
    await reading;
    await next.withLock(id, never, async () => undefined); // After the deletion, if there is one.
    expect(await recordsWindow(folder.path, secrets).read(id)).toEqual({
      state: 'newest',
      record: 'record 3',
    });
  });

  test('after a sign-out on a read-only disk, a new sign-in counts', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    disk.refuses = { open: 'EROFS', unlink: 'EROFS' };
    await window.remove(id);
    await window.write(id, 'record 2', 'about 2');
    const newest = { state: 'newest', record: 'record 2' };
    expect(await window.read(id)).toEqual(newest);
    expect(await recordsWindow(folder.path, secrets).read(id)).toEqual(newest);
  });

  test('a sign-out on a read-only disk with a keyring that throws was undone in its own window', async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path, brokenSecrets('set', 'delete'));
    await window.write(id, 'record 1', 'about 1');
    disk.refuses = { open: 'EROFS', unlink: 'EROFS' };
    await window.remove(id);
    expect(await window.read(id)).toEqual(absent);
  });
});
