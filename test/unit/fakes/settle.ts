/** Runs everything that does not wait for the outside: all microtasks, and what they start. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Shorter than a test's timeout, so that the failure names what is missing; generous for a busy machine. */
const longestSettling = 20_000;

/**
 * Waits until `happened`, for work that also loads a module, hashes or reads from disk; fails before the test's
 * timeout.
 */
export async function settleUntil(happened: () => boolean): Promise<void> {
  const end = performance.now() + longestSettling;
  while (!happened()) {
    if (performance.now() > end) throw new Error('It did not happen');
    await settle();
  }
}
