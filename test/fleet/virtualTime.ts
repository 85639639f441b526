import type { Clock } from '../../src/core/ports.ts';

/**
 * Time that stands still while anything runs, and then jumps to the next event. Milliseconds, since the epoch or
 * any other start.
 */
export interface VirtualTime {
  now(): number;
  /** Calls `wake` at a time; returns a function that cancels it. */
  at(moment: number, wake: () => void): () => void;
  /** Runs until `end`, or until nothing is scheduled. */
  run(end: number): Promise<void>;
}

interface Event {
  readonly at: number;
  readonly order: number;
  wake: (() => void) | undefined;
}

export function createVirtualTime(start: number): VirtualTime {
  let now = start;
  let order = 0;
  const heap: Event[] = [];
  const isBefore = (one: Event, other: Event): boolean =>
    one.at < other.at || (one.at === other.at && one.order < other.order);
  const swap = (i: number, j: number): void => {
    const [one, other] = [heap[i], heap[j]];
    if (one === undefined || other === undefined) return;
    heap[i] = other;
    heap[j] = one;
  };
  const isOutOfPlace = (child: number, parent: number): boolean => {
    const [one, other] = [heap[child], heap[parent]];
    return one !== undefined && other !== undefined && isBefore(one, other);
  };
  const push = (event: Event): void => {
    heap.push(event);
    for (let at = heap.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!isOutOfPlace(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const pop = (): Event | undefined => {
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const least = isOutOfPlace(left + 1, left) ? left + 1 : left;
      if (!isOutOfPlace(least, at)) return first;
      swap(least, at);
      at = least;
    }
  };
  return {
    now: () => now,
    at: (moment, wake) => {
      const event: Event = { at: Math.ceil(Math.max(moment, now)), order: order++, wake };
      push(event);
      return () => {
        event.wake = undefined;
      };
    },
    run: async (end) => {
      await settled();
      for (;;) {
        const next = heap[0];
        if (next === undefined || next.at > end) break;
        now = next.at;
        let isAwake = false;
        while (heap[0]?.at === now) {
          const wake = pop()?.wake;
          isAwake ||= wake !== undefined;
          wake?.();
        }
        if (isAwake) await settled();
      }
      now = Math.max(now, end);
    },
  };
}

/** Resolves when all pending promise callbacks have run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A period between two times. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A machine's clock: its timers stop while it sleeps, as on most systems, and its wall clock does not. */
export function machineClock(time: VirtualTime, sleeps: readonly Span[]): Clock {
  const firesAt = (milliseconds: number): number => {
    let moment = time.now() + Math.max(milliseconds, 0);
    const start = time.now();
    for (const { from, to } of sleeps) if (to > start && from <= moment) moment += to - Math.max(from, start);
    return moment;
  };
  return {
    now: () => time.now(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const abort = (): void => {
          takeBack();
          reject(signal.reason as Error);
        };
        const takeBack = time.at(firesAt(milliseconds), () => {
          signal.removeEventListener('abort', abort);
          resolve();
        });
        signal.addEventListener('abort', abort, { once: true });
      }),
  };
}
