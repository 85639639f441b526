import { errorEffects } from '../oauth/errors.ts';
import type { SignInError, SignInErrorKind } from '../oauth/errors.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';

/** Of a token that is handed out; one with a short life is good for half of it instead (docs/ARCHITECTURE.md, rule 3). */
const leastValidityMilliseconds = 60_000;
const shortLifeMilliseconds = 2 * 60_000;
/**
 * A token is refreshed so long before the last moment at which it may be handed out: a share of that time, but no less than
 * two seconds as long as these are a tenth of it at most, so that the answer comes in time…
 */
const aheadFraction = 0.005;
const aheadMilliseconds = 2_000;
const longestAheadFraction = 0.1;
/** …and earlier by up to this share: a token that came in its turn comes at a moment of its own already. */
const jitterFraction = 0.005;
/**
 * …or by up to this one: tokens of a sign-in, of the first request after a pause, and of the end of an outage come to many
 * people within the same minutes, who would all come back within the same minutes. Short lives are mixed by themselves.
 */
const spreadFraction = 0.13;
const leastSpreadLifeMilliseconds = 10 * 60_000;
/**
 * A token that was requested within this last share of its time is refreshed ahead. To keep tokens fresh over longer pauses
 * costs more requests in the evening than it spares after them.
 */
const lateShare = 1 / 6;
const lateMilliseconds = { least: 2 * 60_000, longest: 20 * 60_000 };
/** Without a request for so long, nothing is refreshed by itself: an organization's idle limit keeps its meaning. */
export const idleMilliseconds = 8 * 3600_000;
/**
 * The back-off after failures. As long a wait for all, begun at moments of their own, ends evenly over the minutes after an
 * outage.
 */
const firstBackoffMilliseconds = 5_000;
const backoffGrowth = 3;
const longestBackoffMilliseconds = 320_000;
const backoffJitter = 0.15;
/**
 * Growth of the back-off after a server's error, which all users get at once, unlike a local network failure. Slower growth
 * would bring more of them back in the first minute after an outage.
 */
const serverGrowth = 8;
const answersOfServers: ReadonlySet<SignInErrorKind> = new Set([
  'serverError',
  'rateLimited',
  'invalidResponse',
]);
/** A refresh ahead of time is tried again at any moment of this part of the time for which the token is still good. */
const unmissed = { leastShare: 0.5, longestShare: 0.95, longest: 5 * 60_000 };
/** The back-off where the same answer would come back: doubled while a person or an administrator has to act. */
const firstPolicyBackoffMilliseconds = 5 * 60_000;
const longestPolicyBackoffMilliseconds = 3600_000;
/** A `Retry-After` is believed up to an hour; as it says the same to all, this much of it may pass besides. */
const longestRetryAfterMilliseconds = 3600_000;
const retryAfterSpread = { share: 1, least: 30_000, longest: 5 * 60_000 };
/** A clock this far before the moment of issue has been set back. */
const clockToleranceMilliseconds = 2 * 60_000;

/** The last failed refresh of a session in this window; none after a success. */
export interface FailedAttempt {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly error: SignInError;
  /** How many have failed in a row on this machine, one or more. */
  readonly failures: number;
  /** Of a refresh ahead of time: the last moment at which its token may be handed out, epoch milliseconds. */
  readonly goodUntil?: number;
}

/**
 * A token that is requested is handed out (`serve`), handed out and refreshed meanwhile (`serveAndRefresh`), refreshed
 * first (`refresh`), or refused for the reason of the last failure, since it is too early for another try (`wait`).
 */
export type RefreshDecision = 'serve' | 'serveAndRefresh' | 'refresh' | 'wait';

/** Decides by the wall clock `now`, epoch milliseconds. The jitter comes from the token's own times: the answer is stable. */
export function decideRefresh(now: number, tokenSet: TokenSet, failed?: FailedAttempt): RefreshDecision {
  const due = now >= refreshDueAt(tokenSet) || clockWasSetBack(now, tokenSet);
  if (!due) return 'serve';
  const early = failed !== undefined && now >= failed.at && now < retryAt(failed);
  if (isUsable(now, tokenSet)) return early ? 'serve' : 'serveAndRefresh';
  return early ? 'wait' : 'refresh';
}

