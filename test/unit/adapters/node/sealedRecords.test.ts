import { mkdir, readdir, readFile, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { recordsWindow, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const id = 'a'.repeat(32);
const inSecret = (generation: number, record: string) => ({
  [`session:${id}`]: JSON.stringify({ generation, record }),
});

/** Two windows of code-server: one folder, and secrets that neither shares with the other. */
async function twoWindows(firstKnows = {}, secondKnows = {}) {
  const folder = await temporaryFolder();
  const path = join(folder.path, `${id}.json`);
  return {
    folder,
    path,
    first: recordsWindow(folder.path, secretsWithKey(firstKnows)),
    second: recordsWindow(folder.path, secretsWithKey(secondKnows)),
    generation: async () => (JSON.parse(await readFile(path, 'utf8')) as { generation: number }).generation,
    change: async (changes: object) => {
      const file = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify({ ...file, ...changes }));
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('createSealedRecords: a record', () => {
  test('can be read by the window that wrote it', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  });

  test('can be read at once by a window whose SecretStorage gets no updates', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  });

  test('that was never written is absent', async () => {
    await using at = await twoWindows();
    expect(await at.first.read(id)).toEqual({ state: 'absent' });
  });

  test('is sealed in its file: only its plain-text details are readable', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'refresh token 0a1b2c3d', 'about 1');
    const file = await readFile(at.path, 'utf8');
    expect(file).toContain('about 1');
    expect(file).not.toMatch(/refresh|0a1b2c3d/);
    expect(file).not.toContain(Buffer.from('refresh token 0a1b2c3d').toString('base64').slice(0, 12));
  });

  test('from before generation numbers is read, and the next one is newer', async () => {
    await using at = await twoWindows({ [`session:${id}`]: 'a record of old' });
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'a record of old' });
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  });
});

describe('createSealedRecords: between secret and file', () => {
  test("a newer file wins over this window's secret", async () => {
    await using at = await twoWindows();
    await at.second.write(id, 'record 1', 'about 1');
    await at.first.write(id, 'record 2', 'about 2');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });

  test('a newer secret wins over a file that a full disk left behind', async () => {
    await using at = await twoWindows({}, inSecret(2, 'record 2'));
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });

  test('generations continue from the highest, whichever window wrote it', async () => {
    await using at = await twoWindows({}, inSecret(6, 'record 6'));
    const generations: number[] = [];
    for (const window of [at.first, at.first, at.second, at.first]) {
      await window.write(id, 'record', 'about');
      generations.push(await at.generation());
    }
    expect(generations).toEqual([1, 2, 7, 8]);
  });

  test('generations continue after a removal', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    await at.second.remove(id);
    await at.first.write(id, 'record 3', 'about 3');
    expect(await at.generation()).toBe(3);
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 3' });
  });
});

describe('createSealedRecords: a removed record', () => {
  test('is absent in every window, even with its secret in memory', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    await at.second.write(id, 'record 2', 'about 2');
    await at.first.remove(id);
    expect([await at.first.read(id), await at.second.read(id)]).toEqual([
      { state: 'absent' },
      { state: 'absent' },
    ]);
  });

  test('leaves neither its secret nor its seal behind', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    await window.remove(id);
    expect([...secrets.map.keys()]).toEqual(['sealingKey']);
    const removal: unknown = JSON.parse(await readFile(join(folder.path, `${id}.json`), 'utf8'));
    expect(removal).toMatchObject({ version: 1, generation: 2, removed: true, data: '' });
    expect(removal, 'the key tells the keyring').not.toHaveProperty('keyring');
  });

  test('stays absent for a secret of the same generation', async () => {
    await using at = await twoWindows({}, inSecret(1, 'stale'));
    await at.first.remove(id);
    expect(await at.second.read(id)).toEqual({ state: 'absent' });
  });

  test('is present again for a newer secret: a user signed in later', async () => {
    await using at = await twoWindows({}, inSecret(5, 'record 5'));
    await at.first.remove(id);
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 5' });
  });
});

