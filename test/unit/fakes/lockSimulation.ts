import { createLocks } from '../../../src/adapters/node/lockFile.ts';
import type { LockFiles } from '../../../src/adapters/node/atomicFiles.ts';
import type { Locks, LockTimes } from '../../../src/adapters/node/lockFile.ts';
import type { ProcessPlace } from '../../../src/adapters/node/processIdentity.ts';
import { settle } from './settle.ts';

/** Events and actions of one process; times in simulated milliseconds. */
export interface ProcessPlan {
  /** Processes with the same number share a system and a PID namespace. */
  readonly place: number;
  /** Offset of its clock. */
  readonly skew: number;
  /** When it requests the lock, and how long it then works. */
  readonly wants: readonly { readonly at: number; readonly works: number }[];
  readonly killedAt?: number;
  /** The process is suspended from then on for this long. */
  readonly sleeps?: { readonly at: number; readonly milliseconds: number };
}

/** One lock request of one process, and its result. */
export interface Outcome {
  readonly process: number;
  readonly askedAt: number;
  result?: 'done' | 'busy' | 'failed';
  settledAt?: number;
}

/** Two processes that held the lock at the same moment. */
export interface Overlap {
  readonly at: number;
  readonly entered: number;
  readonly inside: number;
}

interface File {
  text: string;
  mtimeMs: number;
}

/** A folder shared by processes of several machines, with latency before and after each call. */
export async function simulateLocks(
  plans: readonly ProcessPlan[],
  times: LockTimes,
  seed: number,
  until: number,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly overlaps: readonly Overlap[] }> {
  let now = 0;
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const events: { readonly at: number; readonly wake: () => void }[] = [];
  const at = async (moment: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    events.push({ at: moment, wake: resolve });
    return promise;
  };
  const folder = new Map<string, File>();
  const outcomes: Outcome[] = [];
  const overlaps: Overlap[] = [];
  const inside = new Set<number>();

  const isDead = ({ killedAt = Infinity }: ProcessPlan): boolean => now >= killedAt;
  const awake = async (plan: ProcessPlan): Promise<void> => {
    if (isDead(plan)) return new Promise(() => undefined);
    const { sleeps } = plan;
    if (sleeps === undefined || now < sleeps.at || now >= sleeps.at + sleeps.milliseconds) return;
    await at(sleeps.at + sleeps.milliseconds);
    return awake(plan);
  };
  const until_ = async (plan: ProcessPlan, moment: number): Promise<void> => {
    await at(moment);
    await awake(plan);
  };

  const locksOf = (plan: ProcessPlan, index: number): Locks => {
    const wall = (): number => now + plan.skew;
    const call = async <T>(work: () => T): Promise<T> => {
      await until_(plan, now + random() * 10);
      const result = work();
      await until_(plan, now + random() * 10);
      return result;
    };
    const holds = (path: string, nonce: string): boolean => folder.get(path)?.text.includes(nonce) ?? false;
    const sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
      const { promise, reject } = Promise.withResolvers<never>();
      const abort = (): void => reject(signal.reason as Error);
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      await Promise.race([until_(plan, now + milliseconds), promise]).finally(() =>
        signal.removeEventListener('abort', abort),
      );
    };
    const files: LockFiles = {
      create: (path, text) =>
        call(() => {
          if (folder.has(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
          folder.set(path, { text, mtimeMs: now });
          return now;
        }),
      link: (from, to) =>
        call(() => {
          const file = folder.get(from);
          if (file === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
          if (folder.has(to)) return false;
          folder.set(to, file);
          return true;
        }),
      read: (path) =>
        call(() => {
          const file = folder.get(path);
          return file === undefined ? undefined : { ...file };
        }),
      touch: (path, nonce) =>
        call(() => {
          const file = folder.get(path);
          if (!file?.text.includes(nonce)) return false;
          file.mtimeMs = wall();
          return true;
        }),
      replace: (from, to) =>
        call(() => {
          const file = folder.get(from);
          if (file === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
          folder.delete(from);
          folder.set(to, file);
          return true;
        }),
      remove: (path) => call(() => void folder.delete(path)),
      removeIf: async (path, nonce) => {
        // Two calls, which others can interleave.
        if (await call(() => holds(path, nonce))) await call(() => void folder.delete(path));
      },
      untilChanged: (_path, milliseconds) => until_(plan, now + milliseconds),
    };
    // Only processes in the same place are visible; their IDs mean other processes elsewhere.
    const alive = (pid: number) =>
      plans.findIndex(
        (other, which) => other.place === plan.place && pidOf(plans, which) === pid && !isDead(other),
      );
    const place: ProcessPlace = {
      host: `host-${plan.place}`,
      boot: `boot-${plan.place}`,
      namespace: 'pid:[1]',
    };
    let acquisitions = 0;
    return createLocks(
      {
        own: async () => ({ pid: pidOf(plans, index), startedAt: `start ${index}`, ...place }),
        isIdTaken: (pid) => alive(pid) >= 0,
        isAlive: async ({ pid, startedAt }) => startedAt === `start ${alive(pid)}`,
        nonce: () => `n${index}-${++acquisitions}-end`,
        monotonic: () => now,
        wall,
        sleep,
        files,
      },
      times,
    );
  };

  const want = async (plan: ProcessPlan, index: number, locks: Locks, which: number): Promise<void> => {
    const { at: askedAt, works } = plan.wants[which] ?? { at: 0, works: 0 };
    await until_(plan, askedAt);
    const outcome: Outcome = { process: index, askedAt: now };
    outcomes.push(outcome);
    try {
      await locks.withLock('lock', new AbortController().signal, async () => {
        for (const other of inside)
          if (!isDead(plans[other] ?? plan)) overlaps.push({ at: now, entered: index, inside: other });
        inside.add(index);
        await until_(plan, now + works);
        inside.delete(index);
      });
      outcome.result = 'done';
    } catch (error) {
      outcome.result = error instanceof Error && error.message.startsWith('lockBusy') ? 'busy' : 'failed';
    }
    outcome.settledAt = now;
  };

  plans.forEach((plan, index) => {
    const locks = locksOf(plan, index);
    plan.wants.forEach((_, which) => void want(plan, index, locks, which));
  });
  for (;;) {
    await settle();
    events.sort((one, other) => other.at - one.at);
    const next = events.pop();
    if (next === undefined || next.at > until) return { outcomes, overlaps };
    now = Math.max(now, next.at);
    next.wake();
  }
}

/** Process IDs start at 1 in each place. */
function pidOf(plans: readonly ProcessPlan[], index: number): number {
  const { place } = plans[index] ?? { place: 0 };
  return plans.slice(0, index + 1).filter((plan) => plan.place === place).length;
}