/** Whether a token may be handed out at `now`. */
export function isUsable(now: number, tokenSet: TokenSet): boolean {
  return now <= usableUntil(tokenSet);
}

/** The last moment at which a token may be handed out, epoch milliseconds. */
export function usableUntil({ obtainedAt, expiresAt }: TokenSet): number {
  const life = expiresAt - obtainedAt;
  return expiresAt - (life < shortLifeMilliseconds ? life / 2 : leastValidityMilliseconds);
}

/** Whether the record of a session that is over holds a token that is never handed out any more. */
export function hasDeadTokens(now: number, tokenSet: TokenSet): boolean {
  return tokenSet.refreshToken !== undefined || (tokenSet.accessToken !== '' && !isUsable(now, tokenSet));
}

/** The moment from which a token is refreshed ahead, epoch milliseconds. */
export function refreshDueAt(tokenSet: TokenSet): number {
  const { obtainedAt, expiresAt, inTurn } = tokenSet;
  const until = usableUntil(tokenSet);
  const life = until - obtainedAt;
  const ahead = Math.max(life * aheadFraction, Math.min(aheadMilliseconds, life * longestAheadFraction));
  const isSpread = inTurn !== true && expiresAt - obtainedAt >= leastSpreadLifeMilliseconds;
  const jitter = life * (isSpread ? spreadFraction : jitterFraction) * fraction(obtainedAt);
  return Math.ceil(until - ahead - jitter);
}

/** Windows that look out for one token refresh it one after the other: the others see that it was done. */
const turns = { share: 0.4, longestMilliseconds: 5_000 };

/** When a window that was opened at `openedAt` refreshes a token ahead of time, within {@link turns} of {@link refreshDueAt}. */
export function turnAt(openedAt: number, tokenSet: TokenSet): number {
  const dueAt = refreshDueAt(tokenSet);
  const longest = Math.min((usableUntil(tokenSet) - dueAt) * turns.share, turns.longestMilliseconds);
  return Math.floor(dueAt + longest * fraction(openedAt + tokenSet.obtainedAt));
}

/** Until when a token is good that could not be refreshed ahead of time at `now`; what a person asked for was not. */
export function unmissedUntil(now: number, tokenSet: TokenSet): { readonly goodUntil?: number } {
  const isAhead = now >= refreshDueAt(tokenSet) && isUsable(now, tokenSet);
  return isAhead ? { goodUntil: usableUntil(tokenSet) } : {};
}

/** Whether a token that was last requested at `askedAt` is worth refreshing ahead: it is good, and was requested of late. */
export function isInUse(now: number, askedAt: number, tokenSet: TokenSet): boolean {
  const until = usableUntil(tokenSet);
  const share = Math.min((until - tokenSet.obtainedAt) * lateShare, lateMilliseconds.longest);
  const late = Math.max(share, lateMilliseconds.least);
  return now <= until && askedAt >= Math.max(tokenSet.obtainedAt, now - late);
}

/** Whether a refresh of this token at `now` is ahead of time and the first try (`inTurn` of its successor). */
export function isRegularRefresh(now: number, tokenSet: TokenSet, failed: readonly FailedAttempt[]): boolean {
  return isUsable(now, tokenSet) && (failed.at(-1)?.at ?? -Infinity) < tokenSet.obtainedAt;
}

/** The moment of the next attempt after a failed one, epoch milliseconds: our back-off, or later if the server said so. */
export function retryAt({ at, error, failures, goodUntil = at }: FailedAttempt): number {
  const { group, retry } = errorEffects[error.kind];
  if (retry === 'no') {
    // The other kinds send no request, or end the session soon.
    const isPolicy = group === 'policy' && !isAmbiguous(error);
    const longest = isPolicy ? longestPolicyBackoffMilliseconds : firstPolicyBackoffMilliseconds;
    return at + Math.min(firstPolicyBackoffMilliseconds * 2 ** (failures - 1), longest);
  }
  const backoff =
    goodUntil > at + 2 * firstBackoffMilliseconds
      ? unmissedBackoff(at, goodUntil)
      : backoffOf(at, failures, error);
  const asked = Math.min((error.details.retryAt ?? at) - at, longestRetryAfterMilliseconds);
  if (asked <= 0) return Math.round(at + backoff);
  const { share, least: leastSpread, longest: longestSpread } = retryAfterSpread;
  const spread = Math.min(Math.max(asked * share, leastSpread), longestSpread) * fraction(at + 1);
  return Math.round(at + Math.max(backoff, asked + spread));
}

