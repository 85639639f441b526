import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The real durations are at least ten times as long; a unit test covers them. */
const times = { beat: 200, silence: 4000, timeoutMilliseconds: 5500 };
const hour = 3600_000;

/** Command for a new PID namespace, whose first process ends with its parent. */
const inNamespace = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];
const refusal = refusalOf(inNamespace);

let folder = '';
let program = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'developer-sign-in-lock-'));
  program = join(folder, 'lockProcess.cjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'lockProcess.ts')],
    outfile: program,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    logLevel: 'warning',
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Locker extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Output so far. */
  readonly said: readonly string[];
  /** Resolves with the next line of output, starting with the first. */
  next(): Promise<string>;
}

interface LockerPlace {
  readonly place: 'here' | 'namespace';
  readonly works: number;
  readonly skew?: number;
}

/** A process that takes the lock of this name. */
function locker(name: string, { place, works, skew = 0 }: LockerPlace): Locker {
  const program_ = [
    process.execPath,
    program,
    join(folder, name),
    JSON.stringify(times),
    String(works),
    String(skew),
  ];
  const [command = '', ...args] = place === 'here' ? program_ : [...inNamespace, ...program_];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const lines = createInterface({ input: child.stdout }).on('line', (line) => said.push(line));
  let read = 0;
  return {
    child,
    said,
    next: async () => {
      while (said.length <= read) await once(lines, 'line');
      return said[read++] ?? '';
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The system's error if a PID namespace cannot be created; otherwise empty. */
function refusalOf([command = '', ...args]: readonly string[]): string {
  const { error, status, stderr } = spawnSync(command, [...args, 'true'], { encoding: 'utf8' });
  return status === 0 ? '' : (error?.message ?? stderr.trim());
}

const title = refusal === '' ? 'two PID namespaces' : `two PID namespaces (left out: ${refusal})`;
// The test starts and waits for processes, on a possibly busy machine.
describe.skipIf(refusal !== '')(title, { timeout: 60_000 }, () => {
  const directions = [
    { holds: 'namespace', waits: 'here', skew: 0 },
    { holds: 'here', waits: 'namespace', skew: 0 },
    { holds: 'namespace', waits: 'namespace', skew: 0 },
    { holds: 'namespace', waits: 'here', skew: hour },
    { holds: 'here', waits: 'namespace', skew: -hour },
  ] as const;

  test.concurrent.each(directions)(
    '05.08: a live holder ($holds) keeps its lock ($waits, with a clock $skew ms ahead)',
    async ({ holds, waits, skew }) => {
      const name = `live-${holds}-${waits}-${skew}.lock`;
      await using holder = locker(name, { place: holds, works: 60_000 });
      expect(await holder.next()).toBe('inside');
      const { pid } = JSON.parse(await readFile(join(folder, name), 'utf8')) as { pid: number };
      if (holds === 'namespace') expect(pid).toBe(1);
      await using waiter = locker(name, { place: waits, works: 0, skew });
      // 05.09: the waiter learns who holds the lock when it times out.
      expect(await waiter.next()).toBe(`lockBusy ${JSON.stringify({ pid, host: hostname() })}`);
      expect(holder.said).toEqual(['inside']);
    },
  );

  test.concurrent.each(directions)(
    'a killed holder’s lock ($holds) is taken over after its silence period, not before ($waits, $skew ms ahead)',
    async ({ holds, waits, skew }) => {
      const name = `killed-${holds}-${waits}-${skew}.lock`;
      await using holder = locker(name, { place: holds, works: 60_000, skew: -skew });
      expect(await holder.next()).toBe('inside');
      await using waiter = locker(name, { place: waits, works: 0, skew });
      await wait(500);
      await end(holder.child);
      const killedAt = performance.now();
      expect(await waiter.next()).toBe('inside');
      expect(performance.now() - killedAt).toBeGreaterThan(times.silence - 2 * times.beat);
      expect(await waiter.next()).toBe('released');
    },
  );

  test('a waiter notices the other’s release, and the two never hold the lock at the same time', async () => {
    await using one = locker('turns.lock', { place: 'namespace', works: 1000 });
    expect(await one.next()).toBe('inside');
    await using other = locker('turns.lock', { place: 'here', works: 0 });
    expect(await one.next()).toBe('released');
    expect([await other.next(), await other.next()]).toEqual(['inside', 'released']);
  });
});

test('a killed holder’s lock is taken over at once in the same namespace', async () => {
  await using holder = locker('same.lock', { place: 'here', works: 60_000 });
  expect(await holder.next()).toBe('inside');
  await end(holder.child);
  const killedAt = performance.now();
  await using waiter = locker('same.lock', { place: 'here', works: 0, skew: hour });
  expect(await waiter.next()).toBe('inside');
  expect(performance.now() - killedAt).toBeLessThan(times.silence);
});
