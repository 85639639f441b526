import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** Of all processors' time, what may be in use by others. */
const QUIET = 0.1;
const LOOK_MS = 500;
const PATIENCE_MS = 20_000;

/**
 * Waits until the processors have nearly nothing to do: a window goes on drawing for seconds after it has been opened, and
 * on two processors that is in the figures of whatever is measured meanwhile. A machine that never rests is measured as it is.
 */
export async function untilQuiet(): Promise<void> {
  const given = performance.now();
  while (performance.now() - given < PATIENCE_MS) {
    const before = processorTimes();
    await wait(LOOK_MS);
    const after = processorTimes();
    if (after.busy - before.busy < QUIET * (after.all - before.all)) return;
  }
}

/** Milliseconds since the machine started, of all processors together. */
function processorTimes(): { readonly busy: number; readonly all: number } {
  const times = cpus().map((processor) => processor.times);
  const all = times.flatMap((one) => Object.values(one)).reduce((sum, part) => sum + part, 0);
  return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all };
}
