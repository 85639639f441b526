import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  awsConfigPath,
  lookAtSsoSessions,
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

describe('readSsoSessions and lookAtSsoSessions', () => {
  test('the sections are read as the CLI writes them', async () => {
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

  test('comments, quotes, Windows line ends and spaces are what they are to the CLI', async () => {
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

  test('a section without a start URL or a region does not count', async () => {
    expect(await sessionsIn(`[sso-session a]\nsso_region = us-east-1\n[sso-session b]\n`)).toEqual([]);
  });

  test('what follows another section is not the session’s', async () => {
    const text = `[sso-session a]\nsso_start_url = ${startUrl}\n[services x]\nsso_region = us-east-1\n`;
    expect(await sessionsIn(text)).toEqual([]);
  });

  test('a later section of the same name adds to the earlier', async () => {
    const text = `[sso-session a]\nsso_start_url = ${startUrl}\n[default]\n[sso-session a]\nsso_region = us-east-1\n`;
    expect(await sessionsIn(text)).toMatchObject([{ name: 'a', startUrl, region: 'us-east-1' }]);
  });

  test('without a file it finds no sections', async () => {
    await using folder = await temporaryFolder();
    expect(await readSsoSessions(join(folder.path, 'config'))).toEqual([]);
  });

  test('a file is read', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, `[sso-session a]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n`);
    expect(await readSsoSessions(path)).toMatchObject([{ name: 'a' }]);
  });

  test('a file that was changed is read anew', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, '');
    await readSsoSessions(path);
    await writeFile(path, `[sso-session a]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\n`);
    expect(await readSsoSessions(path)).toMatchObject([{ name: 'a' }]);
  });

  test('a section that lacks something is seen by who asks for all', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, '[sso-session a]\nsso_region = us-east-1\n');
    expect(await readSsoSections(path)).toEqual([
      { name: 'a', startUrl: '', region: 'us-east-1', scopes: [] },
    ]);
  });

  test('a file that cannot be read is an error, and not empty', async () => {
    await using folder = await temporaryFolder();
    await expect(readSsoSessions(folder.path)).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await lookAtSsoSessions(folder.path)).toEqual({
      file: folder.path,
      sections: [],
      trouble: 'EISDIR',
    });
  });

  test('a profile that gets a role by a session is told, and every other one is not', async () => {
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
    expect((await lookAtSsoSessions(path)).profiles).toEqual([
      { name: 'default', ssoSession: 'a', hasRegion: true },
      { name: 'dev', ssoSession: 'a', hasRegion: false },
      { name: 'with space', ssoSession: 'b', hasRegion: false },
    ]);
  });

  test('F6: start URLs of profiles of the older form are read, each once', async () => {
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
    expect((await lookAtSsoSessions(path)).portals).toEqual([
      { startUrl: 'https://d-1234567890.awsapps.com/start', region: 'us-east-1' },
    ]);
  });

  test('a file that is too large to be written by hand is not read', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'config');
    await writeFile(path, `[sso-session a]${'\n'.repeat(1024 * 1024)}`);
    expect(await lookAtSsoSessions(path)).toMatchObject({ trouble: 'EFBIG' });
  });

  test('AWS_CONFIG_FILE names another file', () => {
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
  ])('F6: AWS_CONFIG_FILE=%s is expanded as the CLI does', (named, path) => {
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
  ])(
    'F6: AWS_CONFIG_FILE=%s, in the folder of another user, is expanded as the CLI does',
    async (named, path) => {
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
    },
  );

  test('F6: without a list of users, ~user stays as it is written', () => {
    const env = { AWS_CONFIG_FILE: '~ben/aws-config' };
    expect(awsConfigPath(env, 'darwin', '/Users/ana', '/none/passwd')).toBe('~ben/aws-config');
  });

  test.each([
    ['~ana\\aws-config', 'C:\\Users\\ana\\aws-config'],
    ['~ben\\aws-config', 'C:\\Users\\ben\\aws-config'],
    ['~ben/aws-config', 'C:\\Users\\ben/aws-config'],
  ])('F6: on Windows AWS_CONFIG_FILE=%s, with a user, is expanded as the CLI does', (named, path) => {
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
  ])('F6: on Windows AWS_CONFIG_FILE=%s is expanded as the CLI does', (named, path) => {
    const env = { AWS_CONFIG_FILE: named, USERPROFILE: 'C:\\Users\\ana' };
    expect(awsConfigPath(env, 'win32', 'C:\\Users\\ana')).toBe(path);
  });
});
