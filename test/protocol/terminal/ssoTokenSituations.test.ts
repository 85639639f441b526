import { spawn } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../unit/fakes/temporaryFolder.ts';
import { packedSsoToken, shell } from './packedSsoToken.ts';

/** Where and how users call `sso-token`: different shells, folders, environments and outputs. */

const { token, editor, environment, bin } = packedSsoToken(`My $HOME's Extensions (x86)`);

describe.skipIf(process.platform === 'win32')('sso-token works', () => {
  test('in a folder with spaces and shell metacharacters, with a Node in another such folder', async () => {
    const node = join(dirname(bin()), 'Code Helper (Plugin)');
    symlinkSync(process.execPath, node);
    using window = await editor();
    expect(await shell('sso-token', { ...window.env, DEVELOPER_SIGN_IN_NODE: node })).toEqual({
      exitCode: 0,
      stdout: 'access-marked-secret\n',
      stderr: '',
    });
  });

  test.each([
    ['sh -c', `sh -c 'sso-token "$0"' 'My Okta'`],
    ['xargs', `printf 'My Okta' | xargs -0 sso-token`],
    ['env', `env sso-token 'My Okta'`],
    ['its path', `"$(command -v sso-token)" 'My Okta'`],
    ['another folder', `cd / && sso-token 'My Okta'`],
  ])('by %s', async (_, command) => {
    using window = await editor();
    expect(await shell(command, window.env)).toMatchObject({ exitCode: 0, stdout: `${token.accessToken}\n` });
    expect(window.received).toEqual([{ ask: 'token', connection: 'My Okta' }]);
  });

  /** Git Bash finds the program under its own path, which the editor's Node does not know. */
  test('in Git Bash without conversion of path arguments', async () => {
    await using git = await temporaryFolder();
    symlinkSync(process.execPath, join(git.path, 'C:\\node.exe'));
    const cygpath = join(git.path, 'cygpath');
    writeFileSync(cygpath, '#!/bin/sh\necho "$2" >"${0%/*}/asked"\necho "$2"\n', { mode: 0o755 });
    using window = await editor();
    const PATH = `${environment()['PATH'] ?? ''}:${git.path}`;
    const env = { ...window.env, PATH, DEVELOPER_SIGN_IN_NODE: 'C:\\node.exe' };
    const command = `cd ${git.path} && sso-token 'My Okta' --scope /read`;
    expect(await shell(command, env)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(window.received).toEqual([{ ask: 'token', connection: 'My Okta', scopes: ['/read'] }]);
    expect(readFileSync(join(git.path, 'asked'), 'utf8')).toMatch(/bin\/\.\.\/sso-token\.cjs\n$/);
  });

  test.each(['/bin/bash', '/bin/dash', '/bin/zsh', '/usr/bin/fish'].filter((one) => existsSync(one)))(
    'in %s, as in docs/TERMINAL.md',
    async (program) => {
      using window = await editor();
      const command = program.endsWith('fish')
        ? `set -x API_TOKEN (sso-token 'My Okta' --scope api.read); printenv API_TOKEN`
        : `export API_TOKEN="$(sso-token 'My Okta' --scope api.read)"; printenv API_TOKEN`;
      const { stdout } = await shell(command, window.env, program);
      expect(stdout).toBe(`${token.accessToken}\n`);
    },
  );

  test('without HOME, a locale and a temporary folder', async () => {
    using window = await editor();
    const names = ['HOME', 'USER', 'LANG', 'TMPDIR'];
    expect(Object.keys(window.env).filter((name) => names.includes(name))).toEqual([]);
    expect(await shell('sso-token --json', window.env)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('with a cleared environment, which it reports', async () => {
    using window = await editor();
    const { exitCode, stdout, stderr } = await shell('exec env -i "$(command -v sso-token)"', window.env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^sso-token: No sign-in is shared .*, or its environment was cleared\. .+\n$/);
    expect(window.received).toEqual([]);
  });

  test('without standard input, or after it has ended', async () => {
    using window = await editor();
    for (const input of ['<&-', '</dev/null'])
      expect(await shell(`sso-token ${input}`, window.env)).toMatchObject({ exitCode: 0, stderr: '' });
    await shell('sso-token --git-credential get </dev/null', window.env);
    expect(window.received.at(-1)).toEqual({ ask: 'gitCredential' });
  });

  test.skipIf(!existsSync('/bin/bash'))('before a program that reads only the first line', async () => {
    using window = await editor();
    // With a socket as standard input, which Node provides, Bash reads the user's startup files.
    const command = `bash -c 'set -o pipefail; sso-token --json | head -1' </dev/null`;
    expect(await shell(command, window.env)).toEqual({
      exitCode: 0,
      stdout: '{\n',
      stderr: '',
    });
  });

  test.skipIf(!existsSync('/dev/full'))('without room for its message, lost the exit code', async () => {
    using window = await editor();
    expect(await shell('sso-token --nope 2>/dev/full', window.env)).toMatchObject({ exitCode: 2 });
  });

  test.skipIf(!existsSync('/dev/full'))('on a full disk, where it reports the failure', async () => {
    using window = await editor();
    expect(await shell('sso-token >/dev/full', window.env)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'sso-token: The output can’t be written (ENOSPC).\n',
    });
  });

  test.each(['a b', '--json --header', '""', '--scope ""', '--json=true', '--aws-credentials', '-x'])(
    'with %s, and exits with 2, a reason, and a pointer to usage',
    async (given) => {
      using window = await editor();
      const { exitCode, stdout, stderr } = await shell(`sso-token ${given}`, window.env);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^sso-token: .+\. See sso-token --help\.\n$/);
      expect(window.received).toEqual([]);
    },
  );

  test('without printing a token to standard error, whatever Node is configured to print', async () => {
    using window = await editor();
    const env = {
      ...window.env,
      NODE_DEBUG: 'net,stream,tty,timer,module,*',
      NODE_DEBUG_NATIVE: '*',
      NODE_OPTIONS: '--trace-uncaught',
    };
    const { exitCode, stdout, stderr } = await shell('sso-token', env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${token.accessToken}\n` });
    expect(stderr).not.toContain(token.accessToken);
    expect(stderr).not.toContain(window.secret);
  });

  test('with an invalid response, which it reports without its content', async () => {
    using window = await editor(async () => ({ token: { ...token, expiresAt: 1e300 } }));
    expect(await shell('sso-token --json', window.env)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'sso-token: The editor’s response can’t be read. Open a new terminal.\n',
    });
  });

  test('with Ctrl+C during a sign-in, which ends it as a signal does, without output', async () => {
    using window = await editor(() => new Promise(() => undefined));
    const program = spawn('sso-token', ['--sign-in'], { env: window.env });
    let said = '';
    for (const stream of [program.stdout, program.stderr])
      stream.on('data', (part) => (said += String(part)));
    await expect.poll(() => window.received.length).toBe(1);
    program.kill('SIGINT');
    const [code, signal] = (await once(program, 'exit')) as readonly unknown[];
    expect({ code, signal, said }).toEqual({ code: null, signal: 'SIGINT', said: '' });
  });
});