describe('createSealedRecords: a file that does not open', () => {
  const tampered: readonly (readonly [string, object])[] = [
    ['its data was changed', { data: Buffer.from('something else').toString('base64') }],
    ['its generation was raised', { generation: 9 }],
  ];
  const ofAnotherKey = ['its key has another name', { key: '0123456789abcdef' }] as const;

  test.each([...tampered, ofAnotherKey])(
    'because %s is lost without a secret, and shows its plain-text details',
    async (_, change) => {
      await using at = await twoWindows();
      await at.first.write(id, 'record 1', 'about 1');
      await at.change(change);
      expect(await at.second.read(id)).toEqual({ state: 'lost', about: 'about 1' });
    },
  );

  test.each(tampered)("because %s leaves this window's secret, but marked as older", async (_, change) => {
    await using at = await twoWindows();
    await at.second.write(id, 'record 1', 'about 1');
    await at.first.write(id, 'record 2', 'about 2');
    await at.change(change);
    expect(await at.second.read(id)).toEqual({ state: 'older', record: 'record 1' });
  });

  test('because it belongs to another record is lost', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    const other = 'b'.repeat(32);
    await writeFile(join(at.folder.path, `${other}.json`), await readFile(at.path));
    expect(await at.second.read(other)).toEqual({ state: 'lost', about: 'about 1' });
  });

  test('because this window has another key is lost, or older', async () => {
    await using at = await twoWindows();
    const otherKey = { sealingKey: Buffer.alloc(32, 7).toString('base64') };
    await at.first.write(id, 'record 2', 'about 2');
    const foreign = recordsWindow(at.folder.path, fakeSecrets(otherKey));
    expect(await foreign.read(id)).toEqual({ state: 'lost', about: 'about 2' });
    const remembering = recordsWindow(
      at.folder.path,
      fakeSecrets({ ...otherKey, ...inSecret(0, 'record 0') }),
    );
    expect(await remembering.read(id)).toEqual({ state: 'older', record: 'record 0' });
  });

  test('is replaced by the next write', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    await at.change({ data: '' });
    await at.second.write(id, 'record 2', 'about 2');
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });

  test.each(['', '{', '[]', '{"version":99}'])(
    'because it contains %j does not count: the secret decides',
    async (text) => {
      await using at = await twoWindows(inSecret(1, 'record 1'));
      await writeFile(at.path, text);
      expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 1' });
      expect(await at.second.read(id)).toEqual({ state: 'absent' });
    },
  );
});

/** A file written by an attacker with access to the folder, but without the key. */
const forged = (path: string, file: string) => writeFile(path, file);
const odd = ['1e999', '1e308', '9007199254740993', '9007199254740991', '99', '-1', '0.5', '"1"', 'null'];

describe('createSealedRecords: 05.04: an unsealed removal', () => {
  test.each(odd)(
    'of generation %s does not end a session, and a new session is visible in every window',
    async (generation) => {
      await using at = await twoWindows();
      const secrets = secretsWithKey();
      const one = recordsWindow(at.folder.path, secrets);
      await one.write(id, 'record 1', 'about 1');
      await forged(at.path, `{"version":1,"generation":${generation},"removed":true}`);
      expect(await one.read(id)).toEqual({ state: 'newest', record: 'record 1' });
      expect(await recordsWindow(at.folder.path, secrets).read(id)).toEqual({
        state: 'newest',
        record: 'record 1',
      });
      await one.write(id, 'record 2', 'about 2');
      expect(await one.read(id)).toEqual({ state: 'newest', record: 'record 2' });
      expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
    },
  );

  test('with the seal of a record, or of another removal, does not count', async () => {
    await using at = await twoWindows();
    const secrets = secretsWithKey();
    const one = recordsWindow(at.folder.path, secrets);
    const other = 'b'.repeat(32);
    await one.write(other, 'record', 'about');
    await one.remove(other);
    const removal = JSON.parse(await readFile(join(at.folder.path, `${other}.json`), 'utf8')) as object;
    await one.write(id, 'record 1', 'about 1');
    const record = JSON.parse(await readFile(at.path, 'utf8')) as object;
    for (const file of [{ ...record, removed: true }, { ...removal, generation: 7 }, removal]) {
      await forged(at.path, JSON.stringify(file));
      expect(await one.read(id)).toEqual({ state: 'newest', record: 'record 1' });
    }
  });

  test('counts if nothing is left to remove: release 0.1.0 wrote it', async () => {
    await using at = await twoWindows();
    await forged(at.path, '{"version":1,"generation":4,"removed":true}');
    expect(await at.first.read(id)).toEqual({ state: 'absent' });
    await at.first.write(id, 'record 5', 'about 5');
    expect(await at.generation()).toBe(5);
  });
});

