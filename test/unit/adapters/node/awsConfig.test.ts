import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  awsConfigPath,
  findSsoSessions,
  readSsoSections,
  readSsoSessions,
} from '../../../../src/adapters/node/awsConfig.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const startUrl = 'https://d-1234567890.awsapps.com/start';

async function sessionsIn(text: string) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'config');
  await writeFile(path, text);
  return await readSsoSessions(path);
}

describe('readSsoSessions and findSsoSessions', () => {
  test('reads sections as the CLI writes them', async () => {
    const text = `
[default]
region = us-east-1
[sso-session my-company]
sso_start_url = ${startUrl}
sso_region = eu-central-1
sso_registration_scopes = sso:account:access, codewhisperer:completions
[profile work]
sso_session = my-company
`;
    expect(await sessionsIn(text)).toEqual([
      {
        name: 'my-company',
        startUrl,
        region: 'eu-central-1',
        scopes: ['sso:account:access', 'codewhisperer:completions'],
      },
    ]);
  });

  test('treats comments, quotes, Windows line ends and spaces as the CLI does', async () => {
    const text = [
      '# [sso-session commented]',
      '[sso-session "quoted.name"] ; why',
      '  sso_start_url=https://d-1234567890.awsapps.com/start/#/',
      'sso_region   =  us-east-1',
    ].join('\r\n');
    expect(await sessionsIn(text)).toEqual([
      { name: 'quoted.name', startUrl: `${startUrl}/#/`, region: 'us-east-1', scopes: [] },
    ]);
  });

  test('ignores a section without a start URL or a Region', async () => {
    expect(await sessionsIn(`[sso-session a]\nsso_region = us-east-1\n[sso-session b]\n`)).toEqual([]);
  });

  test('does not read settings of other sections into a session', async () => {
    const text = `[sso-session a]\nsso_start_url = ${startUrl}\n[services x]\nsso_region = us-east-1\n`;
    expect(await sessionsIn(text)).toEqual([]);
  });

  test('merges a later section with the same name into the earlier one', async () => {
    const text = `[sso-session a]\nsso_start_url = ${startUrl}\n[default]\n[sso-session a]\nsso_region = us-east-1\n`;
    expect(await sessionsIn(text)).toMatchObject([{ name: 'a', startUrl, region: 'us-east-1' }]);
  });

  test('finds no sections without a file', async () => {
    await using folder = await temporaryFolder();
    expect(await readSsoSessions(join(folder.path, 'config'))).toEqual([]);
  });

  test('reads a file', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, `[sso-session a]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n`);
    expect(await readSsoSessions(path)).toMatchObject([{ name: 'a' }]);
  });

  test('rereads a changed file', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, '');
    await readSsoSessions(path);
    await writeFile(path, `[sso-session a]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n`);
    expect(await readSsoSessions(path)).toMatchObject([{ name: 'a' }]);
  });

  test('includes incomplete sections if all are requested', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, '[sso-session a]\nsso_region = us-east-1\n');
    expect(await readSsoSections(path)).toEqual([
      { name: 'a', startUrl: '', region: 'us-east-1', scopes: [] },
    ]);
  });

  test('reports an unreadable file as an error, not as empty', async () => {
    await using folder = await temporaryFolder();
    await expect(readSsoSessions(folder.path)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await findSsoSessions(folder.path)).toEqual({
      file: folder.path,
      sections: [],
      errorCode: 'EISDIR',
    });
  });

  test('reports profiles that get a role through a session, and no others', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    const role = 'sso_account_id = 111122223333\nsso_role_name = Dev\n';
    const text = [
      `[default]\nsso_session = a\nregion = us-east-1\n${role}`,
      `[profile dev]\nsso_session = a\n${role}`,
      `[profile "with space"]\nsso_session = b\n${role}`,
      `[profile legacy]\nsso_start_url = x\n${role}`,
      '[profile no-role]\nsso_session = a\n',
      `[dev-without-prefix]\nsso_session = a\n${role}`,
      `[profile two words]\nsso_session = a\n${role}`,
    ].join('');
    await writeFile(path, text);
    expect((await findSsoSessions(path)).profiles).toEqual([
      { name: 'default', ssoSession: 'a', hasRegion: true },
      { name: 'dev', ssoSession: 'a', hasRegion: false },
      { name: 'with space', ssoSession: 'b', hasRegion: false },
    ]);
  });

  test('F6: reads start URLs of legacy profiles, each once', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    const portal = 'sso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = us-east-1\n';
    const text = [
      `[default]\n${portal}`,
      `[profile dev]\n${portal}sso_account_id = 111122223333\n`,
      `[profile newer]\n${portal}sso_session = a\n`,
      '[profile without-region]\nsso_start_url = https://other.awsapps.com/start\n',
    ].join('');
    await writeFile(path, text);
    expect((await findSsoSessions(path)).portals).toEqual([
      { startUrl: 'https://d-1234567890.awsapps.com/start', region: 'us-east-1' },
    ]);
  });

  test('does not read a file too large to be handwritten', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, `[sso-session a]${'\n'.repeat(1024 * 1024)}`);
    expect(await findSsoSessions(path)).toMatchObject({ errorCode: 'EFBIG' });
  });

  test('reads the file that AWS_CONFIG_FILE names', () => {
    expect(awsConfigPath({ AWS_CONFIG_FILE: '/elsewhere/config' })).toBe('/elsewhere/config');
    expect(awsConfigPath({ AWS_CONFIG_FILE: '' })).toMatch(/[\\/]\.aws[\\/]config$/);
    expect(awsConfigPath({})).toMatch(/[\\/]\.aws[\\/]config$/);
  });

  test.each([
    ['~/aws-config', '/home/ana/aws-config'],
    ['~', '/home/ana'],
    ['$HOME/aws-config', '/home/ana/aws-config'],
    ['${HOME}/aws-config', '/home/ana/aws-config'],
    ['$DIR/aws-config', '/home/ana/dir/aws-config'],
    ['/x/$NONE/${NONE}/$', '/x/$NONE/${NONE}/$'],
    ['/x/$HOMES', '/x/$HOMES'],
    ['/x/a~b', '/x/a~b'],
  ])('F6: expands AWS_CONFIG_FILE=%s as the CLI does', (named, path) => {
    const env = { AWS_CONFIG_FILE: named, HOME: '/home/ana', DIR: '~/dir' };
    expect(awsConfigPath(env, 'linux', '/home/ana')).toBe(path);
  });

  test.each([
    ['~ben/aws-config', '/srv/people/ben/aws-config'],
    ['~ben', '/srv/people/ben'],
    ['~be/aws-config', '~be/aws-config'],
    ['~root', '/'],
    ['~root/aws-config', '/aws-config'],
    ['~unknown.here/aws-config', '~unknown.here/aws-config'],
    ['~broken/aws-config', '~broken/aws-config'],
    ['$AT/aws-config', '/srv/people/ben/aws-config'],
  ])("F6: expands AWS_CONFIG_FILE=%s, in another user's folder, as the CLI does", async (named, path) => {
    await using folder = await temporaryFolder();
    const userFile = join(folder.path, 'passwd');
    const users = [
      'root:x:0:0:root:/:/bin/sh',
      'ben:x:1001:1001:Ben,,,:/srv/people/ben/:/bin/sh',
      'broken:x',
      '',
    ];
    await writeFile(userFile, users.join('\n'));
    const env = { AWS_CONFIG_FILE: named, AT: '~ben' };
    expect(awsConfigPath(env, 'linux', '/home/ana', userFile)).toBe(path);
  });

  test('F6: keeps ~user unchanged without a list of users', () => {
    const env = { AWS_CONFIG_FILE: '~ben/aws-config' };
    expect(awsConfigPath(env, 'darwin', '/Users/ana', '/none/passwd')).toBe('~ben/aws-config');
  });

  test.each([
    ['~ana\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['~ben\\aws-config', 'C:\\Users\\ben\\aws-config'],
    ['~ben/aws-config', 'C:\\Users\\ben/aws-config'],
  ])('F6: expands AWS_CONFIG_FILE=%s, with a user, as the CLI does on Windows', (named, path) => {
    const env = { AWS_CONFIG_FILE: named, UserName: 'ana' };
    expect(awsConfigPath(env, 'win32', 'C:\\Users\\ana')).toBe(path);
    const moved = awsConfigPath({ ...env, UserName: 'ana.k' }, 'win32', 'C:\\Users\\ana');
    expect(moved).toBe(named);
  });

  test.each([
    ['~\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['~/aws-config', 'C:\\Users\\ana/aws-config'],
    ['%USERPROFILE%\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['%UserProfile%\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['$USERPROFILE\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['${USERPROFILE}\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['D:\\100%%\\%NONE%\\config', 'D:\\100%\\%NONE%\\config'],
    ["D:\\'%USERPROFILE%'\\config", "D:\\'%USERPROFILE%'\\config"],
  ])('F6: expands AWS_CONFIG_FILE=%s as the CLI does on Windows', (named, path) => {
    const env = { AWS_CONFIG_FILE: named, USERPROFILE: 'C:\\Users\\ana' };
    expect(awsConfigPath(env, 'win32', 'C:\\Users\\ana')).toBe(path);
  });
});
