import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { brokenSecrets, recordsWindow, sealingKey, secretsWithKey } from '../../fakes/recordsWindow.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const id = 'a'.repeat(32);
const never = new AbortController().signal;
const newest = (record: string) => ({ state: 'newest', record });

describe('createSealedRecords: a keyring that throws', () => {
  test("keeps the record in this window's memory, and logs it once", async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path, brokenSecrets('get', 'set', 'delete', 'keys'));
    await window.write(id, 'record 1', 'about 1');
    await window.write(id, 'record 2', 'about 2');
    expect(await window.read(id)).toEqual(newest('record 2'));
    expect(await window.ids()).toEqual([id]);
    expect(window.troubles).toEqual(['keyring']);
    expect(window.log.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    expect(window.log.lines.join()).toContain('EKEYRING');
  });

  test('does not write to disk without a key', async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path, brokenSecrets('get', 'set'));
    await window.write(id, 'record 1', 'about 1');
    expect(await folder.names()).toEqual([]);
  });

  test('forgets a removed record', async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path, brokenSecrets('get', 'set', 'delete'));
    await window.write(id, 'record 1', 'about 1');
    await window.remove(id);
    expect(await window.read(id)).toEqual({ state: 'absent' });
  });

  test('only on writes still has the file: the next window reads the record', async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path, brokenSecrets('set'));
    await window.write(id, 'record 1', 'about 1');
    expect(await recordsWindow(folder.path).read(id)).toEqual(newest('record 1'));
    expect(window.troubles).toEqual(['keyring']);
  });

  test('and works again at the next write stores the record again', async () => {
    await using folder = await temporaryFolder();
    const secrets = brokenSecrets('get', 'set');
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    const mended = secretsWithKey();
    Object.assign(secrets, {
      get: (key: string) => mended.get(key),
      set: (key: string, value: string) => mended.set(key, value),
    });
    await window.write(id, 'record 2', 'about 2');
    expect(await recordsWindow(folder.path).read(id)).toEqual(newest('record 2'));
  });
});

test('createSealedRecords: a record was lost while the keyring was locked, and could be forgotten for good', async () => {
  await using folder = await temporaryFolder();
  const secrets = secretsWithKey();
  await recordsWindow(folder.path, secrets).write(id, 'record 1', 'about 1');
  let isLocked = true;
  const get = async (name: string): Promise<string | undefined> => {
    if (isLocked) throw Object.assign(new Error('locked'), { code: 'ELOCKED' });
    return secrets.get(name);
  };
  const window = recordsWindow(folder.path, { ...secrets, get });
  expect(await rejectionOf(window.read(id))).toMatchObject({ kind: 'storage', details: { code: 'ELOCKED' } });
  expect(window.troubles).toEqual(['keyring']);
  isLocked = false;
  expect(await window.read(id)).toEqual(newest('record 1'));
});

test('createSealedRecords: a record was lost while only the key was locked', async () => {
  await using folder = await temporaryFolder();
  await recordsWindow(folder.path).write(id, 'record 1', 'about 1');
  const secrets = secretsWithKey();
  let isLocked = true;
  const get = async (name: string): Promise<string | undefined> => {
    if (isLocked && name === 'sealingKey') throw Object.assign(new Error('locked'), { code: 'ELOCKED' });
    return secrets.get(name);
  };
  const window = recordsWindow(folder.path, { ...secrets, get });
  expect(await rejectionOf(window.read(id))).toMatchObject({ kind: 'storage' });
  secrets.map.set(`session:${id}`, JSON.stringify({ generation: 0, record: 'record 0' }));
  expect(await window.read(id)).toEqual({ state: 'older', record: 'record 0' });
  isLocked = false;
  expect(await window.read(id)).toEqual(newest('record 1'));
});

