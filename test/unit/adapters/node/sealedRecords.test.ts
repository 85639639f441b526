import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { recordsWindow, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const id = 'a'.repeat(32);
const inSecret = (generation: number, record: string) => ({
  [`session:${id}`]: JSON.stringify({ generation, record }),
});

/** Two windows of code-server: one folder, and secrets that neither sees of the other. */
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
  test('is read by the window that wrote it', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  });

  test('is read at once by a window whose SecretStorage never hears of it', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  });

  test('that was never written is absent', async () => {
    await using at = await twoWindows();
    expect(await at.first.read(id)).toEqual({ state: 'absent' });
  });

  test('lies sealed in its file: only what it is about can be read there', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'refresh token 0a1b2c3d', 'about 1');
    const file = await readFile(at.path, 'utf8');
    expect(file).toContain('about 1');
    expect(file).not.toMatch(/refresh|0a1b2c3d/);
    expect(file).not.toContain(Buffer.from('refresh token 0a1b2c3d').toString('base64').slice(0, 12));
  });

  test('of before generations were counted is read, and the next is newer', async () => {
    await using at = await twoWindows({ [`session:${id}`]: 'a record of old' });
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'a record of old' });
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 1' });
  });
});

describe('createSealedRecords: of a secret and a file', () => {
  test('the newer file wins over what this window remembers', async () => {
    await using at = await twoWindows();
    await at.second.write(id, 'record 1', 'about 1');
    await at.first.write(id, 'record 2', 'about 2');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });

  test('the newer secret wins over a file that a full disk left behind', async () => {
    await using at = await twoWindows({}, inSecret(2, 'record 2'));
    await at.first.write(id, 'record 1', 'about 1');
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });

  test('generations go on from the highest, whichever window wrote it', async () => {
    await using at = await twoWindows({}, inSecret(6, 'record 6'));
    const generations: number[] = [];
    for (const window of [at.first, at.first, at.second, at.first]) {
      await window.write(id, 'record', 'about');
      generations.push(await at.generation());
    }
    expect(generations).toEqual([1, 2, 7, 8]);
  });

  test('generations go on after a record was removed', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    await at.second.remove(id);
    await at.first.write(id, 'record 3', 'about 3');
    expect(await at.generation()).toBe(3);
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 3' });
  });
});

describe('createSealedRecords: a record that was removed', () => {
  test('is absent in every window, also where its secret is still remembered', async () => {
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
    expect(JSON.parse(await readFile(join(folder.path, `${id}.json`), 'utf8'))).toMatchObject({
      version: 1,
      generation: 2,
      removed: true,
      data: '',
    });
  });

  test('stays absent for a secret of the same generation', async () => {
    await using at = await twoWindows({}, inSecret(1, 'stale'));
    await at.first.remove(id);
    expect(await at.second.read(id)).toEqual({ state: 'absent' });
  });

  test('is there again for a secret that is newer: a person signed in later', async () => {
    await using at = await twoWindows({}, inSecret(5, 'record 5'));
    await at.first.remove(id);
    expect(await at.second.read(id)).toEqual({ state: 'newest', record: 'record 5' });
  });
});

describe('createSealedRecords: a file that does not open', () => {
  const tampered: readonly (readonly [string, object])[] = [
    ['its data was changed', { data: Buffer.from('something else').toString('base64') }],
    ['its generation was raised', { generation: 9 }],
    ['its key has another name', { key: '0123456789abcdef' }],
  ];

  test.each(tampered)(
    'because %s is lost to who has no secret, and says what it was about',
    async (_, change) => {
      await using at = await twoWindows();
      await at.first.write(id, 'record 1', 'about 1');
      await at.change(change);
      expect(await at.second.read(id)).toEqual({ state: 'lost', about: 'about 1' });
    },
  );

  test.each(tampered)(
    'because %s leaves what this window remembers, but only as older',
    async (_, change) => {
      await using at = await twoWindows();
      await at.second.write(id, 'record 1', 'about 1');
      await at.first.write(id, 'record 2', 'about 2');
      await at.change(change);
      expect(await at.second.read(id)).toEqual({ state: 'older', record: 'record 1' });
    },
  );

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
    'because it holds %j does not count: the secret decides',
    async (text) => {
      await using at = await twoWindows(inSecret(1, 'record 1'));
      await writeFile(at.path, text);
      expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 1' });
      expect(await at.second.read(id)).toEqual({ state: 'absent' });
    },
  );
});

/** A file as who can write the folder, and has no key, may leave it. */
const forged = (path: string, file: string) => writeFile(path, file);
const odd = ['1e999', '1e308', '9007199254740993', '9007199254740991', '99', '-1', '0.5', '"1"', 'null'];

describe('createSealedRecords: 05.04: a removal that has no seal', () => {
  test.each(odd)(
    'of generation %s ends no session, and a new one is there in every window',
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

  test('does not count with the seal of a record, or of another removal', async () => {
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

  test('is believed where nothing is left that it could remove: release 0.1.0 wrote it', async () => {
    await using at = await twoWindows();
    await forged(at.path, '{"version":1,"generation":4,"removed":true}');
    expect(await at.first.read(id)).toEqual({ state: 'absent' });
    await at.first.write(id, 'record 5', 'about 5');
    expect(await at.generation()).toBe(5);
  });
});

describe('createSealedRecords: 05.04: a record whose generation is not one', () => {
  test.each(odd)(
    '%s: the session in the secret stays, and the next is read everywhere',
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
    '%s in a secret costs no session either',
    async (generation) => {
      await using at = await twoWindows({
        [`session:${id}`]: `{"generation":${generation},"record":"record 1"}`,
      });
      expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 1' });
    },
  );
});

describe('createSealedRecords: 05.03: an older file that was put back', () => {
  test('is served by a window that has met the newer one, and never spent', async () => {
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

  test('of before a removal does not bring the session back as a good one', async () => {
    await using at = await twoWindows();
    await at.first.write(id, 'record 1', 'about 1');
    const before = await readFile(at.path, 'utf8');
    await at.first.remove(id);
    await writeFile(at.path, before);
    expect((await at.first.read(id)).state).not.toBe('newest');
  });

  test('that says removed ends no session that is newer', async () => {
    await using at = await twoWindows();
    await at.first.remove(id);
    const removal = await readFile(at.path, 'utf8');
    await at.first.write(id, 'record 2', 'about 2');
    await writeFile(at.path, removal);
    expect(await at.first.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  });
});

test('05.12: a temporary file with a sealed token is gone after a sign-out', async () => {
  await using folder = await temporaryFolder();
  const window = recordsWindow(folder.path);
  await window.write(id, 'record 1', 'about 1');
  await writeFile(join(folder.path, `${id}.json.0a1b2c.tmp`), 'sealed');
  await writeFile(join(folder.path, `${'b'.repeat(32)}.json.0a1b2c.tmp`), 'sealed');
  await window.remove(id);
  expect(await folder.names()).toEqual([`${id}.json`, `${'b'.repeat(32)}.json.0a1b2c.tmp`]);
});

test('a reading that began before a write of this window does not count as older', async () => {
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
  const reading = other.read(id); // Its file is read, its secret is not.
  await one.write(id, 'record 2', 'about 2');
  waits = false;
  expect(await other.read(id)).toEqual({ state: 'newest', record: 'record 2' });
  late.resolve(undefined);
  expect((await reading).state).toBe('newest');
});
