import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { awsCliCachePath, createAwsCliCache } from '../../../../src/adapters/node/awsCliCache.ts';
import type { AwsCliToken } from '../../../../src/features/awsCli.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const token: AwsCliToken = {
  startUrl: 'https://d-1234567890.awsapps.com/start',
  region: 'eu-central-1',
  accessToken: 'access-1',
  expiresAt: Date.UTC(2026, 0, 1, 12, 0, 0, 789),
  clientId: 'client-1',
  clientSecret: 'client-secret-1',
  registrationExpiresAt: Date.UTC(2026, 3, 1),
  refreshToken: 'refresh-1',
};
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe('createAwsCliCache', () => {
  test('names the file by the SHA-1 of the name, as the CLI does', () => {
    const digest = createHash('sha1').update('my-company').digest('hex');
    expect(awsCliCachePath('/home/ana', 'my-company')).toBe(
      join('/home/ana', '.aws', 'sso', 'cache', `${digest}.json`),
    );
  });

  test('writes the CLI’s members and time format', async () => {
    await using home = await temporaryFolder();
    await createAwsCliCache(home.path).write('my-company', token);
    const written: unknown = JSON.parse(await readFile(awsCliCachePath(home.path, 'my-company'), 'utf8'));
    expect(written).toEqual({
      ...token,
      expiresAt: '2026-01-01T12:00:00Z',
      registrationExpiresAt: '2026-04-01T00:00:00Z',
    });
  });

  test.skipIf(process.platform === 'win32')(
    'lets only the owner read the file and the folders that it creates',
    async () => {
      await using home = await temporaryFolder();
      await createAwsCliCache(home.path).write('my-company', token);
      const path = awsCliCachePath(home.path, 'my-company');
      expect(await modeOf(path)).toBe(0o600);
      expect(await modeOf(dirname(path))).toBe(0o700);
      expect(await modeOf(join(home.path, '.aws'))).toBe(0o700);
    },
  );

  test.skipIf(process.platform === 'win32')(
    'keeps the mode of an existing folder, but not of a file',
    async () => {
      await using home = await temporaryFolder();
      const path = awsCliCachePath(home.path, 'my-company');
      await mkdir(dirname(path), { recursive: true });
      await chmod(dirname(path), 0o755);
      await writeFile(path, '{}', { mode: 0o644 });
      await createAwsCliCache(home.path).write('my-company', token);
      expect(await modeOf(dirname(path))).toBe(0o755);
      expect(await modeOf(path)).toBe(0o600);
    },
  );

  test('leaves nothing next to the file', async () => {
    await using home = await temporaryFolder();
    const cache = createAwsCliCache(home.path);
    await cache.write('my-company', token);
    await cache.write('my-company', token);
    expect(await readdir(dirname(awsCliCachePath(home.path, 'my-company')))).toHaveLength(1);
    await cache.remove('my-company');
    expect(await cache.read('my-company')).toBeUndefined();
    await cache.remove('my-company');
  });

  test("reads other tools' entries: missing members are empty, and an invalid time is infinite", async () => {
    await using home = await temporaryFolder();
    const path = awsCliCachePath(home.path, 'my-company');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify({ accessToken: 'its-own', expiresAt: 'tomorrow' }));
    expect(await createAwsCliCache(home.path).read('my-company')).toMatchObject({
      ...{ startUrl: '', region: '', accessToken: 'its-own', clientId: '', clientSecret: '' },
      ...{ expiresAt: Infinity, registrationExpiresAt: Infinity },
    });
  });

  test.each([
    '2026-01-01T12:00:00UTC',
    '2026-01-01T12:00:00 UTC',
    '2026-01-01T12:00:00GMT',
    '2026-01-01T12:00:00',
    '2026-01-01T12:00:00.123456789Z',
    '2026-01-01T13:00:00+01:00',
    '2026-01-01T12:00:00+0000',
  ])('F3: reads times of older CLIs and SDKs: %s', async (expiresAt) => {
    await using home = await temporaryFolder();
    const path = awsCliCachePath(home.path, 'my-company');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify({ accessToken: 'its-own', expiresAt }));
    const found = await createAwsCliCache(home.path).read('my-company');
    const seconds = typeof found === 'object' ? Math.floor(found.expiresAt / 1000) : undefined;
    expect(seconds).toBe(Date.UTC(2026, 0, 1, 12) / 1000);
  });

  test.each([
    ['null', { refreshToken: null, clientSecret: null }],
    ['empty', { refreshToken: '' }],
  ])('F3: a refresh token that is %s counts as missing, and the rest is read', async (_, odd) => {
    await using home = await temporaryFolder();
    const path = awsCliCachePath(home.path, 'my-company');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify({ ...token, expiresAt: '2026-01-01T12:00:00Z', ...odd }));
    const found = await createAwsCliCache(home.path).read('my-company');
    expect(found).toMatchObject({ accessToken: token.accessToken, clientId: token.clientId });
    expect(found).not.toHaveProperty('refreshToken');
  });

  test.each(['write', 'remove'] as const)(
    'removes partial files of a killed window on the next %s',
    async (call) => {
      await using home = await temporaryFolder();
      const cache = createAwsCliCache(home.path);
      await cache.write('my-company', token);
      await cache.write('another', token);
      const path = awsCliCachePath(home.path, 'my-company');
      const anothers = `${awsCliCachePath(home.path, 'another')}.0123456789ab.tmp`;
      for (const left of [`${path}.0123456789ab.tmp`, anothers]) await writeFile(left, 'refresh-1');
      await (call === 'write' ? cache.write('my-company', token) : cache.remove('my-company'));
      const left = (await readdir(dirname(path))).filter((name) => name.endsWith('.tmp'));
      expect(left).toEqual([basename(anothers)]);
    },
  );

  test('reads what it wrote, in whole seconds', async () => {
    await using home = await temporaryFolder();
    const cache = createAwsCliCache(home.path);
    await cache.write('my-company', token);
    expect(await cache.read('my-company')).toEqual({
      ...token,
      expiresAt: Date.UTC(2026, 0, 1, 12),
      writtenAt: expect.any(Number) as number,
    });
  });

  test("reads the SDK's format: milliseconds in the time, no refresh token", async () => {
    await using home = await temporaryFolder();
    const { refreshToken: _, ...rest } = token;
    const path = awsCliCachePath(home.path, 'my-company');
    await mkdir(dirname(path), { recursive: true });
    const times = { expiresAt: '2026-01-01T12:00:00.789Z', registrationExpiresAt: '2026-04-01T00:00:00Z' };
    await writeFile(path, JSON.stringify({ ...rest, ...times, more: 1 }));
    expect(await createAwsCliCache(home.path).read('my-company')).toMatchObject(rest);
  });

  test.each(['', '{"startUrl":"https://d-1', '[]', '{}', '{"startUrl":1}'])(
    'rejects content that is not a token: %s',
    async (text) => {
      await using home = await temporaryFolder();
      const path = awsCliCachePath(home.path, 'my-company');
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      expect(await createAwsCliCache(home.path).read('my-company')).toBe('unreadable');
    },
  );

  test('rejects with the system’s error if the home folder is a file', async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, 'home');
    await writeFile(home, '');
    await expect(createAwsCliCache(home).write('my-company', token)).rejects.toMatchObject({
      code: 'ENOTDIR',
    });
  });
});

