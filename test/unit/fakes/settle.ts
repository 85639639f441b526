/** Lets everything that waits for nobody but itself happen: all microtasks, and what they start. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Settles until `happened`, for work that also loads a module or hashes; the test's own time-out ends it. */
export async function settleUntil(happened: () => boolean): Promise<void> {
  while (!happened()) await settle();
}
