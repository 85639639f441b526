/** A token bucket: requests at once, and requests per second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Creates a function that returns whether the next request is within the rate. `now` is in milliseconds. */
export function createRateLimit({ burst, perSecond }: Rate, now: () => number): () => boolean {
  let left = burst;
  let last = now();
  return () => {
    const current = now();
    // A clock that was set back neither adds nor removes tokens.
    left = Math.min(burst, left + (Math.max(0, current - last) / 1000) * perSecond);
    last = current;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
