/** The milliseconds of the quickest of five runs: what a busy machine does between them does not count. */
export function quickest(work: () => void): number {
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...runs);
}
