import { createHook, executionAsyncId } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Work right after a wake-up belongs to it. */
const CONTINUATIONS: readonly string[] = ['PROMISE', 'TickObject', 'Microtask', 'Immediate'];

/**
 * Counts how often resources that `open` created, directly or indirectly, wake the process within `milliseconds`:
 * timers, watched files, responses. Ignores the `settling` milliseconds right after `open`.
 */
export async function wakeUpsOf(
  open: () => Promise<void>,
  settling: number,
  milliseconds: number,
): Promise<number> {
  /** Whether it wakes the process, by asynchronous ID. */
  const made = new Map<number, boolean>();
  let state: 'opening' | 'own' | 'settling' | 'counting' = 'opening';
  let count = 0;
  const hook = createHook({
    init(id, type, trigger) {
      const isMade = state === 'opening' || made.has(trigger) || made.has(executionAsyncId());
      if (state !== 'own' && isMade) made.set(id, !CONTINUATIONS.includes(type));
    },
    before(id) {
      if (state === 'counting' && made.get(id) === true) count += 1;
    },
  }).enable();
  const pass = async (next: 'settling' | 'counting', duration: number): Promise<void> => {
    state = 'own';
    const passing = wait(duration);
    state = next;
    await passing;
  };
  try {
    await open();
    await pass('settling', settling);
    await pass('counting', milliseconds);
    return count;
  } finally {
    hook.disable();
  }
}