function backoffOf(at: number, failures: number, { kind }: SignInError): number {
  const growth = answersOfServers.has(kind) ? serverGrowth : backoffGrowth;
  const longest = firstBackoffMilliseconds * growth ** (failures - 1);
  return Math.min(longest, longestBackoffMilliseconds) * (1 - backoffJitter * fraction(at));
}

function unmissedBackoff(at: number, goodUntil: number): number {
  const { leastShare, longestShare, longest } = unmissed;
  const share = leastShare + (longestShare - leastShare) * fraction(at);
  return Math.max(Math.min(goodUntil - at, longest) * share, firstBackoffMilliseconds);
}

/** The `reason` of a refresh that was not tried because another window's has just failed. */
export const otherWindow = 'otherWindow';

/** Whether an error has the reason {@link otherWindow}. */
export function isOtherWindows({ details: { reason } }: SignInError): boolean {
  return reason === otherWindow;
}

/**
 * Whether an answer to a refresh is a refusal that does not say for how long: `invalid_request`, a code that is not
 * known, or a 4xx with nothing in it. Identity Center answers a stale refresh token so, and only a new sign-in helps.
 */
export function isAmbiguous({ kind, cause, details: { status = 0 } }: SignInError): boolean {
  const isRefusal = status >= 400 && status < 500 && status !== 408;
  if (!isRefusal || kind !== 'invalidResponse') return isRefusal && kind === 'requestRefused';
  // RFC 6749, 5.2 has 400 and 401 alone: a gateway or VPN says 403 and 404, and is not the token endpoint.
  return status <= 401 || (cause instanceof Error && cause.name === 'OAuthErrorResponse');
}

/** The ambiguous refusals in a row of a token that has expired. */
export interface Refusals {
  /** When the first one came, epoch milliseconds. */
  readonly since: number;
  /** How many there were; those behind {@link enoughRefusals} are not counted. */
  readonly count: number;
}

/** So many ambiguous refusals, over so long a time, are the end of a session. */
const enoughRefusals = 3;
const refusedMilliseconds = 10 * 60_000;

/**
 * The refusals of a token after one more at `now`; undefined while the token has not expired: until then it is not
 * missed. Those of an earlier token, or of a clock that was ahead, do not count.
 */
export function countRefusal(now: number, tokenSet: TokenSet, before?: Refusals): Refusals | undefined {
  if (now < tokenSet.expiresAt) return undefined;
  return countsFor(tokenSet, before) && before.since <= now
    ? { since: before.since, count: Math.min(before.count + 1, enoughRefusals) }
    : { since: now, count: 1 };
}

/** Whether refusals are those of this token, and not of an earlier one. */
export function countsFor({ expiresAt }: TokenSet, refusals: Refusals | undefined): refusals is Refusals {
  return refusals !== undefined && refusals.since >= expiresAt;
}

/** Whether a session that was refused so often, and last at `now`, is over. */
export function isAmbiguityOver(now: number, { since, count }: Refusals): boolean {
  return count >= enoughRefusals && now - since >= refusedMilliseconds;
}

/** Whether a failed refresh needs a new sign-in or an administrator; one that is ambiguous is tried again first. */
export function needsPerson(error: SignInError): boolean {
  const { group, session } = errorEffects[error.kind];
  if (session === 'over') return true;
  const passes = group === 'transient' || group === 'local' || group === 'environment';
  return !passes && error.kind !== 'cancelled' && !isAmbiguous(error);
}

/** A clock set back makes an old token look young; the next refresh gives it times of the new clock. */
function clockWasSetBack(now: number, { obtainedAt }: TokenSet): boolean {
  return now < obtainedAt - clockToleranceMilliseconds;
}

/** A number in [0, 1) that is spread over moments and always the same for one. */
function fraction(moment: number): number {
  return (Math.imul(Math.trunc(moment % 4294967296), 2654435761) >>> 0) / 4294967296;
}
