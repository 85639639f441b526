import { chmod, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withLockFile } from '../../../../src/adapters/node/lockFile.ts';
import { storageData } from '../../../../src/adapters/node/storageData.ts';
import { january } from '../../fakes/examples.ts';
import { deadProcess } from '../../fakes/deadProcess.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { brokenSecrets, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const never = new AbortController().signal;

describe('storageData', () => {
  test('a working keyring: its size, and whether the sealing key exists', async () => {
    await using folder = await temporaryFolder();
    const there = await storageData(folder.path, secretsWithKey({ 'session:1': 'x' }), january);
    expect(there.keyring).toEqual({ state: 'answers', secrets: 2, hasSealingKey: true });
    const without = await storageData(folder.path, fakeSecrets(), january);
    expect(without.keyring).toEqual({ state: 'answers', secrets: 0, hasSealingKey: false });
  });

  test('a failing keyring: its error code', async () => {
    await using folder = await temporaryFolder();
    const { keyring } = await storageData(folder.path, brokenSecrets('keys'), january);
    expect(keyring).toEqual({ state: 'fails', code: 'EKEYRING' });
  });

  test('a missing folder: the system’s code, without creating it', async () => {
    await using folder = await temporaryFolder();
    const facts = await storageData(join(folder.path, 'missing'), fakeSecrets(), january);
    expect(facts).toMatchObject({ folder: 'ENOENT', records: 0, locks: [] });
    expect(await folder.names()).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('a folder: its mode, records and locks, by holder', async () => {
    await using folder = await temporaryFolder();
    await chmod(folder.path, 0o700);
    await writeFile(join(folder.path, 'a.json'), '{}');
    const dead = join(folder.path, 'dead.lock');
    await writeFile(dead, JSON.stringify({ pid: await deadProcess(), startedAt: '', nonce: 'n' }));
    const now = Date.now();
    await utimes(dead, new Date(now - 60_000), new Date(now - 60_000));
    await withLockFile(join(folder.path, 'own.lock'), never, async () => {
      const facts = await storageData(folder.path, fakeSecrets(), now);
      expect(facts).toMatchObject({ folder: '700', records: 1 });
      expect(facts.locks.map(({ name, holder }) => [name, holder]).sort()).toEqual([
        ['dead.lock', 'dead'],
        ['own.lock', 'thisWindow'],
      ]);
      expect(facts.locks.find(({ holder }) => holder === 'dead')?.ageSeconds).toBe(60);
    });
  });
});
