import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTerminalSocket } from '../../../src/adapters/node/terminalSocket.ts';
import { askEditor } from '../../../src/ssoToken/askEditor.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

const gone = /^The window that opened this terminal was closed or reloaded/;

/** A window on Windows; elsewhere, sockets with the names of its pipes stand in for them. */
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
  test('uses a named pipe, without writing to disk', async () => {
    await using temporary = await temporaryFolder();
    const { window, ask, left } = await onWindows(temporary.path);
    using _ = window;
    expect(window.path).toMatch(/\\sso-token-[\da-f]{32}$/);
    expect(await ask()).toMatchObject({ list: [{ connection: 'Work' }] });
    expect(left()).toEqual([]);
  });

  test('says why access ended until the window is closed, on Windows too', async () => {
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

  test('gives what it knows as the reason in a terminal with a different temporary folder', async () => {
    await using temporary = await temporaryFolder();
    await using other = await temporaryFolder();
    const { window, why } = await onWindows(temporary.path);
    using _ = window;
    window.end('You signed out of “Work”.');
    expect((await why(other.path))?.message).toMatch(gone);
  });

  test('leftovers of a killed window on Windows are removed, but not within a week', async () => {
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

  /** Every user of a Windows machine can list pipe names, and reuse one that is free again. */
  test('another user’s pipe with the name of a closed window learns no secret, and is not trusted', async () => {
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
