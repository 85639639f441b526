import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from '../../tools/lib/paths.ts';

/** A fresh clone as far as run.mjs needs it, on a machine with only these programs. */
let clone: string;
let programs: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'clone-'));
  [clone, programs] = [join(folder, 'clone'), join(folder, 'bin')];
  for (const file of ['test/tools/run.mjs', 'test/host/browsers.json', 'package.json', 'package-lock.json'])
    cpSync(join(projectRoot, file), join(clone, file));
  for (const task of ['start', 'test', 'test-host']) writeFileSync(join(clone, `test/tools/${task}.ts`), '');
  mkdirSync(programs);
});
afterEach(() => rmSync(join(clone, '..'), { recursive: true, force: true }));

function program(name: string, script: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(programs, name), 0o755);
}

const runArguments = (task: string): string[] => [join(clone, 'test/tools/run.mjs'), task];
// With a display, `npm start` uses an installed VS Code and downloads none.
const environment = () => ({ PATH: programs, DISPLAY: ':0' });

describe.skipIf(process.platform !== 'linux')('on a machine without chromium, git and sudo', () => {
  test('the host tests name what to install before any download', () => {
    program('npm', `touch ${join(programs, 'asked')}`);
    const { status, stderr } = spawnSync(process.execPath, runArguments('test-host'), {
      env: environment(),
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^Missing on this machine: chromium/);
    expect(status).toBe(1);
    expect(existsSync(join(programs, 'asked'))).toBe(false);
  });

  test('npm test names it first, and runs the other tests', () => {
    program('npm', '');
    const { stderr } = spawnSync(process.execPath, runArguments('test'), {
      env: environment(),
      encoding: 'utf8',
    });
    expect(stderr).toMatch(
      /^Missing on this machine: chromium[^]*Tests that do not need a browser run now[^]*Installing/,
    );
  });
});

describe.skipIf(process.platform === 'win32')("SIGTERM during npm's installation", () => {
  const node = `'${process.execPath}'`;
  test.each([
    ['the script', process.execPath, (): string[] => runArguments('start')],
    [
      'the shell that npm runs it by',
      '/bin/sh',
      () => ['-c', `${node} '${runArguments('start').join("' '")}'; :`],
    ],
  ])('to %s ends npm and its child processes', async (_, command, commandArguments) => {
    const pids = join(programs, 'pids');
    program('npm', `/bin/sleep 60 & echo $$ $! >${pids}.new; /bin/mv ${pids}.new ${pids}; wait`);
    const env = { ...environment(), npm_lifecycle_event: 'start' };
    const start = spawn(command, commandArguments(), { env, stdio: 'ignore' });
    while (!existsSync(pids)) await new Promise((resolve) => setTimeout(resolve, 20));
    start.kill('SIGTERM');
    await once(start, 'exit');
    for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) await gone(Number(pid));
  });
});

/** Resolves when this process has ended. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
