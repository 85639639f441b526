import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTerminalSocket } from '../../../src/adapters/node/terminalSocket.ts';
import { askEditor } from '../../../src/ssoToken/askEditor.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const gone = /^The window that opened this terminal was closed or reloaded/;

/** A window on Windows; elsewhere its pipes are sockets with the names that pipes have. */
async function onWindows(temporary: string) {
  const pipes = process.platform === 'win32' ? '\\\\.\\pipe\\' : join(temporary, 'pipe\\');
  const listed = [{ connection: 'Work', account: 'ada', scopes: [], needsSignIn: false, isDefault: true }];
  const window = await openTerminalSocket(async () => ({ list: listed }), {
    ...{ platform: 'win32', base: temporary, pipes },
    youngMilliseconds: 0,
  });
  const environment = {
    DEVELOPER_SIGN_IN_SOCKET: window.path,
    DEVELOPER_SIGN_IN_SECRET: window.secret,
  };
  const ask = (temporaryOfTerminal = temporary) =>
    askEditor({ ask: 'list' }, environment, undefined, {
      ...{ platform: 'win32', temporary: temporaryOfTerminal },
    });
  const why = async (temporaryOfTerminal?: string) => (await ask(temporaryOfTerminal)).failure;
  const left = () => readdirSync(temporary).filter((name) => name.startsWith('sso-token-'));
  return { window, ask, why, left };
}

describe('askEditor', () => {
  test('asks over a named pipe, for which nothing is written to the disk', async () => {
    await using temporary = await temporaryFolder();
    const { window, ask, left } = await onWindows(temporary.path);
    using _ = window;
    expect(window.path).toMatch(/\\sso-token-[\da-f]{32}$/);
    expect(await ask()).toMatchObject({ list: [{ connection: 'Work' }] });
    expect(left()).toEqual([]);
  });

  test('on Windows too, says why nothing is shared any more, until the window is closed', async () => {
    await using temporary = await temporaryFolder();
    const { window, why, left } = await onWindows(temporary.path);
    window.end('You signed out of “Work”.\u001b[2J');
    expect(await why()).toEqual({ exitCode: 3, message: 'You signed out of “Work”. [2J' });
    window.end('Your sign-ins were shared again.');
    expect((await why())?.message).toBe('Your sign-ins were shared again.');
    window[Symbol.dispose]();
    expect(left()).toEqual([]);
    expect(await why()).toMatchObject({ exitCode: 3, message: expect.stringMatching(gone) as string });
  });

  test('in a terminal with another folder for temporary files, says what it knows', async () => {
    await using temporary = await temporaryFolder();
    await using other = await temporaryFolder();
    const { window, why } = await onWindows(temporary.path);
    using _ = window;
    window.end('You signed out of “Work”.');
    expect((await why(other.path))?.message).toMatch(gone);
  });

  test('what a window on Windows that was killed left of this is removed, and not before a week', async () => {
    await using temporary = await temporaryFolder();
    const { window, left } = await onWindows(temporary.path);
    window.end('You signed out of “Work”.');
    const [name = ''] = left();
    const age = (days: number): void => {
      const then = new Date(Date.now() - days * 24 * 3600_000);
      utimesSync(join(temporary.path, name), then, then);
    };
    age(6);
    (await onWindows(temporary.path)).window[Symbol.dispose]();
    expect(left()).toEqual([name]);
    age(8);
    (await onWindows(temporary.path)).window[Symbol.dispose]();
    expect(existsSync(join(temporary.path, name))).toBe(false);
  });

  /** Every user of a machine with Windows can list the names of its pipes, and take one that is free again. */
  test('another user’s pipe of the name of a window that is gone learns no secret, and is not believed', async () => {
    await using temporary = await temporaryFolder();
    const { window, ask } = await onWindows(temporary.path);
    const { path, secret } = window;
    window[Symbol.dispose]();
    const heard: string[] = [];
    const token = { accessToken: 'theirs', expiresAt: Date.now() + 3600_000, connection: 'Work' };
    const answers = [
      { token },
      { token, proof: secret.replace(/./g, 'a') },
      { failure: { exitCode: 1, message: 'run x' } },
    ];
    let answer: object = {};
    const theirs = createServer((socket) => {
      socket.on('data', (part) => {
        heard.push(part.toString());
        socket.end(`${JSON.stringify({ ...(JSON.parse(part.toString()) as object), ...answer })}\n`);
      });
    });
    await new Promise<void>((resolve) => theirs.listen(path, resolve));
    for (answer of answers)
      expect(await ask()).toEqual({
        failure: { exitCode: 3, message: expect.stringMatching(gone) as string },
      });
    theirs.close();
    expect(heard).toHaveLength(answers.length);
    expect(heard.join('')).not.toContain(secret);
  });
});
