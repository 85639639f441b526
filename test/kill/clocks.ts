import { systemClock } from '../../src/adapters/node/clock.ts';
import type { Clock } from '../../src/core/ports.ts';

/** How the clock of a window's machine goes; a `jumping` one is set to another time every so often. */
export type ClockKind = 'right' | 'ahead' | 'behind' | 'jumping';

const hour = 3_600_000;
const offsets: Readonly<Record<ClockKind, readonly number[]>> = {
  right: [0],
  ahead: [2 * hour],
  behind: [-2 * hour],
  jumping: [0, 2 * hour, -hour],
};
/** Shorter than a token's life, so that its next refresh comes by another time than the last. */
const jumpMilliseconds = 700;

/** A wall clock that is wrong by the same time in all processes at each moment; its timers are the machine's. */
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
