import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../tools/lib/paths.ts';
import { cleanEnvironment } from './cleanEnvironment.ts';
import { eventually } from './eventually.ts';
import { ensureHost } from './installHost.ts';

it.skipIf(process.platform !== 'linux')('npm start ends all its processes on SIGTERM', async () => {
  const { entry } = await ensureHost();
  const cache = mkdtempSync(join(tmpdir(), 'start-'));
  const {
    DISPLAY: _,
    WAYLAND_DISPLAY: __,
    ...env
  } = cleanEnvironment({
    DEVELOPER_SIGN_IN_CACHE: cache,
    DEVELOPER_SIGN_IN_HOST: resolve(dirname(entry), '../../../..'),
  });
  const start = spawn('npm', ['start', '--', '--code-server', '--packed'], {
    cwd: projectRoot,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    start.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const address = await eventually(
      'the address of VS Code',
      () =>
        said.includes('Press Ctrl+C to stop.') ? /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] : undefined,
      { timeoutMs: 120_000 },
    );
    expect((await fetch(`${address}/healthz`)).ok).toBe(true);
    const began = descendantsOf(start.pid ?? 0);
    // run.mjs, the task, the guard, and the server with its helpers.
    expect(began.length).toBeGreaterThan(3);

    start.kill('SIGTERM');
    await once(start, 'exit');
    await eventually('all of it to be gone', () => (began.some(isAlive) ? undefined : true));
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  } finally {
    start.kill('SIGKILL');
    rmSync(cache, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
});

/** The descendants of a process. */
function descendantsOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

function parentOf(pid: string | number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  return parentOf(pid) !== undefined;
}
