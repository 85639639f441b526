import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findHeadlessShell, installHeadlessShell } from '../../host/headlessShell.ts';

/** The only folder on the PATH. */
let programs: string;

beforeEach(() => {
  programs = mkdtempSync(join(tmpdir(), 'programs-'));
  vi.stubEnv('PATH', programs);
  vi.stubEnv('CHROMIUM', '');
  vi.spyOn(console, 'log').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(programs, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, name), 0o755);
}

describe.skipIf(process.platform === 'win32')('findHeadlessShell', () => {
  test('finds it on the PATH', () => {
    expect(findHeadlessShell()).toBeUndefined();
    program('chromium-headless-shell', '');
    expect(findHeadlessShell()).toBe(join(programs, 'chromium-headless-shell'));
  });

  test('ignores it if CHROMIUM names a browser', () => {
    program('chromium-headless-shell', '');
    vi.stubEnv('CHROMIUM', '/opt/chrome');
    expect(findHeadlessShell()).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('installHeadlessShell', () => {
  /** Debian with Chromium 9.1, for this user. */
  const debian = (user: number, aptGet = 'exit 0') => {
    vi.spyOn(process, 'getuid').mockReturnValue(user);
    program('dpkg-query', 'printf 9.1');
    program('apt-get', `echo "$@" >>${join(programs, 'calls')}\n${aptGet}`);
  };
  const calls = (): readonly string[] => {
    const file = join(programs, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const install = 'install -y --no-install-recommends --no-remove chromium-headless-shell=9.1';

  test('installs the version of the installed Chromium', async () => {
    debian(0);
    await installHeadlessShell();
    expect(calls()).toEqual([`--simulate ${install}`, install]);
  });

  test('keeps the installed Chromium if the package lists only have another version', async () => {
    debian(0, 'exit 100');
    await installHeadlessShell();
    expect(calls()).toEqual([`--simulate ${install}`]);
  });

  test('leaves the tests to Chromium if the download fails', async () => {
    debian(0, '[ "$1" = --simulate ]');
    await installHeadlessShell();
    expect(calls()).toEqual([`--simulate ${install}`, install]);
  });

  test('asks apt-get for nothing if it is installed', async () => {
    debian(0);
    program('chromium-headless-shell', '');
    await installHeadlessShell();
    expect(calls()).toEqual([]);
  });

  test('asks apt-get for nothing without permission', async () => {
    debian(1000);
    await installHeadlessShell();
    expect(calls()).toEqual([]);
  });

  test('asks apt-get for nothing beside a Chromium from elsewhere', async () => {
    debian(0);
    program('dpkg-query', 'exit 1');
    await installHeadlessShell();
    expect(calls()).toEqual([]);
  });

  test('asks apt-get for nothing if CHROMIUM names a browser', async () => {
    debian(0);
    vi.stubEnv('CHROMIUM', '/opt/chrome');
    await installHeadlessShell();
    expect(calls()).toEqual([]);
  });
});
