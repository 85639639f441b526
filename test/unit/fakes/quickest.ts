import { expect } from 'vitest';

/**
 * The minimum CPU time of several runs in milliseconds; stops as soon as a run is below the bound. Other load
 * does not affect it. Ignores errors of the work, which may reject a text.
 */
export function quickest(work: () => unknown, bound = 0, tries = 4): number {
  let best = Infinity;
  for (let done = 0; done < tries && best >= bound; done++) {
    const begin = process.cpuUsage();
    try {
      work();
    } catch {
      // The work may reject a text.
    }
    const { user, system } = process.cpuUsage(begin);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

/** The short text is this part of the whole one. */
const part = 50;
/** How much slower than linear a run may seem, for garbage collection and caches; a quadratic one is slower by `part`. */
const tolerance = 4;

/** Milliseconds of CPU: a run below needs no comparison; a quadratic one would take minutes. */
const bound = 50;

/** Compares the time of a whole text with that of a fiftieth of it, so that a slow machine passes as well. */
export function expectLinearTime(run: (text: string) => unknown, text: string, label?: string): void {
  // Start with the short text: a quadratic function would not return from the long one.
  const short = text.slice(0, Math.ceil(text.length / part));
  const took = quickest(() => run(short), 1);
  expect(took, label).toBeLessThan(bound);
  const limit = Math.max(bound, took * part * tolerance);
  expect(
    quickest(() => run(text), limit),
    label,
  ).toBeLessThan(limit);
}
