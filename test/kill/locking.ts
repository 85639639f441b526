import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { check, type Part } from './check.ts';
import type { FromLocker, ToLocker } from './messages.ts';
import { processBundle } from './processBundle.ts';

/** A process that takes locks. */
interface Locker {
  readonly child: ChildProcess;
  readonly tell: (message: ToLocker) => void;
  /** How often it held the lock, and how often not alone. */
  readonly inside: () => number;
  readonly notAlone: () => number;
  /** Resolves at its next message of this type. */
  next(type: FromLocker['type']): Promise<void>;
}

/** Many processes repeatedly find the lock of a dead process: each gets it, and never two at once. */
export function deadLockPart(processes: number, repetitions: number): Part {
  return {
    name: 'exactly one waiter takes over the lock of a dead process',
    run: async () => {
      await using scene = await createScene(processes);
      const { path, lockers } = scene;
      const text = await lockOfDead(scene);
      let survived = 0;
      for (let n = 0; n < repetitions; n++) {
        const released = lockers.map((locker) => locker.next('released'));
        // One lock of a dead process per repetition: recent, or from yesterday.
        await writeFile(path, text.replace(/"nonce":"[^"]*"/, `"nonce":"dead${n}"`));
        if (n % 2 === 1) await utimes(path, yesterday(), yesterday());
        for (const { tell } of lockers) tell({ type: 'take', path, untilReleased: false });
        await Promise.all(released);
        survived += 1;
      }
      const notAlone = sum(lockers.map((locker) => locker.notAlone()));
      const inside = sum(lockers.map((locker) => locker.inside()));
      return {
        checks: [
          check('no two processes held the lock at once', notAlone === 0, notAlone),
          check('every waiter got it once', inside === processes * repetitions, inside),
        ],
        figures: { repetitions: survived, waiters: processes },
      };
    },
  };
}

/** The lock of a live but suspended process, as on a laptop with a closed lid. */
export function stoppedHolderPart(processes: number, stoppedMilliseconds: number): Part {
  return {
    name: 'a suspended process keeps its lock, and continues',
    run: async () => {
      await using scene = await createScene(processes + 1);
      const [holder, ...waiters] = scene.lockers;
      if (holder === undefined) throw new Error('No process holds the lock.');
      const { path } = scene;
      const held = holder.next('inside');
      holder.tell({ type: 'take', path, untilReleased: true });
      await held;
      holder.child.kill('SIGSTOP');
      await utimes(path, yesterday(), yesterday());
      const released = waiters.map((waiter) => waiter.next('released'));
      for (const { tell } of waiters) tell({ type: 'take', path, untilReleased: false });
      // Wait a fixed time, since nothing must happen.
      await wait(stoppedMilliseconds);
      const robbers = sum(waiters.map((waiter) => waiter.inside()));
      holder.child.kill('SIGCONT');
      holder.tell({ type: 'release' });
      await Promise.all(released);
      const inside = sum(waiters.map((waiter) => waiter.inside()));
      const notAlone = sum(scene.lockers.map((locker) => locker.notAlone()));
      return {
        checks: [
          check(
            'no process got the lock during the suspension',
            robbers === 0,
            `${robbers} in ${stoppedMilliseconds} ms`,
          ),
          check(
            'all processes got the lock afterwards, one at a time',
            inside === processes && notAlone === 0,
            inside,
          ),
        ],
        figures: { stoppedMilliseconds, waiters: processes },
      };
    },
  };
}

interface Scene extends AsyncDisposable {
  readonly path: string;
  readonly lockers: readonly Locker[];
}

async function createScene(processes: number): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'developer-sign-in-lock-'));
  const program = await processBundle('lockingProcess');
  const lockers = Array.from({ length: processes }, () => startLocker(program));
  return {
    path: join(folder, 'session.lock'),
    lockers,
    [Symbol.asyncDispose]: async () => {
      for (const { child } of lockers) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startLocker(program: string): Locker {
  const child = fork(program, [], { execArgv: [] });
  let inside = 0;
  let notAlone = 0;
  child.on('message', (message: FromLocker) => {
    if (message.type !== 'inside') return;
    inside += 1;
    if (!message.alone) notAlone += 1;
  });
  return {
    child,
    tell: (message) => void child.send(message),
    inside: () => inside,
    notAlone: () => notAlone,
    next: (type) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const listen = (message: FromLocker): void => {
        if (message.type !== type) return;
        child.off('message', listen);
        resolve();
      };
      child.on('message', listen);
      return promise;
    },
  };
}

/** The content of the lock file of a process that was killed while it held the lock. */
async function lockOfDead({ path }: Scene): Promise<string> {
  const victim = startLocker(await processBundle('lockingProcess'));
  const held = victim.next('inside');
  victim.tell({ type: 'take', path, untilReleased: true });
  await held;
  const gone = once(victim.child, 'exit');
  victim.child.kill('SIGKILL');
  await gone;
  await rm(`${path}-inside`);
  return readFile(path, 'utf8');
}

function yesterday(): Date {
  return new Date(Date.now() - 24 * 3600_000);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