describe('createSealedRecords: an unavailable folder', () => {
  /** A window whose folder is below a file, which not even root can create. */
  async function withoutFolder(secrets = secretsWithKey()) {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const window = recordsWindow(join(file, 'records'), secrets);
    return { window, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }

  test('falls back to SecretStorage, and logs it once', async () => {
    await using at = await withoutFolder();
    await at.window.write(id, 'record 1', 'about 1');
    await at.window.write(id, 'record 2', 'about 2');
    expect(await at.window.read(id)).toEqual(newest('record 2'));
    expect(await at.window.ids()).toEqual([id]);
    await at.window.remove(id);
    expect(await at.window.read(id)).toEqual({ state: 'absent' });
    expect(at.window.troubles).toEqual(['disk']);
  });

  test('leaves a window to itself, working without a lock', async () => {
    await using at = await withoutFolder();
    expect(await at.window.withLock(id, never, async () => 'done')).toBe('done');
  });

  test('together with a keyring that throws falls back to memory, and logs each once', async () => {
    await using at = await withoutFolder(brokenSecrets('get', 'set', 'keys'));
    await at.window.write(id, 'record 1', 'about 1');
    expect(await at.window.read(id)).toEqual(newest('record 1'));
    expect([...at.window.troubles].sort()).toEqual(['disk', 'keyring']);
  });
});

describe('createSealedRecords: a folder that was removed while its window was open was never made again', () => {
  /** A window that has written a record, and whose folder is gone. */
  async function withoutItsFolder() {
    const parent = await temporaryFolder();
    const folder = join(parent.path, 'records');
    const window = recordsWindow(folder);
    await window.write(id, 'record 1', 'about 1');
    await rm(folder, { recursive: true });
    return { folder, window, [Symbol.asyncDispose]: () => parent[Symbol.asyncDispose]() };
  }

  test('work under a lock runs, and the record exists', async () => {
    await using at = await withoutItsFolder();
    expect(await at.window.withLock(id, never, async () => 'done')).toBe('done');
    expect(await at.window.read(id)).toEqual(newest('record 1'));
    expect(at.window.troubles).toEqual([]);
  });

  test('a record is written again, only for its user, and the next window sees it', async () => {
    await using at = await withoutItsFolder();
    await at.window.write(id, 'record 2', 'about 2');
    expect(await recordsWindow(at.folder).read(id)).toEqual(newest('record 2'));
    expect((await stat(at.folder)).mode & 0o777).toBe(0o700);
    expect(at.window.troubles).toEqual([]);
  });
});

test('without a keyring and a folder, a removed record is gone from memory too', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const window = recordsWindow(join(file, 'records'), brokenSecrets('get', 'set', 'delete'));
  await window.write(id, 'record 1', 'about 1');
  await window.remove(id);
  expect(await window.read(id)).toEqual({ state: 'absent' });
});

describe('createSealedRecords: a temporarily unreadable file', () => {
  /** A window with a folder in place of the record's file. */
  async function unreadable(secrets = secretsWithKey()) {
    const folder = await temporaryFolder();
    await mkdir(join(folder.path, `${id}.json`, 'more'), { recursive: true });
    return {
      window: recordsWindow(folder.path, secrets),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    };
  }

  test("may be newer: this window's secret counts as older", async () => {
    const remembered = { [`session:${id}`]: JSON.stringify({ generation: 3, record: 'record 3' }) };
    await using at = await unreadable(secretsWithKey(remembered));
    expect(await at.window.read(id)).toEqual({ state: 'older', record: 'record 3' });
    expect(at.window.troubles).toEqual(['disk']);
  });

  test('does not mean signed out: the read fails', async () => {
    await using at = await unreadable();
    expect(await rejectionOf(at.window.read(id))).toMatchObject({ kind: 'storage' });
  });

  test('with its whole folder, as with too many open files, looked signed out', async () => {
    await using outside = await temporaryFolder();
    const folder = join(outside.path, 'records');
    const window = recordsWindow(folder, secretsWithKey());
    // The other window's secret is not visible here before a reload.
    await recordsWindow(folder, secretsWithKey()).write(id, 'record 1', 'about 1');
    expect(await window.ids()).toEqual([id]);
    await rename(folder, `${folder} away`);
    await writeFile(folder, '');
    expect(await window.ids()).toEqual([id]);
    expect(await rejectionOf(window.read(id))).toMatchObject({ kind: 'storage' });
  });

  test('does not prevent storing a new record', async () => {
    const secrets = secretsWithKey();
    await using at = await unreadable(secrets);
    await at.window.write(id, 'record 1', 'about 1');
    expect(JSON.parse(secrets.map.get(`session:${id}`) ?? '')).toMatchObject({
      generation: 1,
      record: 'record 1',
    });
  });
});

describe('createSealedRecords: work under a lock', () => {
  test('runs in one window at a time', async () => {
    await using folder = await temporaryFolder();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await folder.names();
      inside--;
    };
    const windows = [recordsWindow(folder.path), recordsWindow(folder.path)];
    await Promise.all([...windows, ...windows].map((window) => window.withLock(id, never, work)));
    expect(most).toBe(1);
  });

  test('keeps its own error', async () => {
    await using folder = await temporaryFolder();
    const failure = new SignInError('grantRevoked');
    const window = recordsWindow(folder.path);
    expect(await rejectionOf(window.withLock(id, never, () => Promise.reject(failure)))).toBe(failure);
    expect(window.troubles).toEqual([]);
  });

  test('does not block a caller that cancels', async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path);
    const held = Promise.withResolvers<undefined>();
    const holding = window.withLock(id, never, () => held.promise);
    const asker = new AbortController();
    const waiting = window.withLock(id, asker.signal, async () => undefined);
    const enough = new SignInError('cancelled', { operation: 'test' });
    asker.abort(enough);
    expect(await rejectionOf(waiting)).toBe(enough);
    held.resolve(undefined);
    await holding;
  });

  test('is rejected instead of running without a lock, on a disk that fails once', async () => {
    await using parent = await temporaryFolder();
    const folder = join(parent.path, 'records');
    const window = recordsWindow(folder);
    await window.ids();
    await rm(folder, { recursive: true });
    await writeFile(folder, ''); // A file in its place: not even root can create the folder.
    const outcome = window.withLock(id, never, async () => 'done');
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'storage', details: { code: 'ENOTDIR' } });
    expect(window.troubles).toEqual(['disk']);
  });
});