describe('createSealedRecords: 05.04: a record with an invalid generation', () => {
  test.each(odd)(
    '%s: keeps the session in the secret, and every window reads the next one',
    async (generation) => {
      await using at = await twoWindows();
      const secrets = secretsWithKey();
      const one = recordsWindow(at.folder.path, secrets);
      await one.write(id, 'record 1', 'about 1');
      const text = await readFile(at.path, 'utf8');
      await forged(at.path, text.replace('"generation":1', `"generation":${generation}`));
      expect(await one.read(id)).toMatchObject({ record: 'record 1' });
      await one.write(id, 'record 2', 'about 2');
      expect(await one.read(id)).toEqual({ state: 'newest', record: 'record 2' });
      expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
    },
  );

  test.each(['1e999', '9007199254740993', '-1'])(
    '%s in a secret does not lose a session either',
    async (generation) => {
      await using at = await twoWindows({
        [`session:${id}`]: `{"generation":${generation},"record":"record 1"}`,
      });
      expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 1' });
    },
  );
});

describe('createSealedRecords: 05.03: an old file that was restored', () => {
  test('is used by a window that has read the newer one, but never spent', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    const before = await readFile(at.path, 'utf8');
    await at.first.write(id, 'record 2', 'about 2');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
    await writeFile(at.path, before);
    expect(await at.second.read(id)).toEqual({ state: 'older', record: 'record 1' });
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 2' });
    await at.second.write(id, 'record 3', 'about 3');
    expect(await at.generation()).toBe(3);
  });

  test('from before a removal does not revive the session', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    const before = await readFile(at.path, 'utf8');
    await at.first.remove(id);
    await writeFile(at.path, before);
    expect((await at.first.read(id)).state).not.toBe('newest');
  });

  test('that says removed does not end a newer session', async () => {
    await using at = await twoWindows();
    await at.first.remove(id);
    const removal = await readFile(at.path, 'utf8');
    await at.first.write(id, 'record 2', 'about 2');
    await writeFile(at.path, removal);
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });
});

