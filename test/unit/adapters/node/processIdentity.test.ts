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
  test('has its id and the moment of its start, and they do not change', async () => {
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
  test('that ended is not alive, whatever is known of its start', async () => {
    const pid = await deadProcess();
    expect(isIdTaken(pid)).toBe(false);
    expect(await isAlive({ pid, startedAt: '' })).toBe(false);
    expect(await isAlive({ pid, startedAt: (await ownIdentity()).startedAt })).toBe(false);
  });

  test('that has the id of an earlier one is not that one', async () => {
    expect(await isAlive({ pid: process.pid, startedAt: 'another boot 12345' })).toBe(false);
  });

  test('whose start is not known is alive when in doubt', async () => {
    expect(await isAlive({ pid: process.pid, startedAt: '' })).toBe(true);
  });

  test('that runs is not this one, although it began at about the same time', async () => {
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

// The `ps` of Linux tells a start as that of macOS does.
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

  test('is alive in whatever time zone the machine is by now', async () => {
    // That of Linux may be a second off from one call to the next.
    await expect.poll(() => isAlive({ pid, startedAt: `UTC ${startIn('UTC')}` })).toBe(true);
    expect(startIn('XYZ-9')).not.toBe(startIn('UTC'));
    expect(await isAlive({ pid, startedAt: `UTC ${startIn('XYZ-9')}` })).toBe(false);
  });

  test('is alive, too, where an earlier version wrote its start', async () => {
    const here = (): string =>
      execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } })
        .toString()
        .trim();
    await expect.poll(() => isAlive({ pid, startedAt: here() })).toBe(true);
  });
});

describe('startOnWindows', () => {
  test('asks PowerShell, with no console window on the screen and not for ever', async () => {
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

  test.each(['', '\r\n', 'Get-Process : no'])('is not known where PowerShell says %j', async (stdout) => {
    expect(await startOnWindows(4711, async () => ({ stdout }))).toBeUndefined();
  });
});

describe('powershellIn: 05.13: PowerShell is named by its whole path', () => {
  const usual = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

  test.each([
    ['D:\\WINNT', 'D:\\WINNT\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
    ['C:\\WINDOWS', 'C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
  ])('in the folder of Windows: %s', (SystemRoot, path) => {
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
  ])('in the usual one where SystemRoot is %j', (SystemRoot) => {
    expect(powershellIn(windowsFolder({ SystemRoot }))).toBe(usual);
  });

  test('in the usual one without SystemRoot', () => {
    expect(powershellIn(windowsFolder({}))).toBe(usual);
  });
});

test.each([
  ['the same', {}, true],
  ['another namespace', { namespace: 'pid:[2]' }, false],
  ['another start of the system', { boot: 'b2' }, false],
  ['another name of the same host', { host: 'renamed' }, true],
  ['a system that tells no start of its own', { boot: '' }, false],
])('a process can be judged from %s: %j, %s', (_, change, isSame) => {
  const place = { host: 'h', boot: 'b', namespace: 'pid:[1]' };
  expect(isSamePlace(place, { ...place, ...change })).toBe(isSame);
  expect(isSamePlace({ ...place, ...change }, place)).toBe(isSame);
});

test('where no start of the system is told, the host name tells', () => {
  const place = { host: 'h', boot: '', namespace: '' };
  expect(isSamePlace(place, { ...place })).toBe(true);
  expect(isSamePlace(place, { ...place, host: 'other' })).toBe(false);
});
