/** Lets everything that waits for nothing outside happen: all microtasks, and what they start. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Less than a test's own time-out, so that what did not happen is said, and much for a busy machine. */
const longestSettling = 20_000;

/** Settles until `happened`, for work that also loads a module, hashes or reads a disk; fails before the test's own time-out. */
export async function settleUntil(happened: () => boolean): Promise<void> {
  const end = performance.now() + longestSettling;
  while (!happened()) {
    if (performance.now() > end) throw new Error('It did not happen');
    await settle();
  }
}
