import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../core/ports.ts';

/** A timer holds at most 2^31 - 1 ms; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** The machine's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    signal.throwIfAborted();
    try {
      await wait(Math.min(Math.max(milliseconds, 0), longestTimer), undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
