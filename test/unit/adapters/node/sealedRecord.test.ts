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
