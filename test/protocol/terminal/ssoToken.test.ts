import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askEditor } from '../../../src/ssoToken/askEditor.ts';
import { openTerminalSocket } from '../../../src/adapters/node/terminalSocket.ts';
import type { TerminalAnswer } from '../../../src/features/terminalProtocol.ts';
import { packedSsoToken, shell } from './packedSsoToken.ts';

const { token, editor, environment, bin } = packedSsoToken();

describe('the scripts of sso-token as they are packed', () => {
  test('have the line ends of their shells, whatever the clone has that they are packed from', () => {
    expect(readFileSync(join(bin(), 'sso-token'), 'utf8')).not.toContain('\r');
    expect(readFileSync(join(bin(), 'sso-token.cmd'), 'utf8').replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });
});

describe.skipIf(process.platform === 'win32')('sso-token in a shell', () => {
  test('prints the token and nothing else', async () => {
    using window = await editor();
    expect(await shell('sso-token "My Okta" --scope api.read', window.env)).toEqual({
      exitCode: 0,
      stdout: 'access-marked-secret\n',
      stderr: '',
    });
    expect(window.received).toEqual([{ ask: 'token', connection: 'My Okta', scopes: ['api.read'] }]);
  });

  test('fits where a command takes its output', async () => {
    using window = await editor();
    const { stdout } = await shell('printf "[%s]" "$(sso-token --header)"', window.env);
    expect(stdout).toBe('[Authorization: Bearer access-marked-secret]');
  });

  test('ends with the editor’s exit code and words, and nothing on standard output', async () => {
    using window = await editor(async () => ({
      failure: { exitCode: 4, message: 'My Okta needs a sign-in.' },
    }));
    expect(await shell('sso-token', window.env)).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: 'sso-token: My Okta needs a sign-in.\n',
    });
  });

  test('has help, and refuses what it does not know', async () => {
    expect(await shell('sso-token --help', environment())).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Prints a fresh access token.*\n\nUsage: /s) as string,
    });
    expect(await shell('sso-token --refresh-token', environment())).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'sso-token: --refresh-token is not an option. See sso-token --help.\n',
    });
  });

  test('says what to do in a terminal that has nothing', async () => {
    const { DEVELOPER_SIGN_IN_NODE: node = '', ...bare } = environment();
    for (const env of [bare, { ...bare, DEVELOPER_SIGN_IN_NODE: node }])
      expect(await shell('sso-token', env)).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(
          /^sso-token: No sign-in is shared with this terminal, or its environment was cleared\. Run "Use in Terminal"/,
        ) as string,
      });
    expect(await shell('sso-token', { ...bare, DEVELOPER_SIGN_IN_NODE: '/gone/node' })).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/updated or removed/) as string,
    });
  });

  test('called after the window was closed, says so', async () => {
    const window = await editor();
    window[Symbol.dispose]();
    expect(await shell('sso-token', window.env)).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringMatching(/closed or reloaded/) as string,
    });
  });

  test('called after the window shares nothing any more, says why, and not that it was closed', async () => {
    const window = await editor();
    window.end('You signed out of “My Okta”.\u001b[2J');
    for (const call of ['sso-token', 'sso-token --sign-in'])
      expect(await shell(call, window.env)).toEqual({
        exitCode: 3,
        stdout: '',
        stderr: 'sso-token: You signed out of “My Okta”. [2J\n',
      });
    chmodSync(dirname(window.path), 0o755); // Another user may have put it there.
    expect((await shell('sso-token', window.env)).stderr).toMatch(/closed or reloaded/);
    window[Symbol.dispose]();
    expect(existsSync(dirname(window.path))).toBe(false);
  });

  test('says that it waits for the editor only while it does', async () => {
    const said: string[] = [];
    const ask = async (answer: () => Promise<TerminalAnswer>) => {
      using window = await editor(answer);
      return await askEditor({ ask: 'token', signIn: true }, window.env, () => said.push('waiting'));
    };
    await ask(async () => ({ token }));
    expect(said).toEqual([]);
    await ask(async () => {
      await expect.poll(() => said, { timeout: 10_000 }).toEqual(['waiting']);
      return { token };
    });
  });

  test('with the secret of another window, gets nothing', async () => {
    using window = await editor();
    using other = await editor();
    const env = { ...window.env, DEVELOPER_SIGN_IN_SECRET: other.secret };
    expect(await shell('sso-token', env)).toMatchObject({ exitCode: 1, stdout: '' });
    expect(window.received).toEqual([]);
  });

  test.each([
    'a folder that others can enter',
    'a link in place of the folder',
    'a link in place of the socket',
  ])('sends no secret to %s', async (what) => {
    using window = await editor();
    const folder = dirname(window.path);
    const moved = `${folder}-moved`;
    try {
      if (what === 'a folder that others can enter') chmodSync(folder, 0o755);
      else if (what === 'a link in place of the folder') {
        renameSync(folder, moved);
        symlinkSync(moved, folder);
      } else {
        mkdirSync(moved, { mode: 0o700 });
        renameSync(window.path, join(moved, 'socket'));
        symlinkSync(join(moved, 'socket'), window.path);
      }
      expect(await shell('sso-token', window.env)).toMatchObject({
        exitCode: 3,
        stdout: '',
        stderr: expect.stringMatching(/not a socket of yours alone/) as string,
      });
      expect(window.received).toEqual([]);
    } finally {
      rmSync(folder, { force: true, recursive: true });
      rmSync(moved, { force: true, recursive: true });
    }
  });

  test('neither the secret nor the token is in the list of processes while it runs', async () => {
    let listed: string[] = [];
    using window = await editor(async () => {
      listed = commandLines();
      return { token };
    });
    await shell('sso-token --json', window.env);
    if (existsSync('/proc/self/cmdline')) expect(listed.join('\n')).toMatch(/sso-token\.cjs/);
    for (const line of listed) {
      expect(line).not.toContain(window.secret);
      expect(line).not.toContain('access-marked-secret');
    }
  });

  test('runs nothing that a debugger put into NODE_OPTIONS', async () => {
    using window = await editor();
    const env = { ...window.env, NODE_OPTIONS: '--require /nowhere/bootloader.js' };
    expect(await shell('sso-token', env)).toMatchObject({ exitCode: 0, stdout: 'access-marked-secret\n' });
  });

  test('ends quietly where its reader ends', async () => {
    using window = await editor();
    expect(await shell('sso-token --json | true', window.env)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('waits for a sign-in, and Ctrl+C ends the wait', async () => {
    let isWaiting = false;
    const socket = await openTerminalSocket(async (_, signal) => {
      isWaiting = true;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      isWaiting = false;
      return {};
    });
    using _ = socket;
    const env = {
      ...environment(),
      DEVELOPER_SIGN_IN_SOCKET: socket.path,
      DEVELOPER_SIGN_IN_SECRET: socket.secret,
    };
    const program = spawn('sso-token', ['--sign-in'], { env });
    await expect.poll(() => isWaiting).toBe(true);
    program.kill('SIGINT');
    await expect.poll(() => isWaiting).toBe(false);
  });
});

/** The command lines of all processes, where the system has them as files. */
function commandLines(): string[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}