if (process.getuid !== undefined)
  describe('05.10: who can write to it', () => {
    async function modes(file: number, folder: number) {
      await using home = await temporaryFolder();
      const cache = createAwsCliCache(home.path);
      await cache.write('my-company', token);
      const path = awsCliCachePath(home.path, 'my-company');
      await chmod(path, file);
      await chmod(dirname(path), folder);
      const found = await cache.read('my-company');
      const othersCanWrite = typeof found === 'object' && found.othersCanWrite === true;
      await cache.write('my-company', token);
      const [after, own] = [await stat(dirname(path)), await stat(path)];
      return { othersCanWrite, after: [own.mode & 0o777, after.mode & 0o777] };
    }

    test.each([
      [0o600, 0o700, false],
      [0o644, 0o755, false],
      [0o664, 0o700, true],
      [0o666, 0o777, true],
      [0o600, 0o775, true],
      [0o602, 0o700, true],
    ])('a file of mode %o in a folder of mode %o', async (file, folder, othersCanWrite) => {
      const found = await modes(file, folder);
      expect(found.othersCanWrite).toBe(othersCanWrite);
      expect(found.after).toEqual([0o600, (folder & 0o022) === 0 ? folder : 0o700]);
    });

    test('another owner does not count as this user', async () => {
      await using home = await temporaryFolder();
      await createAwsCliCache(home.path).write('my-company', token);
      const found = await createAwsCliCache(home.path, 4711).read('my-company');
      expect(found).toMatchObject({ othersCanWrite: true });
    });
  });
