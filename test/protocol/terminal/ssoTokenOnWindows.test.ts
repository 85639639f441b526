import { execFile } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { packedSsoToken } from './packedSsoToken.ts';
import type { Run } from './packedSsoToken.ts';

/** A command line for `cmd.exe`, as used by Node's `exec`, the AWS SDKs and kubectl, and the program's input. */
function cmd(line: string, env: Readonly<Record<string, string>>, input = ''): Promise<Run> {
  return new Promise((resolve) => {
    const options = { env, timeout: 30_000, shell: true, windowsHide: true };
    const child = execFile(line, options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

describe.skipIf(process.platform !== 'win32')('sso-token.cmd', () => {
  const { token, editor, environment } = packedSsoToken('My Extensions & José (x86)');

  test.each([
    ['its name', 'sso-token "My Okta"', 'My Okta'],
    ['its name and ending', 'sso-token.cmd Work', 'Work'],
    ['what a shell obeys', 'sso-token "R&D | a^b (x) é!"', 'R&D | a^b (x) é!'],
    ['a parenthesis', 'sso-token foo)', 'foo)'],
  ])('by %s', async (_, line, connection) => {
    using window = await editor();
    expect(await cmd(line, window.env)).toEqual({
      exitCode: 0,
      stdout: `${token.accessToken}\n`,
      stderr: '',
    });
    expect(window.received).toEqual([{ ask: 'token', connection }]);
  });

  test('exits with the editor’s code and message', async () => {
    using window = await editor(async () => ({ failure: { exitCode: 4, message: 'José needs a sign-in.' } }));
    const stderr = 'sso-token: José needs a sign-in.\n';
    expect(await cmd('sso-token', window.env)).toEqual({ exitCode: 4, stdout: '', stderr });
  });

  test('says what to do in a terminal without access, and in one whose editor is gone', async () => {
    const { DEVELOPER_SIGN_IN_NODE: _, ...bare } = environment();
    const none = await cmd('sso-token', bare);
    expect(none).toMatchObject({ exitCode: 3, stdout: '' });
    expect(none.stderr).toMatch(/^sso-token: No sign-in is shared .*Run "Use in Terminal".* terminal\.\r\n$/);
    const gone = await cmd('sso-token', { ...bare, DEVELOPER_SIGN_IN_NODE: 'C:\\gone\\Code.exe' });
    expect(gone).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/updated or removed/) as string,
    });
  });

  test('is a Git credential helper', async () => {
    using window = await editor();
    const input = 'protocol=https\r\nhost=git.example.com\r\n\r\n';
    expect((await cmd('sso-token --git-credential get', window.env, input)).stdout).toContain(
      `password=${token.accessToken}\n`,
    );
    expect(window.received).toEqual([{ ask: 'gitCredential', protocol: 'https', host: 'git.example.com' }]);
  });

  test('says why access ended, and that the window was closed', async () => {
    const window = await editor();
    window.end('You signed out.');
    expect((await cmd('sso-token', window.env)).stderr).toBe('sso-token: You signed out.\n');
    window[Symbol.dispose]();
    expect((await cmd('sso-token', window.env)).stderr).toMatch(/^sso-token: The window .* was closed/);
  });
});
