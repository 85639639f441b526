/** So many at once, and so many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Says of each request whether it is within the rate. `now` is in milliseconds. */
export function createRateLimit({ burst, perSecond }: Rate, now: () => number): () => boolean {
  let left = burst;
  let last = now();
  return () => {
    const current = now();
    // A clock that is set back gives nothing, and takes nothing.
    left = Math.min(burst, left + (Math.max(0, current - last) / 1000) * perSecond);
    last = current;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
