/**
 * The minimum CPU time of several runs in milliseconds; stops as soon as a run is below the bound. Other load
 * does not affect it. Ignores errors of the work, which may reject a text.
 */
export function quickest(work: () => unknown, bound = 0, tries = 20): number {
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
