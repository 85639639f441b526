import type { Clock } from '../../../src/core/ports.ts';
import { settle } from './settle.ts';

/** A clock that stands still until the test advances it. */
interface FakeClock extends Clock {
  /** Advances the time; sleepers wake at their own times, in order. */
  advance(milliseconds: number): Promise<void>;
  /** Number of current sleepers. */
  readonly sleeping: number;
}

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/** Starts at an arbitrary time in 2026. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let time = start;
  const sleepers = new Set<Sleeper>();
  const nextBefore = (end: number) =>
    [...sleepers].filter(({ wakesAt }) => wakesAt <= end).sort((a, b) => a.wakesAt - b.wakesAt)[0];
  return {
    now: () => time,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { wakesAt: time + milliseconds, wake: resolve };
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
    advance: async (milliseconds) => {
      const end = time + milliseconds;
      await settle();
      for (let next = nextBefore(end); next !== undefined; next = nextBefore(end)) {
        time = Math.max(time, next.wakesAt);
        next.wake();
        await settle();
      }
      time = end;
    },
    get sleeping() {
      return sleepers.size;
    },
  };
}
