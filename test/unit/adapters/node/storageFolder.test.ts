import { chmod, mkdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStorageFolder } from '../../../../src/adapters/node/storageFolder.ts';
import { createSessionStore } from '../../../../src/core/session/sessionStore.ts';
import { identityCenterSession } from '../../fakes/examples.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { recordsWindow } from '../../fakes/recordsWindow.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

describe.skipIf(process.platform === 'win32')('openStorageFolder: 05.06: the storage folder', () => {
  test.each([0o777, 0o755, 0o770, 0o1777])(
    'that exists with mode %o becomes accessible only to its user',
    async (mode) => {
      await using folder = await temporaryFolder();
      await chmod(folder.path, mode);
      expect(await openStorageFolder(folder.path)).toEqual({ isShared: false });
      expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
    },
  );

  test('is created for its user only', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'sessions');
    expect(await openStorageFolder(path)).toEqual({ isShared: false });
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'of another user is reported, since that user can change it',
    async () => {
      await using folder = await temporaryFolder();
      const { chown } = await import('node:fs/promises');
      await chown(folder.path, 12_345, 12_345);
      expect(await openStorageFolder(folder.path)).toEqual({ isShared: true });
      const window = recordsWindow(folder.path);
      await window.ids();
      expect(window.troubles).toEqual(['shared']);
    },
  );
});

describe('openStorageFolder', () => {
  test("removes old leftovers by the file system's clock, and keeps records", async () => {
    await using folder = await temporaryFolder();
    const old = new Date(Date.now() - 31 * 24 * 3600_000);
    const files = {
      'a.json': '{"version":1,"generation":1,"removed":true}',
      'b.json': '{"version":1,"generation":1,"removed":false}',
      'c.json.1.tmp': '',
      'd.lock.nonce': '',
      'e.lock': '',
    };
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder.path, name), text);
      await utimes(join(folder.path, name), old, old);
    }
    await writeFile(join(folder.path, 'f.json'), '{"version":1,"generation":1,"removed":true}');
    await writeFile(join(folder.path, 'g.json.1.tmp'), '');
    await openStorageFolder(folder.path);
    expect(await folder.names()).toEqual(['b.json', 'e.lock', 'f.json', 'g.json.1.tmp']);
  });

  test('removes a file of a keyring that was lost long ago: it stayed for good', async () => {
    await using folder = await temporaryFolder();
    const other = '0123456789abcdef';
    const days = { 'a.json': 401, [`a.${other}.json`]: 401, 'b.json': 300, [`b.${other}.json`]: 300 };
    for (const [name, age] of Object.entries(days)) {
      const changedAt = new Date(Date.now() - age * 24 * 3600_000);
      const removed = name.includes(other);
      await writeFile(join(folder.path, name), JSON.stringify({ version: 1, generation: 1, removed }));
      await utimes(join(folder.path, name), changedAt, changedAt);
    }
    await openStorageFolder(folder.path);
    expect(await folder.names()).toEqual([`b.${other}.json`, 'b.json']);
  });

  test("05.11: a folder, a circular link and another user's file next to a valid record hide nothing", async () => {
    await using folder = await temporaryFolder();
    const window = recordsWindow(folder.path);
    const store = createSessionStore(window, fakeLog());
    await store.put(identityCenterSession);
    const names = ['x', 'c'.repeat(32), 'd'.repeat(32)];
    await mkdir(join(folder.path, `${names[0]}.json`));
    await mkdir(join(folder.path, `${names[1]}.json`));
    await symlink(`${names[2]}.json`, join(folder.path, `${names[2]}.json`));
    const { sessions, unreadable = [] } = await store.all();
    expect(sessions).toEqual([identityCenterSession]);
    expect(unreadable.map(({ id, code }) => `${id} ${code}`).sort()).toEqual([
      `${names[1]} EISDIR`,
      `${names[2]} ELOOP`,
      'x EISDIR',
    ]);
  });

  test('a record’s file has only its account and connection in plain text', async () => {
    await using folder = await temporaryFolder();
    const store = createSessionStore(recordsWindow(folder.path), fakeLog());
    await store.put(identityCenterSession);
    const [name = ''] = await folder.names();
    const text = await readFile(join(folder.path, name), 'utf8');
    const file = JSON.parse(text) as Readonly<Record<string, unknown>>;
    expect(Object.keys(file).sort()).toEqual(
      ['about', 'data', 'generation', 'iv', 'key', 'removed', 'tag', 'version'].sort(),
    );
    const { account, connection, registration, tokenSet } = identityCenterSession;
    expect(JSON.parse(String(file['about']))).toEqual({
      accountLabel: account.label,
      accountName: account.name,
      connection,
    });
    for (const secret of [tokenSet.accessToken, tokenSet.refreshToken ?? '', registration.clientSecret]) {
      expect(secret.length).toBeGreaterThan(3);
      expect(text).not.toContain(secret);
    }
  });
});
