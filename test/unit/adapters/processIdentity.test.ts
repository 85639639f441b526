import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { isAlive, isIdTaken, ownIdentity } from '../../../src/adapters/processIdentity.ts';
import { deadProcess } from '../fakes/deadProcess.ts';

describe('this process', () => {
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

describe('another process', () => {
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
