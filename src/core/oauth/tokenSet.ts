import * as v from 'valibot';
import { defined } from '../defined.ts';
import type { Frozen } from '../defined.ts';
import { findSignInError, SignInError } from './errors.ts';
import { readGrantedScopes } from './scopes.ts';
import { sha256Hex } from '../text/sha256.ts';

/** Tokens as the product uses and stores them. */
export const tokenSetSchema = v.object({
  /** Empty in the record of a session that is over, once it has expired. */
  accessToken: v.string(),
  refreshToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  /** When it was received, epoch milliseconds of this machine's clock. */
  obtainedAt: v.number(),
  /** When the access token ends, epoch milliseconds of this machine's clock: `obtainedAt` plus `expires_in`. */
  expiresAt: v.number(),
  /** The scopes the server granted, in its order. */
  scopes: v.array(v.string()),
  /** Whether it came ahead of time and at the first try, in the place of one that was good. */
  inTurn: v.exactOptional(v.literal(true)),
  /** The last ID token that was valid when it came, where one was asked for. Its own life does not matter here. */
  idToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
});
/** The tokens of a session. */
export type TokenSet = Frozen<v.InferOutput<typeof tokenSetSchema>>;

/** The result of a refresh. */
export interface RefreshedTokens {
  /** To be stored before anything else: its refresh token may be the only one from now on. */
  readonly tokenSet: TokenSet;
  /** Why the answer held no access token to hand out; `tokenSet` has its refresh token all the same. */
  readonly refused?: SignInError;
  /** The ID token of the answer if it is valid, which may take a request for keys. Never rejects. */
  readonly idToken?: () => Promise<string | undefined>;
}

/** A lifetime that cannot be meant: an access token is taken to live an hour where none is given, a year at most. */
const defaultLifetimeSeconds = 3600;
/** A lifetime beyond this is not believed. */
export const longestLifetimeSeconds = 366 * 24 * 3600;

/** A number of this size is a moment, in seconds or milliseconds since the epoch: OAuth 2.0 is of October 2012. */
const firstMoment = Date.UTC(2012, 9) / 1000;

/**
 * Seconds of life from an `expires_in` in any form seen in the field: a number, digits in a string, absent, or the moment of
 * the end. Absent, unreadable or not positive means the default of an hour, beyond a year a year.
 * @param now epoch milliseconds
 */
export function lifetimeSeconds(expiresIn: unknown, now: number): number {
  const isNumeral = typeof expiresIn === 'string' && /^\s*\d{1,12}(?:\.\d{1,12})?\s*$/.test(expiresIn);
  const seconds = isNumeral ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return defaultLifetimeSeconds;
  const moment = seconds < firstMoment * 1000 ? seconds : seconds / 1000;
  const life = seconds < firstMoment ? seconds : moment - now / 1000;
  return life <= 0 ? defaultLifetimeSeconds : Math.min(life, longestLifetimeSeconds);
}

/** A token endpoint's answer (RFC 6749, 5.1), unread, whatever its wire calls the members. */
export interface TokenResponse {
  readonly accessToken?: unknown;
  readonly tokenType?: unknown;
  readonly expiresIn?: unknown;
  readonly refreshToken?: unknown;
  readonly scope?: unknown;
}

/**
 * An answer as a token set. Only what a token cannot do without is required, since the answer may hold the only refresh token
 * from then on. Its life counts from the moment the request was sent, since it may be read after a sleep; without a readable
 * `scope` it has the requested ones.
 * @throws SignInError `invalidResponse` (`reason` `noToken`) when it holds no bearer token, or `requestRefused` (`reason`
 * `dpop`) for one that is bound to a key (RFC 9449, 5)
 */
export function tokenSetOf(
  { accessToken, tokenType, expiresIn, refreshToken, scope }: TokenResponse,
  sentAt: number,
  requestedScopes: readonly string[],
): TokenSet {
  const token = textOf(accessToken);
  const type = (textOf(tokenType) ?? 'bearer').trim().toLowerCase();
  if (token !== undefined && type === 'dpop')
    throw new SignInError('requestRefused', { operation: 'token', reason: 'dpop' });
  if (token === undefined || !['bearer', ''].includes(type))
    throw new SignInError('invalidResponse', { operation: 'token', reason: 'noToken' });
  return {
    accessToken: token,
    ...defined({ refreshToken: textOf(refreshToken) }),
    obtainedAt: sentAt,
    expiresAt: sentAt + lifetimeSeconds(expiresIn, sentAt) * 1000,
    scopes: readGrantedScopes(scope) ?? requestedScopes,
  };
}

/**
 * The tokens after a refresh: those before are kept where the answer brings no others, and a new refresh token is never
 * lost, whatever else the answer holds (docs/ARCHITECTURE.md, rule 2).
 * @throws SignInError as {@link tokenSetOf}, for an answer without a new refresh token
 */
export function refreshedTokens(
  before: TokenSet,
  answer: TokenResponse,
  sentAt: number,
  scopes = before.scopes,
): RefreshedTokens {
  const { refreshToken, idToken } = before;
  try {
    return { tokenSet: { ...defined({ refreshToken, idToken }), ...tokenSetOf(answer, sentAt, scopes) } };
  } catch (error) {
    const refused = findSignInError(error);
    const rotated = textOf(answer.refreshToken);
    if (refused === undefined || rotated === undefined) throw error;
    return { tokenSet: { ...before, refreshToken: rotated }, refused };
  }
}

/** The members of an answer; none for what is not an object. */
export function membersOf(answer: unknown): Readonly<Record<string, unknown>> {
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

/** A text that says something; `null` and an empty one do not. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A name for a token that tells nothing about it: the beginning of its SHA-256, hex. */
export async function fingerprintOf(token: string): Promise<string> {
  return sha256Hex(token, 8);
}
