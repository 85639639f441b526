import { describe, expect, test, vi } from 'vitest';

import { rememberSecrets } from '../../../../src/adapters/vscode/rememberedSecrets.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { recordsWindow, sealingKey, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const id = 'a'.repeat(32);

/** SecretStorage, and the number of reads. */
function counted(stored = fakeSecrets({ a: '1' })) {
  return { stored, get: vi.spyOn(stored, 'get'), keys: vi.spyOn(stored, 'keys') };
}

describe('rememberSecrets', () => {
  test('reads SecretStorage once, however often a secret and the names are used', async () => {
    const { stored, get, keys } = counted();
    using secrets = rememberSecrets(stored);
    for (let call = 0; call < 3; call += 1) {
      expect(await secrets.get('a')).toBe('1');
      expect(await secrets.keys()).toEqual(['a']);
    }
    expect([get.mock.calls.length, keys.mock.calls.length]).toEqual([1, 1]);
  });

  test("sees another window's change as soon as VS Code reports it", async () => {
    const { stored } = counted();
    using secrets = rememberSecrets(stored);
    await Promise.all([secrets.get('a'), secrets.get('b'), secrets.keys()]);
    stored.map.set('a', '2');
    stored.changedElsewhere('a');
    expect(await secrets.get('a')).toBe('2');
    stored.map.delete('a');
    stored.changedElsewhere('a');
    stored.map.set('b', '3');
    stored.changedElsewhere('b');
    expect([await secrets.get('a'), await secrets.get('b'), await secrets.keys()]).toEqual([
      undefined,
      '3',
      ['b'],
    ]);
  });

  test("sees this window's change, even if VS Code does not report it", async () => {
    const { stored } = counted();
    using secrets = rememberSecrets({
      ...stored,
      onDidChange: () => ({ [Symbol.dispose]: () => undefined }),
    });
    await Promise.all([secrets.get('a'), secrets.keys()]);
    await secrets.set('a', '2');
    expect([await secrets.get('a'), await secrets.keys()]).toEqual(['2', ['a']]);
    await secrets.delete('a');
    expect([await secrets.get('a'), await secrets.keys()]).toEqual([undefined, []]);
  });

  test('discards a pending read when the secret changes', async () => {
    const { stored, get, keys } = counted();
    const [late, lateKeys] = [Promise.withResolvers<string>(), Promise.withResolvers<string[]>()];
    get.mockReturnValueOnce(late.promise);
    keys.mockReturnValueOnce(lateKeys.promise);
    using secrets = rememberSecrets(stored);
    const before = [secrets.get('a'), secrets.keys()];
    stored.map.clear();
    stored.changedElsewhere('a');
    late.resolve('1');
    lateKeys.resolve(['a']);
    expect(await Promise.all(before)).toEqual(['1', ['a']]);
    expect([await secrets.get('a'), await secrets.keys()]).toEqual([undefined, []]);
  });

  test("discards a read that started during this window's change", async () => {
    const { stored } = counted();
    const writing = Promise.withResolvers<undefined>();
    using secrets = rememberSecrets({
      ...stored,
      set: async (key, value) => {
        await writing.promise;
        stored.map.set(key, value);
      },
    });
    const changing = secrets.set('a', '2');
    expect(await secrets.get('a')).toBe('1');
    writing.resolve(undefined);
    await changing;
    expect(await secrets.get('a')).toBe('2');
  });

  test('reads a missing secret again: unlocking a keyring does not fire an event', async () => {
    const { stored } = counted(fakeSecrets());
    using secrets = rememberSecrets(stored);
    expect(await secrets.get('a')).toBeUndefined();
    stored.map.set('a', '1');
    expect(await secrets.get('a')).toBe('1');
  });

  test('reads again from a keyring that failed', async () => {
    const { stored, get, keys } = counted();
    get.mockRejectedValueOnce(new Error('locked'));
    keys.mockRejectedValueOnce(new Error('locked'));
    using secrets = rememberSecrets(stored);
    await expect(secrets.get('a')).rejects.toThrow('locked');
    await expect(secrets.keys()).rejects.toThrow('locked');
    expect([await secrets.get('a'), await secrets.keys()]).toEqual(['1', ['a']]);
  });
});

describe('rememberSecrets under session records', () => {
  test('repeated reads of a record make no round trip to the editor', async () => {
    await using folder = await temporaryFolder();
    const { stored, get, keys } = counted(secretsWithKey());
    using secrets = rememberSecrets(stored);
    const records = recordsWindow(folder.path, secrets);
    await records.write(id, 'record 1', 'about 1');
    await records.ids();
    await records.read(id);
    get.mockClear();
    keys.mockClear();
    for (let call = 0; call < 3; call += 1) {
      expect(await records.ids()).toEqual([id]);
      expect(await records.read(id)).toEqual({ state: 'newest', record: 'record 1' });
    }
    expect([get.mock.calls.length, keys.mock.calls.length]).toEqual([0, 0]);
  });

  test.each(['tells of the other windows', 'never tells of the other windows'])(
    "sees another window's change and sign-out at once, if SecretStorage %s",
    async (how) => {
      await using folder = await temporaryFolder();
      const mine = fakeSecrets({ sealingKey });
      using secrets = rememberSecrets(mine);
      const here = recordsWindow(folder.path, secrets);
      const elsewhere = recordsWindow(folder.path, how.startsWith('never') ? secretsWithKey() : mine);
      await here.write(id, 'record 1', 'about 1');
      await here.read(id);
      await elsewhere.write(id, 'record 2', 'about 2');
      expect(await here.read(id)).toEqual({ state: 'newest', record: 'record 2' });
      await elsewhere.remove(id);
      expect(await here.read(id)).toEqual({ state: 'absent' });
    },
  );
});
