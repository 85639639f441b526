import { systemClock } from '../../src/adapters/node/clock.ts';
import type { Clock } from '../../src/core/ports.ts';

/** How the clock of a window's machine behaves; a `jumping` one changes its time repeatedly. */
export type ClockKind = 'right' | 'ahead' | 'behind' | 'jumping';

const hour = 3_600_000;
const offsets: Readonly<Record<ClockKind, readonly number[]>> = {
  right: [0],
  ahead: [2 * hour],
  behind: [-2 * hour],
  jumping: [0, 2 * hour, -hour],
};
/** Shorter than a token's lifetime, so that each refresh happens at a different offset than the last. */
const jumpMilliseconds = 700;

/** A wall clock with an offset that is the same in all processes at any moment; timers use the machine's clock. */
export function clockOf(kind: ClockKind): Clock {
  const times = offsets[kind];
  return {
    ...systemClock,
    now: () => {
      const now = systemClock.now();
      return now + (times[Math.floor(now / jumpMilliseconds) % times.length] ?? 0);
    },
  };
}
