import { describe, expect, test, vi } from 'vitest';

import { rememberSecrets } from '../../../../src/adapters/vscode/rememberedSecrets.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { recordsWindow, sealingKey, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const id = 'a'.repeat(32);

/** SecretStorage, and how often it was asked. */
function counted(stored = fakeSecrets({ a: '1' })) {
  return { stored, get: vi.spyOn(stored, 'get'), keys: vi.spyOn(stored, 'keys') };
}

describe('rememberSecrets', () => {
  test('asks SecretStorage once, however often a secret and the names are wanted', async () => {
    const { stored, get, keys } = counted();
    using secrets = rememberSecrets(stored);
    for (let call = 0; call < 3; call += 1) {
      expect(await secrets.get('a')).toBe('1');
      expect(await secrets.keys()).toEqual(['a']);
    }
    expect([get.mock.calls.length, keys.mock.calls.length]).toEqual([1, 1]);
  });

  test('has what another window has changed, as soon as VS Code tells it', async () => {
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

  test('has what this window has changed, also where VS Code tells it no change', async () => {
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

  test('does not keep an answer that was on its way when the secret changed', async () => {
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

  test('does not keep what was read while this window changed it', async () => {
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

  test('asks again for a secret that was not there: a keyring that is unlocked tells no change', async () => {
    const { stored } = counted(fakeSecrets());
    using secrets = rememberSecrets(stored);
    expect(await secrets.get('a')).toBeUndefined();
    stored.map.set('a', '1');
    expect(await secrets.get('a')).toBe('1');
  });

  test('asks a keyring again that could not be read', async () => {
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
  test('a record that is read over and over makes no round trip to the editor', async () => {
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
    'the change and the sign-out of another window are seen at once, where SecretStorage %s',
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
