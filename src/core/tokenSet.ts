import * as v from 'valibot';

/** What an authorization server gave: shapes and units as the product uses them. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** When it was received, epoch milliseconds of this machine's clock. */
  readonly obtainedAt: number;
  /** When the access token ends, epoch milliseconds of this machine's clock: `obtainedAt` plus `expires_in`. */
  readonly expiresAt: number;
  /** The scopes the server granted, in its order. */
  readonly scopes: readonly string[];
}

/** The record's shape of a {@link TokenSet}. */
export const tokenSetSchema = v.object({
  accessToken: v.pipe(v.string(), v.nonEmpty()),
  refreshToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  obtainedAt: v.number(),
  expiresAt: v.number(),
  scopes: v.array(v.string()),
});

/** A lifetime nobody means: an access token is taken to live an hour where none is given, a year at most. */
const defaultLifetimeSeconds = 3600;
const longestLifetimeSeconds = 366 * 24 * 3600;

/**
 * Seconds of life from an `expires_in` in any form seen in the field: a number, digits in a string, absent.
 * Absent, unreadable or not positive means the default of an hour, beyond a year a year.
 */
export function lifetimeSeconds(expiresIn: unknown): number {
  const seconds =
    typeof expiresIn === 'string' && /^\d{1,12}$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return defaultLifetimeSeconds;
  return Math.min(seconds, longestLifetimeSeconds);
}
