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

/** The real ones are ten times as long and more; what they are is held by a unit test. */
const times = { beat: 200, silence: 4000, patience: 5500 };
const hour = 3600_000;

/** A PID namespace of its own, whose first process ends with the one that made it. */
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
  /** What it has said so far. */
  readonly said: readonly string[];
  /** Resolves with what it says next, from the first word on. */
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

/** What the system says where a PID namespace cannot be made; empty where it can. */
function refusalOf([command = '', ...args]: readonly string[]): string {
  const { error, status, stderr } = spawnSync(command, [...args, 'true'], { encoding: 'utf8' });
  return status === 0 ? '' : (error?.message ?? stderr.trim());
}

const title = refusal === '' ? 'two PID namespaces' : `two PID namespaces (left out: ${refusal})`;
// Processes are started and waited for, on a machine that may be busy.
describe.skipIf(refusal !== '')(title, { timeout: 60_000 }, () => {
  const directions = [
    { holds: 'namespace', waits: 'here', skew: 0 },
    { holds: 'here', waits: 'namespace', skew: 0 },
    { holds: 'namespace', waits: 'namespace', skew: 0 },
    { holds: 'namespace', waits: 'here', skew: hour },
    { holds: 'here', waits: 'namespace', skew: -hour },
  ] as const;

  test.concurrent.each(directions)(
    '05.08: a holder ($holds) that lives is not robbed ($waits, whose clock is $skew ms ahead)',
    async ({ holds, waits, skew }) => {
      const name = `live-${holds}-${waits}-${skew}.lock`;
      await using holder = locker(name, { place: holds, works: 60_000 });
      expect(await holder.next()).toBe('inside');
      const { pid } = JSON.parse(await readFile(join(folder, name), 'utf8')) as { pid: number };
      if (holds === 'namespace') expect(pid).toBe(1);
      await using waiter = locker(name, { place: waits, works: 0, skew });
      // 05.09: and the waiter hears who holds it when its patience is over.
      expect(await waiter.next()).toBe(`lockBusy ${JSON.stringify({ pid, host: hostname() })}`);
      expect(holder.said).toEqual(['inside']);
    },
  );

  test.concurrent.each(directions)(
    'a holder ($holds) that was killed is taken over after its silence, not before ($waits, $skew ms ahead)',
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

  test('one hears of the other’s release, and neither is inside with the other', async () => {
    await using one = locker('turns.lock', { place: 'namespace', works: 1000 });
    expect(await one.next()).toBe('inside');
    await using other = locker('turns.lock', { place: 'here', works: 0 });
    expect(await one.next()).toBe('released');
    expect([await other.next(), await other.next()]).toEqual(['inside', 'released']);
  });
});

test('a holder of the same namespace that was killed is taken over at once', async () => {
  await using holder = locker('same.lock', { place: 'here', works: 60_000 });
  expect(await holder.next()).toBe('inside');
  await end(holder.child);
  const killedAt = performance.now();
  await using waiter = locker('same.lock', { place: 'here', works: 0, skew: hour });
  expect(await waiter.next()).toBe('inside');
  expect(performance.now() - killedAt).toBeLessThan(times.silence);
});
