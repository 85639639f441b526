import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

/** Share of CPU time that other programs may use. */
const QUIET = 0.1;
const LOOK_MS = 500;
const PATIENCE_MS = 20_000;

/**
 * Waits until the processors are almost idle: a window keeps drawing for seconds after it opened, which would
 * affect measurements on two cores. Gives up on a machine that stays busy.
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

/** CPU time since the machine started, in milliseconds, over all processors. */
function processorTimes(): { readonly busy: number; readonly all: number } {
  const times = cpus().map((processor) => processor.times);
  const all = times.flatMap((one) => Object.values(one)).reduce((sum, part) => sum + part, 0);
  return { busy: all - times.reduce((sum, { idle }) => sum + idle, 0), all };
}
