import { setImmediate as nextTick, setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/core/ports.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /** Moves the time on without waking anything, as a machine that slept. */
  jump(milliseconds: number): void;
  /**
   * Moves the time on to the next sleeper's moment and wakes it, among those who sleep no longer than `longest`.
   * @returns whether there was one
   */
  wakeNext(longest: number): boolean;
  /** How many sleep now. */
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

/** Longer than the usual wait between two polls, shorter than the look-out for refreshes ahead, which has its own pace. */
export const pollsOnly = 9_000;

/** Lets no sleep of up to `longest` milliseconds take time until the promise has settled; hands on how. */
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
    // Where all wait for the wire, the processor is left to the servers.
    await (clock.wakeNext(longest) ? nextTick() : pause(1));
  }
  return promise;
}

/** Lets everything else happen until `happened`. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await nextTick();
}
