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
import type { TerminalResponse } from '../../../src/features/terminalProtocol.ts';
import { packedSsoToken, shell } from './packedSsoToken.ts';

const { token, editor, environment, bin } = packedSsoToken();

describe('the packaged scripts of sso-token', () => {
  test("have their shells' line ends, whatever the line ends of the clone", () => {
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

  test('works in command substitution', async () => {
    using window = await editor();
    const { stdout } = await shell('printf "[%s]" "$(sso-token --header)"', window.env);
    expect(stdout).toBe('[Authorization: Bearer access-marked-secret]');
  });

  test('exits with the editor’s code and message, and prints nothing to standard output', async () => {
    using window = await editor(async () => ({
      failure: { exitCode: 4, message: 'My Okta needs a sign-in.' },
    }));
    expect(await shell('sso-token', window.env)).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: 'sso-token: My Okta needs a sign-in.\n',
    });
  });

  test('has help, and rejects unknown arguments', async () => {
    expect(await shell('sso-token --help', environment())).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^Prints a fresh access token.*\n\nUsage: /s) as string,
    });
    expect(await shell('sso-token --refresh-token', environment())).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'sso-token: Unknown option: --refresh-token. See sso-token --help.\n',
    });
  });

  test('says what to do in a terminal without access', async () => {
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

  test('says so if the window has been closed', async () => {
    const window = await editor();
    window[Symbol.dispose]();
    expect(await shell('sso-token', window.env)).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringMatching(/closed or reloaded/) as string,
    });
  });

  test('says why if the window no longer shares anything, and not that it was closed', async () => {
    const window = await editor();
    window.end('You signed out of “My Okta”.\u001b[2J');
    for (const call of ['sso-token', 'sso-token --sign-in'])
      expect(await shell(call, window.env)).toEqual({
        exitCode: 3,
        stdout: '',
        stderr: 'sso-token: You signed out of “My Okta”. [2J\n',
      });
    chmodSync(dirname(window.path), 0o755); // Another user may have created it.
    expect((await shell('sso-token', window.env)).stderr).toMatch(/closed or reloaded/);
    window[Symbol.dispose]();
    expect(existsSync(dirname(window.path))).toBe(false);
  });

  test('says that it waits for the editor only while it waits', async () => {
    const said: string[] = [];
    const ask = async (answer: () => Promise<TerminalResponse>) => {
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

  test('gets nothing with the secret of another window', async () => {
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

  test('keeps the secret and the token out of the process list', async () => {
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

  test('ignores code that a debugger puts into NODE_OPTIONS', async () => {
    using window = await editor();
    const env = { ...window.env, NODE_OPTIONS: '--require /nowhere/bootloader.js' };
    expect(await shell('sso-token', env)).toMatchObject({ exitCode: 0, stdout: 'access-marked-secret\n' });
  });

  test('ends quietly when its reader ends', async () => {
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

/** The command lines of all processes, on systems that have them as files. */
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
