/** Does one part of the run, and says which and how long it took. */
export async function stage<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`Measured ${what}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
