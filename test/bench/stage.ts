/** Runs one part, and prints its name and duration. */
export async function stage<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`Measured ${what}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
