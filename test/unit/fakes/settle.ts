/** Lets everything that waits for nobody but itself happen: all microtasks, and what they start. */
export async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Settles until `happened`, for work that also loads a module or hashes; gives up after a thousand turns. */
export async function settleUntil(happened: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1000 && !happened(); turn++) await settle();
  if (!happened()) throw new Error('It did not happen');
}
