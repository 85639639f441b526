import * as v from 'valibot';
import type { SignInError } from './errors.ts';

/** What an authorization server gave: shapes and units as the product uses them. */
export interface TokenSet {
  /** Empty in the record of a session that is over, once it has expired. */
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** When it was received, epoch milliseconds of this machine's clock. */
  readonly obtainedAt: number;
  /** When the access token ends, epoch milliseconds of this machine's clock: `obtainedAt` plus `expires_in`. */
  readonly expiresAt: number;
  /** The scopes the server granted, in its order. */
  readonly scopes: readonly string[];
  /** Whether it came ahead of time and at the first try, in the place of one that was good. */
  readonly inTurn?: true;
  /** The last ID token that was valid when it came, where one was asked for. Its own life does not matter here. */
  readonly idToken?: string;
}

/** What a refresh brought. */
export interface RefreshedTokens {
  /** To be stored before anything else: its refresh token may be the only one from now on. */
  readonly tokenSet: TokenSet;
  /** Why the answer held no access token to hand out; `tokenSet` has its refresh token all the same. */
  readonly refused?: SignInError;
  /** The ID token of the answer if it is valid, which may take a request for keys. Never rejects. */
  readonly idToken?: () => Promise<string | undefined>;
}

/** The record's shape of a {@link TokenSet}. */
export const tokenSetSchema = v.object({
  accessToken: v.string(),
  refreshToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  obtainedAt: v.number(),
  expiresAt: v.number(),
  scopes: v.array(v.string()),
  inTurn: v.exactOptional(v.literal(true)),
  idToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
});

/** A lifetime that cannot be meant: an access token is taken to live an hour where none is given, a year at most. */
const defaultLifetimeSeconds = 3600;
/** A lifetime beyond this is not believed. */
export const longestLifetimeSeconds = 366 * 24 * 3600;

/**
 * Seconds of life from an `expires_in` in any form seen in the field: a number, digits in a string, absent.
 * Absent, unreadable or not positive means the default of an hour, beyond a year a year.
 */
export function lifetimeSeconds(expiresIn: unknown): number {
  const isNumeral = typeof expiresIn === 'string' && /^\s*\d{1,12}(?:\.\d{1,12})?\s*$/.test(expiresIn);
  const seconds = isNumeral ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds <= 0) return defaultLifetimeSeconds;
  return Math.min(seconds, longestLifetimeSeconds);
}

/** A name for a token that tells nothing about it: the beginning of its SHA-256, hex. */
export async function fingerprintOf(token: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
  return Array.from(digest.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
