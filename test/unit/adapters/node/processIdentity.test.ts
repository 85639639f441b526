import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  isAlive,
  isIdTaken,
  isSamePlace,
  ownIdentity,
  startOnWindows,
} from '../../../../src/adapters/node/processIdentity.ts';
import { powershellIn, windowsFolder } from '../../../../src/adapters/node/windowsFolder.ts';
import { deadProcess } from '../../fakes/deadProcess.ts';

describe('ownIdentity: this process', () => {
  test('has a stable ID and start time', async () => {
    const own = await ownIdentity();
    expect(own.pid).toBe(process.pid);
    if (['linux', 'darwin', 'win32'].includes(process.platform)) expect(own.startedAt).not.toBe('');
    expect(await ownIdentity()).toEqual(own);
  });

  test('is alive', async () => {
    expect(isIdTaken(process.pid)).toBe(true);
    expect(await isAlive(await ownIdentity())).toBe(true);
  });
});

describe('isAlive: another process', () => {
  test('that ended is not alive, whatever its start time', async () => {
    const pid = await deadProcess();
    expect(isIdTaken(pid)).toBe(false);
    expect(await isAlive({ pid, startedAt: '' })).toBe(false);
    expect(await isAlive({ pid, startedAt: (await ownIdentity()).startedAt })).toBe(false);
  });

  test('that reuses an earlier ID is not the same one', async () => {
    expect(await isAlive({ pid: process.pid, startedAt: 'another boot 12345' })).toBe(false);
  });

  test('with an unknown start time counts as alive', async () => {
    expect(await isAlive({ pid: process.pid, startedAt: '' })).toBe(true);
  });

  test('that runs is not this one, even with about the same start time', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      await once(child, 'spawn');
      expect(isIdTaken(child.pid ?? 0)).toBe(true);
      expect(await isAlive({ pid: child.pid ?? 0, startedAt: (await ownIdentity()).startedAt })).toBe(false);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

// `ps` on Linux prints start times in the same format as on macOS.
describe.skipIf(process.platform === 'win32' || !existsSync('/bin/ps'))('isAlive: a process of macOS', () => {
  const { platform } = process;
  beforeEach(() => Object.defineProperty(process, 'platform', { value: 'darwin' }));
  afterEach(() => Object.defineProperty(process, 'platform', { value: platform }));
  const startIn = (zone: string): string =>
    execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(process.pid)], {
      env: { LC_ALL: 'C', TZ: zone },
      encoding: 'utf8',
    }).trim();
  const { pid } = process;

  test('is alive in any time zone', async () => {
    // Linux's start times may differ by a second between calls.
    await expect.poll(() => isAlive({ pid, startedAt: `UTC ${startIn('UTC')}` })).toBe(true);
    expect(startIn('XYZ-9')).not.toBe(startIn('UTC'));
    expect(await isAlive({ pid, startedAt: `UTC ${startIn('XYZ-9')}` })).toBe(false);
  });

  test("is alive, too, with a start time in an earlier version's format", async () => {
    const here = (): string =>
      execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } })
        .toString()
        .trim();
    await expect.poll(() => isAlive({ pid, startedAt: here() })).toBe(true);
  });
});

describe('startOnWindows', () => {
  test('runs PowerShell with a timeout, and without a console window', async () => {
    const calls: unknown[][] = [];
    const start = await startOnWindows(4711, async (...call) => {
      calls.push(call);
      return { stdout: '134048736000000000\r\n' };
    });
    expect(start).toBe('134048736000000000');
    expect(calls).toEqual([
      [
        expect.stringMatching(/^[A-Z]:\\.*\\powershell\.exe$/i),
        expect.arrayContaining([expect.stringContaining('-Id 4711)')]),
        { windowsHide: true, timeout: 20_000 },
      ],
    ]);
  });

  test.each(['', '\r\n', 'Get-Process : no'])('is unknown if PowerShell prints %j', async (stdout) => {
    expect(await startOnWindows(4711, async () => ({ stdout }))).toBeUndefined();
  });
});

describe('powershellIn: 05.13: PowerShell is called by its full path', () => {
  const usual = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

  test.each([
    ['D:\\WINNT', 'D:\\WINNT\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
    ['C:\\WINDOWS', 'C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
  ])('in the Windows folder: %s', (SystemRoot, path) => {
    expect(powershellIn(windowsFolder({ SystemRoot }))).toBe(path);
  });

  test.each([
    '',
    '.',
    'Windows',
    '\\Windows',
    'C:',
    'C:Windows',
    'C:\\',
    '\\\\server\\share',
    'C:\\a\\..\\b',
    'C:/Windows',
  ])('in the default folder if SystemRoot is %j', (SystemRoot) => {
    expect(powershellIn(windowsFolder({ SystemRoot }))).toBe(usual);
  });

  test('in the default folder without SystemRoot', () => {
    expect(powershellIn(windowsFolder({}))).toBe(usual);
  });
});

test.each([
  ['the same', {}, true],
  ['another namespace', { namespace: 'pid:[2]' }, false],
  ['another start of the system', { boot: 'b2' }, false],
  ['another name of the same host', { host: 'renamed' }, true],
  ['a system that tells no start of its own', { boot: '' }, false],
])('a process can be checked from %s: %j, %s', (_, change, isSame) => {
  const place = { host: 'h', boot: 'b', namespace: 'pid:[1]' };
  expect(isSamePlace(place, { ...place, ...change })).toBe(isSame);
  expect(isSamePlace({ ...place, ...change }, place)).toBe(isSame);
});

test('uses the host name if the system does not report its boot', () => {
  const place = { host: 'h', boot: '', namespace: '' };
  expect(isSamePlace(place, { ...place })).toBe(true);
  expect(isSamePlace(place, { ...place, host: 'other' })).toBe(false);
});
