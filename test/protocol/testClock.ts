import { setImmediate as nextTick, setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/core/ports.ts';

/** A clock that stands still until the test advances it. */
export interface TestClock extends Clock {
  /** Advances the time without waking sleepers, as when the machine sleeps. */
  jump(milliseconds: number): void;
  /**
   * Advances to the earliest wake-up and wakes that sleeper, among those that sleep for at most `longest`.
   * @returns whether there was one
   */
  wakeNext(longest: number): boolean;
  /** Number of current sleepers. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly milliseconds: number;
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** Starts at the machine's own time. */
export function createTestClock(): TestClock {
  let time = Date.now();
  const sleepers = new Set<Sleeper>();
  return {
    now: () => time,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { milliseconds, wakesAt: time + milliseconds, wake: resolve };
      const abort = (): void => reject(signal.reason as Error);
      sleepers.add(sleeper);
      signal.addEventListener('abort', abort, { once: true });
      try {
        await promise;
      } finally {
        sleepers.delete(sleeper);
        signal.removeEventListener('abort', abort);
      }
    },
    jump: (milliseconds) => {
      time += milliseconds;
    },
    wakeNext: (longest) => {
      const [next] = [...sleepers]
        .filter(({ milliseconds }) => milliseconds <= longest)
        .sort((one, other) => one.wakesAt - other.wakesAt);
      if (next === undefined) return false;
      time = Math.max(time, next.wakesAt);
      next.wake();
      return true;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}

/**
 * Longer than the usual polling interval, shorter than the interval of background refreshes, which run at their
 * own pace.
 */
export const pollsOnly = 9_000;

/** Skips all sleeps of up to `longest` milliseconds until the promise settles; returns the promise's result. */
export async function whileTimeFlies<T>(
  clock: TestClock,
  promise: Promise<T>,
  longest = pollsOnly,
): Promise<T> {
  const progress = { isOver: false };
  const end = (): void => {
    progress.isOver = true;
  };
  promise.then(end, end);
  while (!progress.isOver) {
    // While everything waits for the network, leave the CPU to the servers.
    await (clock.wakeNext(longest) ? nextTick() : pause(1));
  }
  return promise;
}

/** Lets everything else run until `happened`. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await nextTick();
}