describe('createSealedRecords: two browsers at one server ended each other’s sign-in', () => {
  const otherKey = { sealingKey: Buffer.alloc(32, 7).toString('base64') };

  /** Two windows of the first browser, which has written a record, and one of a second browser. */
  async function twoBrowsers() {
    const folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const [first, second, there] = [secrets, secretsWithKey(), fakeSecrets(otherKey)].map((one) =>
      recordsWindow(folder.path, one),
    );
    if (first === undefined || second === undefined || there === undefined) throw new Error('No window');
    await first.write(id, 'record A1', 'about A');
    return {
      folder,
      secrets,
      first,
      second,
      there,
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  }

  test('each keeps its own record, also in its windows that are not updated', async () => {
    await using at = await twoBrowsers();
    expect(await at.there.read(id)).toEqual({ state: 'lost', about: 'about A' });
    await at.there.write(id, 'record B1', 'about B');
    await at.first.write(id, 'record A2', 'about A');
    await at.there.write(id, 'record B2', 'about B');
    for (const window of [at.first, at.second])
      expect(await window.read(id)).toEqual({ state: 'newest', record: 'record A2' });
    expect(await at.there.read(id)).toEqual({ state: 'newest', record: 'record B2' });
    const stale = recordsWindow(at.folder.path, fakeSecrets(otherKey));
    expect(await stale.read(id)).toEqual({ state: 'newest', record: 'record B2' });
    expect(await at.there.ids()).toEqual([id]);
  });

  test('a sign-out, or the removal of a lost session, does not reach the other one', async () => {
    await using at = await twoBrowsers();
    await at.there.remove(id);
    expect(await at.there.read(id)).toEqual({ state: 'absent' });
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record A1' });
    await at.there.write(id, 'record B1', 'about B');
    await at.first.remove(id);
    expect(await at.second.read(id)).toEqual({ state: 'absent' });
    expect(await at.there.read(id)).toEqual({ state: 'newest', record: 'record B1' });
  });

  test('a lost session that was removed is not lost again a month later', async () => {
    await using at = await twoBrowsers();
    await at.there.remove(id);
    const longAgo = new Date(Date.now() - 60 * 24 * 3600_000);
    for (const name of await readdir(at.folder.path))
      await utimes(join(at.folder.path, name), longAgo, longAgo);
    const reopened = recordsWindow(at.folder.path, fakeSecrets(otherKey));
    expect(await reopened.read(id)).toEqual({ state: 'absent' });
  });

  test('without its file, the record in SecretStorage counts', async () => {
    await using at = await twoBrowsers();
    await at.there.write(id, 'record B1', 'about B');
    const [own] = (await readdir(at.folder.path)).filter((name) => /^a+\..+\.json$/.test(name));
    await unlink(join(at.folder.path, own ?? ''));
    expect(await at.there.read(id)).toEqual({ state: 'newest', record: 'record B1' });
  });

  test('a file that is temporarily unreadable does not hide that of the other browser', async () => {
    await using at = await twoBrowsers();
    await at.there.write(id, 'record B1', 'about B');
    await unlink(join(at.folder.path, `${id}.json`));
    await mkdir(join(at.folder.path, `${id}.json`));
    expect(await at.there.read(id)).toEqual({ state: 'newest', record: 'record B1' });
  });

  test.each([1, 2, 3])(
    'a keyring that was locked for a moment took over the other file: %d reads',
    async (reads) => {
      await using at = await twoBrowsers();
      const secrets = fakeSecrets(otherKey);
      let left = reads;
      const get = async (name: string): Promise<string | undefined> => {
        if (name !== 'sealingKey' || left-- <= 0) return secrets.get(name);
        throw new Error('locked');
      };
      const there = recordsWindow(at.folder.path, { ...secrets, get });
      await there.write(id, 'record B1', 'about B');
      expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record A1' });
      await at.first.write(id, 'record A2', 'about A');
      expect(await there.read(id)).toEqual({ state: 'newest', record: 'record B1' });
    },
  );

  test('one keyring with two keys still has one record: the older one is not spent', async () => {
    await using at = await twoBrowsers();
    const secrets = fakeSecrets({ ...Object.fromEntries(at.secrets.map), ...otherKey });
    const sameKeyring = recordsWindow(at.folder.path, secrets);
    await at.first.write(id, 'record A2', 'about A');
    expect(await sameKeyring.read(id)).toEqual({ state: 'older', record: 'record A1' });
    await sameKeyring.write(id, 'record A3', 'about A');
    expect(await at.first.read(id)).toEqual({ state: 'older', record: 'record A2' });
  });
});

test('05.12: a temporary file with a sealed token is removed after a sign-out', async () => {
  await using folder = await temporaryFolder();
  const window = recordsWindow(folder.path);
  await window.write(id, 'record 1', 'about 1');
  await writeFile(join(folder.path, `${id}.json.0a1b2c.tmp`), 'sealed');
  await writeFile(join(folder.path, `${'b'.repeat(32)}.json.0a1b2c.tmp`), 'sealed');
  await window.remove(id);
  expect(await folder.names()).toEqual([`${id}.json`, `${'b'.repeat(32)}.json.0a1b2c.tmp`]);
});

test("a read that started before this window's write does not count as older", async () => {
  await using folder = await temporaryFolder();
  const secrets = secretsWithKey();
  const late = Promise.withResolvers<string | undefined>();
  const one = recordsWindow(folder.path, secrets);
  await one.write(id, 'record 1', 'about 1');
  const other = recordsWindow(folder.path, {
    ...secrets,
    get: (key) => (key.startsWith('session:') && waits ? late.promise : secrets.get(key)),
  });
  let waits = false;
  expect(await other.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  waits = true;
  const reading = other.read(id); // The file has been read, the secret has not.
  await one.write(id, 'record 2', 'about 2');
  waits = false;
  expect(await other.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  late.resolve(undefined);
  expect((await reading).state).toBe('newest');
});
