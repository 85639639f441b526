import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openTerminalSocket } from '../../../src/adapters/node/terminalSocket.ts';
import type { HandleRequest, ReceivedRequest } from '../../../src/adapters/node/terminalSocket.ts';
import { proofTexts } from '../../../src/features/terminalProtocol.ts';
import { temporaryFolder } from '../../unit/fakes/temporaryFolder.ts';

/** Real sockets, and attacks by a malicious program. */

const answerToken: HandleRequest = async () => ({
  token: {
    accessToken: 'access-1',
    expiresAt: 0,
    scopes: [],
    connection: 'My Okta',
    account: 'ada',
  },
});

type Options = Parameters<typeof openTerminalSocket>[1];

async function opened(options: Options = {}, answer: HandleRequest = answerToken) {
  const folder = await temporaryFolder();
  const received: ReceivedRequest[] = [];
  const socket = await openTerminalSocket(
    async (request, signal) => {
      received.push(request);
      return answer(request, signal);
    },
    { base: folder.path, ...options },
  );
  return {
    ...socket,
    base: folder.path,
    received,
    async [Symbol.asyncDispose]() {
      socket[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Everything received until the other side ends; an error that closes the connection counts as an end. */
async function said(path: string, sent: string | Buffer, patience = 5000): Promise<string> {
  const socket = connect(path);
  let text = '';
  socket.on('data', (part) => (text += part.toString('utf8')));
  socket.on('error', () => undefined);
  socket.write(sent);
  await Promise.race([
    closed(socket),
    sleep(patience).then(() => {
      throw new Error('The socket stays open');
    }),
  ]);
  return text;
}

/** `once` would reject if an error came first. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const request = (secret: unknown, more: object = {}): string => {
  const proof = typeof secret === 'string' ? hash(proofTexts.request(secret)) : secret;
  return `${JSON.stringify({ ask: 'token', proof, challenge: 'c1', ...more })}\n`;
};

describe('openTerminalSocket', () => {
  test('answers a program that has the secret, without passing the secret on', async () => {
    await using here = await opened();
    expect(await said(here.path, request(here.secret, { connection: 'okta' }))).toMatch(
      /^\{"token":.*access-1.*\}\n$/,
    );
    expect(here.received).toEqual([{ request: { ask: 'token', connection: 'okta' } }]);
  });

  test('proves knowledge of the secret, which neither side sends', async () => {
    await using here = await opened();
    const { proof } = JSON.parse(await said(here.path, request(here.secret))) as { proof: string };
    expect(proof).toBe(hash(proofTexts.answer(here.secret, 'c1')));
    for (const more of [{ challenge: undefined }, { proof: here.secret }, { proof }])
      expect(await said(here.path, request(here.secret, more))).toBe('');
  });

  test('is in a folder that only this user can enter, or is a pipe with a name of 128 random bits', async () => {
    await using here = await opened();
    if (process.platform === 'win32') expect(here.path).toMatch(/^\\\\\.\\pipe\\sso-token-[\da-f]{32}$/);
    else {
      expect(statSync(dirname(here.path)).mode & 0o777).toBe(0o700);
      expect(statSync(here.path).mode & 0o777).toBe(0o600);
    }
    expect(here.secret).toMatch(/^[\da-f]{64}$/);
  });

  test('has a separate folder or pipe, and secret, for each window', async () => {
    await using one = await opened();
    await using other = await opened({ base: one.base });
    expect(one.path).not.toBe(other.path);
    if (process.platform !== 'win32') expect(dirname(one.path)).not.toBe(dirname(other.path));
    expect(await said(other.path, request(one.secret))).toBe('');
    expect(other.received).toEqual([]);
  });

  test('names the program that started sso-token', async () => {
    await using here = await opened();
    await said(here.path, request(here.secret, { parent: process.pid }));
    await said(here.path, request(here.secret, { parent: -1 }));
    await said(here.path, request(here.secret, { parent: '1; id' }));
    const [known, ...unknown] = here.received.map(({ program }) => program);
    if (process.platform !== 'win32') expect(known).toMatch(/\w/);
    expect(unknown).toEqual([undefined, undefined]);
  });

  test('removes its folder and ends everything that waits when closed', async () => {
    await using here = await opened(
      {},
      (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({}));
        }),
    );
    const waiting = said(here.path, request(here.secret));
    await expect.poll(() => here.received.length).toBe(1);
    here[Symbol.dispose]();
    expect(await waiting).toBe('');
    expect(existsSync(dirname(here.path))).toBe(false);
  });

  test('ends the wait for a sign-in when the waiting program ends', async () => {
    let gone: AbortSignal | undefined;
    await using here = await opened({}, async (_, signal) => {
      gone = signal;
      await once(signal, 'abort');
      return {};
    });
    const socket = connect(here.path);
    socket.write(request(here.secret));
    await expect.poll(() => gone).toBeDefined();
    socket.destroy();
    await expect.poll(() => gone?.aborted).toBe(true);
  });
});

describe('a malicious program', () => {
  test.each([
    ['no secret', undefined],
    ['an empty secret', ''],
    ['a wrong secret', 'f'.repeat(64)],
    ['a secret that is a list', ['f']],
    ['a secret that is an object', { length: 64 }],
  ])('with %s gets no response', async (_, secret) => {
    await using here = await opened();
    expect(await said(here.path, request(secret))).toBe('');
    expect(here.received).toEqual([]);
  });

  test('with half of the secret, or more than all of it, gets no response', async () => {
    await using here = await opened();
    for (const wrong of [
      here.secret.slice(0, 32),
      `${here.secret}0`,
      here.secret.toUpperCase().replace(/\d/g, '0'),
    ])
      expect(await said(here.path, request(wrong))).toBe('');
    expect(here.received).toEqual([]);
  });

  test.each([
    ['no JSON', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a number', '1\n'],
    ['null', 'null\n'],
    ['a list', '[]\n'],
    ['an empty line', '\n'],
    ['bytes that are not text', '\u0000\u0001\u00ff\n'],
  ])('that sends %s is disconnected', async (_, sent) => {
    await using here = await opened();
    expect(await said(here.path, sent)).toBe('');
    expect(here.received).toEqual([]);
  });

  test('that sends 10 MB is disconnected long before they are in memory', async () => {
    await using here = await opened();
    const before = process.memoryUsage().rss;
    expect(await said(here.path, Buffer.alloc(10 * 1024 * 1024, 'x'))).toBe('');
    const padded = request(here.secret, { connection: 'x'.repeat(10 * 1024 * 1024) });
    expect(await said(here.path, padded)).toBe('');
    expect(here.received).toEqual([]);
    // The test itself holds three times what it sends.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  });

  test('that sends a byte now and then is disconnected', async () => {
    await using here = await opened({ requestMilliseconds: 300 });
    const socket = connect(here.path);
    socket.on('error', () => undefined);
    const started = performance.now();
    const timer = setInterval(() => socket.write('x'), 50);
    await closed(socket);
    clearInterval(timer);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test('that opens many connections delays the window no longer than one request may take', async () => {
    await using here = await opened({ connections: 8, requestMilliseconds: 300 });
    const crowd = Array.from({ length: 50 }, () => {
      const socket = connect(here.path);
      socket.on('error', () => undefined);
      return socket;
    });
    await Promise.all(crowd.map((socket) => closed(socket.resume())));
    expect(await said(here.path, request(here.secret))).toMatch(/access-1/);
  });

  test('that asks 1,000 times a second gets the burst, and then the rate limit', async () => {
    await using here = await opened({ rate: { burst: 20, perSecond: 5 }, connections: 2000 });
    const started = performance.now();
    const answers: string[] = [];
    for (let round = 0; round < 20; round++)
      answers.push(
        ...(await Promise.all(
          Array.from({ length: 50 }, () => said(here.path, request(here.secret), 20_000)),
        )),
      );
    const seconds = (performance.now() - started) / 1000;
    const granted = answers.filter((answer) => answer !== '').length;
    expect(granted).toBeGreaterThanOrEqual(20);
    expect(granted).toBeLessThanOrEqual(20 + Math.ceil(seconds * 5));
    expect(here.received).toHaveLength(granted);
  });

  test('without the secret, 1,000 requests do not slow down a program that has it', async () => {
    await using here = await opened({ rate: { burst: 5, perSecond: 0 }, connections: 2000 });
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 100 }, () => said(here.path, request('wrong'), 20_000)));
    for (let round = 0; round < 5; round++)
      expect(await said(here.path, request(here.secret))).toMatch(/access-1/);
  });

  test.skipIf(process.platform === 'win32')(
    'a failed response does not say why, and the window continues',
    async () => {
      let isFirst = true;
      await using here = await opened({}, async (...all) => {
        if (!isFirst) return answerToken(...all);
        isFirst = false;
        throw new Error('access-1 of ada');
      });
      expect(await said(here.path, request(here.secret))).toBe('');
      expect(await said(here.path, request(here.secret))).toMatch(/access-1/);
    },
  );

  // Only root can become another user.
  test.skipIf(process.getuid?.() !== 0)('run by another user cannot reach the socket', async () => {
    await using here = await opened();
    chmodSync(here.base, 0o755);
    const program = `
      require('node:net').connect(${JSON.stringify(here.path)})
        .on('error', ({ code }) => console.log(code))
        .end(${JSON.stringify(request(here.secret))})
        .on('data', (data) => console.log(String(data)));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      uid: 65534,
      gid: 65534,
    });
    expect(stdout.trim()).toBe('EACCES');
    expect(here.received).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('leftovers of a window that was killed', () => {
  /** A process that listens as a window does, and is killed. */
  async function deadWindow(base: string): Promise<string> {
    const folder = mkdtempSync(join(base, 'sso-token-'));
    const program = `require('node:net').createServer().listen(${JSON.stringify(join(folder, 'socket'))}, () => console.log('up'))`;
    const window = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(window.stdout, 'data');
    window.kill('SIGKILL');
    await once(window, 'exit');
    expect(lstatSync(join(folder, 'socket')).isSocket()).toBe(true);
    return folder;
  }
  const long = new Date(Date.now() - 3600_000);

  test('are removed by the next window', async () => {
    await using folder = await temporaryFolder();
    const dead = await deadWindow(folder.path);
    utimesSync(dead, long, long);
    await using _ = await opened({ base: folder.path });
    expect(existsSync(dead)).toBe(false);
  });

  test('stayed for ever where the folder for temporary files has too long a name for a socket', async () => {
    await using folder = await temporaryFolder();
    const base = join(folder.path, 'x'.repeat(100));
    mkdirSync(base);
    const dead = await deadWindow('/tmp');
    utimesSync(dead, long, long);
    await using _ = await opened({ base });
    expect(existsSync(dead)).toBe(false);
  });

  test('a reason that a window left for its terminals stays while they may be open', async () => {
    await using folder = await temporaryFolder();
    await using window = await opened({ base: folder.path });
    window.end('You signed out.');
    const place = dirname(window.path);
    utimesSync(place, long, long);
    await using _next = await opened({ base: folder.path });
    expect(existsSync(join(place, 'ended'))).toBe(true);
    const longer = new Date(Date.now() - 8 * 24 * 3600_000);
    utimesSync(place, longer, longer);
    await using _later = await opened({ base: folder.path });
    expect(existsSync(place)).toBe(false);
  });

  test('stay while they may belong to a window that is starting', async () => {
    await using folder = await temporaryFolder();
    const dead = await deadWindow(folder.path);
    await using _ = await opened({ base: folder.path });
    expect(existsSync(dead)).toBe(true);
  });

  test('do not include the socket of a live window, however old', async () => {
    await using living = await opened();
    utimesSync(dirname(living.path), long, long);
    await using _ = await opened({ base: living.base });
    expect(await said(living.path, request(living.secret))).toMatch(/access-1/);
  });

  test('a folder of the user whose name begins like ours was deleted with its files', async () => {
    await using folder = await temporaryFolder();
    const notes = join(folder.path, 'sso-token-notes');
    mkdirSync(join(notes, 'more'), { recursive: true });
    writeFileSync(join(notes, 'more', 'file'), 'x');
    const dead = await deadWindow(folder.path);
    writeFileSync(join(dead, 'core.1'), 'x');
    for (const one of [notes, dead]) utimesSync(one, long, long);
    await using _ = await opened({ base: folder.path });
    expect(existsSync(join(notes, 'more', 'file'))).toBe(true);
    expect(existsSync(join(dead, 'core.1'))).toBe(true);
    expect(existsSync(join(dead, 'socket'))).toBe(false);
  });

  test('are kept if they are a link, whose target stays too', async () => {
    await using folder = await temporaryFolder();
    const precious = join(folder.path, 'precious');
    mkdirSync(precious);
    writeFileSync(join(precious, 'file'), 'x');
    symlinkSync(precious, join(folder.path, 'sso-token-link01'));
    await using here = await opened({ base: folder.path, youngMilliseconds: 0 });
    expect(existsSync(join(precious, 'file'))).toBe(true);
    expect(lstatSync(dirname(here.path)).isSymbolicLink()).toBe(false);
  });
});