describe('createSealedRecords: other files in the folder', () => {
  test('count as a record only if they are one', async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path, secretsWithKey({ 'session:x': 'record', other: 'secret' }));
    await writeFile(join(folder.path, 'y.json'), '{}');
    await writeFile(join(folder.path, 'z.lock'), '{}');
    expect([...(await window.ids())].sort()).toEqual(['x', 'y']);
  });

  test('are removed an hour after a killed process left them, not earlier', async () => {
    await using folder = await temporaryFolder();
    const hourAgo = Date.now() / 1000 - 3660;
    const litter = ['a.json.0a1b.tmp', 'a.lock.0a1b', 'young.json.0a1b.tmp', 'a.json', 'a.lock'];
    for (const name of litter) {
      await writeFile(join(folder.path, name), '');
      if (!name.startsWith('young')) await utimes(join(folder.path, name), hourAgo, hourAgo);
    }
    await recordsWindow(folder.path).ids();
    expect(await folder.names()).toEqual(['a.json', 'a.lock', 'young.json.0a1b.tmp']);
  });
});

describe('createSealedRecords: a change', () => {
  test('is reported here, and in the other window', async () => {
    await using folder = await temporaryFolder();
    const [here, there] = [recordsWindow(folder.path), recordsWindow(folder.path)];
    let [toldHere, toldThere] = [0, 0];
    using _ = here.onDidChange(() => toldHere++);
    using __ = there.onDidChange(() => toldThere++);
    await there.ids();
    await here.write(id, 'record 1', 'about 1');
    expect(toldHere).toBeGreaterThan(0);
    await settleUntil(() => toldThere > 0);
  });

  test('of a secret is reported, if it is a record or the key', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const window = recordsWindow(folder.path, secrets);
    let told = 0;
    const telling = window.onDidChange(() => told++);
    await window.ids();
    secrets.changedElsewhere(`session:${id}`);
    secrets.changedElsewhere('sealingKey');
    secrets.changedElsewhere('registration:x');
    await settleUntil(() => told === 2);
    secrets.changedElsewhere(`session:${id}`);
    telling[Symbol.dispose]();
    secrets.changedElsewhere(`session:${id}`);
    await window.read(id);
    expect(told).toBe(2);
  });

  test('that the file and then the secret reported was read twice', async () => {
    await using folder = await temporaryFolder();
    const secrets = secretsWithKey();
    const [here, there] = [recordsWindow(folder.path), recordsWindow(folder.path, secrets)];
    const readings: unknown[] = [];
    using _ = there.onDidChange(async (changed) => readings.push(await there.read(changed ?? '')));
    const secretArrives = async (generation: number) => {
      await secrets.set(`session:${id}`, JSON.stringify({ generation, record: `record ${generation}` }));
      await there.read(id);
    };
    await there.ids();
    await here.write(id, 'record 1', 'about 1');
    await settleUntil(() => readings.length > 0);
    await secretArrives(1);
    expect(readings).toEqual([newest('record 1')]);
    await secretArrives(2);
    await settleUntil(() => readings.length === 2);
    expect(readings).toEqual([newest('record 1'), newest('record 2')]);
  });
});

describe('createSealedRecords: the key', () => {
  test('is created once, by the first of two new windows', async () => {
    await using folder = await temporaryFolder();
    const secrets = fakeSecrets();
    const [first, second] = [recordsWindow(folder.path, secrets), recordsWindow(folder.path, secrets)];
    await Promise.all([first.write('x', 'record x', ''), second.write('y', 'record y', '')]);
    secrets.map.delete('session:x');
    secrets.map.delete('session:y');
    expect(await second.read('x')).toEqual(newest('record x'));
    expect(await first.read('y')).toEqual(newest('record y'));
  });

  test('is the one that another window stored last, before anything is sealed', async () => {
    await using folder = await temporaryFolder();
    const secrets = fakeSecrets();
    // The creator of a key discovers, once it has propagated, that another one was stored later.
    const set = secrets.set.bind(secrets);
    secrets.set = (key, value) => set(key, key === 'sealingKey' ? sealingKey : value);
    await recordsWindow(folder.path, secrets).write(id, 'record 1', 'about 1');
    expect(await recordsWindow(folder.path).read(id)).toEqual(newest('record 1'));
  });

  test('is replaced when another window changes it', async () => {
    await using folder = await temporaryFolder();
    const secrets = fakeSecrets({ sealingKey: Buffer.alloc(32, 7).toString('base64') });
    const window = recordsWindow(folder.path, secrets);
    await window.write(id, 'record 1', 'about 1');
    await secrets.set('sealingKey', secretsWithKey().map.get('sealingKey') ?? '');
    await window.write(id, 'record 2', 'about 2');
    expect(await recordsWindow(folder.path).read(id)).toEqual(newest('record 2'));
  });
});
