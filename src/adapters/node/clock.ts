import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../core/ports.ts';

/** The longest delay of a timer, in milliseconds; a longer one would fire immediately. */
const maxTimerMilliseconds = 2 ** 31 - 1;

/** The clock and timers of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    signal.throwIfAborted();
    try {
      await wait(Math.min(Math.max(milliseconds, 0), maxTimerMilliseconds), undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
