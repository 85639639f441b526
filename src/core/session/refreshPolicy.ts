import { errorEffects } from '../errors.ts';
import type { SignInError } from '../errors.ts';
import type { TokenSet } from '../tokenSet.ts';

/** Who asks for a token gets one that is valid for at least a minute (DESIGN.md, rules of a session, 3). */
const leastValidityMilliseconds = 60_000;
/** A token that lives less than this is good for half its life instead. */
const shortLifeMilliseconds = 2 * 60_000;
/** A token is refreshed ahead in the last fifth of its life, ten minutes at most… */
const aheadFraction = 0.2;
const aheadMilliseconds = 10 * 60_000;
/** …earlier by up to half of that again, so that windows and machines do not all come at once. */
const jitterFraction = 0.5;
/** Nobody asked for it for so long: then it is not refreshed ahead, and an organisation's idle limit keeps its meaning. */
export const idleMilliseconds = 8 * 3600_000;
/** After a failure: five seconds, doubled each time, five minutes at most. */
const firstBackoffMilliseconds = 5_000;
const longestBackoffMilliseconds = 5 * 60_000;
/** A server that asks for more patience than this is not believed. */
const longestRetryAfterMilliseconds = 3600_000;
/** A clock this far before the moment of issue has been set back. */
const clockToleranceMilliseconds = 2 * 60_000;

/** The last failed refresh of a session in this window; none after a success. */
export interface FailedAttempt {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly error: SignInError;
  /** How many have failed in a row, one or more. */
  readonly failures: number;
}

/**
 * What to do with a token that somebody asks for: hand it out (`serve`), hand it out and refresh it meanwhile
 * (`serveAndRefresh`), refresh it first (`refresh`), or say again why the last refresh failed, since it is too
 * early for another (`wait`).
 */
export type RefreshDecision = 'serve' | 'serveAndRefresh' | 'refresh' | 'wait';

/**
 * Decides by the wall clock `now`, epoch milliseconds. Pure: the jitter comes from the token's own times, so that
 * asking twice gives the same answer.
 */
export function decideRefresh(now: number, tokenSet: TokenSet, failed?: FailedAttempt): RefreshDecision {
  const due = now >= aheadAt(tokenSet) || clockWasSetBack(now, tokenSet);
  if (!due) return 'serve';
  const early = failed !== undefined && now >= failed.at && now < retryAt(failed);
  if (isGood(now, tokenSet)) return early ? 'serve' : 'serveAndRefresh';
  return early ? 'wait' : 'refresh';
}

/** Whether a token may be handed out at `now`. */
export function isGood(now: number, tokenSet: TokenSet): boolean {
  return now <= goodUntil(tokenSet);
}

/** The last moment at which a token may be handed out, epoch milliseconds. */
export function goodUntil({ obtainedAt, expiresAt }: TokenSet): number {
  const life = expiresAt - obtainedAt;
  return expiresAt - (life < shortLifeMilliseconds ? life / 2 : leastValidityMilliseconds);
}

/** The moment from which a token is refreshed ahead, epoch milliseconds. */
export function aheadAt({ obtainedAt, expiresAt }: TokenSet): number {
  const life = expiresAt - obtainedAt;
  const ahead = Math.min(life * aheadFraction, aheadMilliseconds);
  const least = life < shortLifeMilliseconds ? life / 2 : leastValidityMilliseconds;
  return expiresAt - Math.max(ahead, least) - ahead * jitterFraction * fraction(obtainedAt);
}

/** The moment of the next attempt after a failed one, epoch milliseconds: our back-off, or later if the server said so. */
export function retryAt({ at, error, failures }: FailedAttempt): number {
  if (errorEffects[error.kind].retry === 'no') return at + longestBackoffMilliseconds;
  const backoff = Math.min(firstBackoffMilliseconds * 2 ** (failures - 1), longestBackoffMilliseconds);
  const asked = Math.min(error.facts.retryAt ?? 0, at + longestRetryAfterMilliseconds);
  return Math.max(at + backoff * (1 - 0.2 * fraction(at)), asked);
}

/** A clock set back makes an old token look young; the next refresh gives it times of the new clock. */
function clockWasSetBack(now: number, { obtainedAt }: TokenSet): boolean {
  return now < obtainedAt - clockToleranceMilliseconds;
}

/** A number in [0, 1) that is spread over moments and always the same for one. */
function fraction(moment: number): number {
  return (Math.imul(Math.trunc(moment % 4294967296), 2654435761) >>> 0) / 4294967296;
}
