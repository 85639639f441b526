import * as v from 'valibot';
import { defined } from '../defined.ts';
import type { Frozen } from '../defined.ts';
import { findSignInError, SignInError } from './errors.ts';
import { readGrantedScopes } from './scopes.ts';
import { sha256Hex } from '../text/sha256.ts';

/** The stored form of a session's tokens. */
export const tokenSetSchema = v.object({
  /** Empty in the record of an ended session once the token has expired. */
  accessToken: v.string(),
  refreshToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  /** When it was obtained, epoch milliseconds of this machine's clock. */
  obtainedAt: v.number(),
  /** When the access token expires: `obtainedAt` plus `expires_in`, epoch milliseconds of this machine's clock. */
  expiresAt: v.number(),
  /** The granted scopes, in the server's order. */
  scopes: v.array(v.string()),
  /** Set if the first attempt to refresh obtained it while the previous token was still usable. */
  inTurn: v.exactOptional(v.literal(true)),
  /** The latest ID token, if requested. It was valid when received; its own expiration is ignored. */
  idToken: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
});
/** The tokens of a session. */
export type TokenSet = Frozen<v.InferOutput<typeof tokenSetSchema>>;

/** The result of a refresh. */
export interface RefreshedTokens {
  /** Store it before anything else: its refresh token may be the only valid one. */
  readonly tokenSet: TokenSet;
  /** Why the response has no usable access token; `tokenSet` still has its refresh token. */
  readonly refused?: SignInError;
  /** Resolves with the response's ID token if valid; may request the provider's keys. Never rejects. */
  readonly idToken?: () => Promise<string | undefined>;
}

/** The lifetime of an access token if the server gives none. */
const defaultLifetimeSeconds = 3600;
/** Maximum lifetime; longer ones are clamped. */
export const maxLifetimeSeconds = 366 * 24 * 3600;

/** From here on, a number is a time since the epoch (in seconds or milliseconds): OAuth 2.0 dates from October 2012. */
const earliestEpochSeconds = Date.UTC(2012, 9) / 1000;

/**
 * Parses an `expires_in` into seconds. Servers send a number, a numeric string, or the time of expiration. `otherwise`
 * if absent, unreadable or not positive; at most {@link maxLifetimeSeconds}.
 * @param now epoch milliseconds
 */
export function lifetimeSeconds(expiresIn: unknown, now: number, otherwise = defaultLifetimeSeconds): number {
  const isNumeral = typeof expiresIn === 'string' && /^\s*\d{1,12}(?:\.\d{1,12})?\s*$/.test(expiresIn);
  const seconds = isNumeral ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds))
    return Math.min(otherwise, maxLifetimeSeconds);
  const moment = seconds < earliestEpochSeconds * 1000 ? seconds : seconds / 1000;
  const life = seconds < earliestEpochSeconds ? seconds : moment - now / 1000;
  return Math.min(life <= 0 ? otherwise : life, maxLifetimeSeconds);
}

/** A token response (RFC 6749, 5.1), unvalidated. Member names are independent of the wire format. */
export interface TokenResponse {
  readonly accessToken?: unknown;
  readonly tokenType?: unknown;
  readonly expiresIn?: unknown;
  /** The lifetime in seconds if `expiresIn` gives none; an hour by default. */
  readonly ownLifetime?: number | undefined;
  readonly refreshToken?: unknown;
  readonly scope?: unknown;
}

/**
 * Parses a token response, leniently, since it may contain the only valid refresh token. The lifetime counts from
 * `sentAt` (epoch milliseconds), since the machine may sleep before the response is read. Without a readable `scope`,
 * the scopes are the requested ones.
 * @throws SignInError `invalidResponse` (`reason` `noToken`) without a bearer token, or `requestRefused` (`reason`
 * `dpop`) for a token that is bound to a key (RFC 9449, 5)
 */
export function tokenSetOf(
  { accessToken, tokenType, expiresIn, ownLifetime, refreshToken, scope }: TokenResponse,
  sentAt: number,
  requestedScopes: readonly string[],
): TokenSet {
  // RFC 6749, A.12: a line end would add a header, or a line to a program's output.
  const token = /^[ -~]+$/.exec(textOf(accessToken) ?? '')?.[0];
  const type = (textOf(tokenType) ?? 'bearer').trim().toLowerCase();
  if (token !== undefined && type === 'dpop')
    throw new SignInError('requestRefused', { operation: 'token', reason: 'dpop' });
  // Google's Apigee sends `BearerToken` unless it is set to follow RFC 6749.
  if (token === undefined || !['bearer', 'bearertoken', ''].includes(type))
    throw new SignInError('invalidResponse', { operation: 'token', reason: 'noToken' });
  return {
    accessToken: token,
    ...defined({ refreshToken: textOf(refreshToken) }),
    obtainedAt: sentAt,
    expiresAt: sentAt + lifetimeSeconds(expiresIn, sentAt, ownLifetime) * 1000,
    scopes: readGrantedScopes(scope, requestedScopes),
  };
}

/**
 * Merges a refresh response into the previous tokens. Keeps its refresh token even if the rest of the response is
 * invalid (docs/ARCHITECTURE.md, rule 2).
 * @throws SignInError as {@link tokenSetOf}, if the response has no refresh token
 */
export function refreshedTokens(
  before: TokenSet,
  response: TokenResponse,
  sentAt: number,
  scopes = before.scopes,
): RefreshedTokens {
  const { refreshToken, idToken } = before;
  try {
    return { tokenSet: { ...defined({ refreshToken, idToken }), ...tokenSetOf(response, sentAt, scopes) } };
  } catch (error) {
    const refused = findSignInError(error);
    const rotated = textOf(response.refreshToken);
    if (refused === undefined || rotated === undefined) throw error;
    return { tokenSet: { ...before, refreshToken: rotated }, refused };
  }
}

/** The members of an object; none for any other value. */
export function membersOf(response: unknown): Readonly<Record<string, unknown>> {
  return typeof response === 'object' && response !== null ? { ...response } : {};
}

/** The value if it is a nonempty string. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Identifies a token without revealing it: the beginning of its SHA-256, in hex. */
export async function fingerprintOf(token: string): Promise<string> {
  return sha256Hex(token, 8);
}
