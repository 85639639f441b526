import { errorEffects } from '../oauth/errors.ts';
import type { SignInError, SignInErrorKind } from '../oauth/errors.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';

/** Least validity of a served token; half its lifetime if it is short-lived (docs/ARCHITECTURE.md, rule 3). */
const minValidityMilliseconds = 60_000;
const shortLifeMilliseconds = 2 * 60_000;
/**
 * A refresh is due this share of a token's usable life before its end, or two seconds (at most a tenth of that
 * life) if that is more, so that the response arrives in time…
 */
const aheadFraction = 0.005;
const aheadMilliseconds = 2_000;
const maxAheadFraction = 0.1;
/** …plus jitter of up to this share: tokens that were refreshed ahead of time are already spread… */
const jitterFraction = 0.005;
/**
 * …or up to this share otherwise: sign-ins, first requests after a pause and the end of an outage give many
 * users tokens within the same minutes, which would all be due together. Short-lived ones spread on their own.
 */
const spreadFraction = 0.13;
const minSpreadLifeMilliseconds = 10 * 60_000;
/**
 * A token requested within this last share of its usable life is refreshed ahead. Covering longer pauses would
 * cost more requests in the evening than it saves.
 */
const recentUseShare = 1 / 6;
const recentUseMilliseconds = { least: 2 * 60_000, longest: 20 * 60_000 };
/** After this time without a request, background refresh stops, so that an organization's idle limit still works. */
export const idleMilliseconds = 8 * 3600_000;
/** Back-off after failures. Equal waits that began at different times end evenly over the minutes after an outage. */
const firstBackoffMilliseconds = 5_000;
const backoffGrowth = 3;
const maxBackoffMilliseconds = 320_000;
const backoffJitter = 0.15;
/**
 * Back-off growth after a server error, which reaches all users at once, unlike a local network failure. Slower
 * growth would bring more of them back in the first minute after an outage.
 */
const serverGrowth = 8;
const serverErrorKinds: ReadonlySet<SignInErrorKind> = new Set([
  'serverError',
  'rateLimited',
  'invalidResponse',
]);
/** A failed refresh ahead of time is retried within this part of the token's remaining usable time, with jitter. */
const aheadRetry = { leastShare: 0.5, longestShare: 0.95, longest: 5 * 60_000 };
/** Back-off if a retry would fail the same way; doubles while a user or an administrator has to act. */
const firstPolicyBackoffMilliseconds = 5 * 60_000;
const maxPolicyBackoffMilliseconds = 3600_000;
/** `Retry-After` is honored up to an hour, plus a spread of this share: all clients receive the same value. */
const maxRetryAfterMilliseconds = 3600_000;
const retryAfterSpread = { share: 1, least: 30_000, longest: 5 * 60_000 };
/** A clock earlier than a token's arrival by more than this was set back; routine corrections are smaller. */
export const clockToleranceMilliseconds = 2 * 60_000;

/** A failed refresh of a session, as noted in this window. */
export interface FailedAttempt {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly error: SignInError;
  /** Consecutive failures on this machine, at least one. */
  readonly failures: number;
}

/**
 * The answer to a token request: `serve` the token, serve it and refresh in the background (`serveAndRefresh`),
 * `refresh` first, or `wait`: fail with the last error, since it is too early to retry.
 */
export type RefreshDecision = 'serve' | 'serveAndRefresh' | 'refresh' | 'wait';

/** Decides at `now`, epoch milliseconds. Jitter derives from the token's own times, so the result is stable. */
export function decideRefresh(now: number, tokenSet: TokenSet, failed?: FailedAttempt): RefreshDecision {
  const due = now >= refreshDueAt(tokenSet) || clockWasSetBack(now, tokenSet);
  if (!due) return 'serve';
  const early = failed !== undefined && now >= failed.at && now < retryAt(failed, tokenSet);
  if (isUsable(now, tokenSet)) return early ? 'serve' : 'serveAndRefresh';
  return early ? 'wait' : 'refresh';
}

/**
 * Whether a token may be served at `now`, epoch milliseconds. That of an ended session may be gone before, if the clock
 * was ahead when it ended.
 */
export function isUsable(now: number, tokenSet: TokenSet): boolean {
  return tokenSet.accessToken !== '' && now <= usableUntil(tokenSet);
}

/** The last moment a token may be served, epoch milliseconds. */
export function usableUntil({ obtainedAt, expiresAt }: TokenSet): number {
  const life = expiresAt - obtainedAt;
  return expiresAt - (life < shortLifeMilliseconds ? life / 2 : minValidityMilliseconds);
}

/** Whether the record of an ended session holds a token that is never served again. */
export function hasDeadTokens(now: number, tokenSet: TokenSet): boolean {
  return tokenSet.refreshToken !== undefined || (tokenSet.accessToken !== '' && !isUsable(now, tokenSet));
}

/** When a refresh ahead of time is due, epoch milliseconds. */
export function refreshDueAt(tokenSet: TokenSet): number {
  const { obtainedAt, expiresAt, inTurn } = tokenSet;
  const until = usableUntil(tokenSet);
  const life = until - obtainedAt;
  const ahead = Math.max(life * aheadFraction, Math.min(aheadMilliseconds, life * maxAheadFraction));
  const isSpread = inTurn !== true && expiresAt - obtainedAt >= minSpreadLifeMilliseconds;
  const jitter = life * (isSpread ? spreadFraction : jitterFraction) * fraction(obtainedAt);
  return Math.ceil(until - ahead - jitter);
}

/** Staggers the windows that watch a token: the first one refreshes it, and the others notice. */
const stagger = { share: 0.4, longestMilliseconds: 5_000 };

/** When a window opened at `openedAt` refreshes a token: {@link refreshDueAt} plus its delay within {@link stagger}. */
export function staggeredDueAt(openedAt: number, tokenSet: TokenSet): number {
  const dueAt = refreshDueAt(tokenSet);
  const longest = Math.min((usableUntil(tokenSet) - dueAt) * stagger.share, stagger.longestMilliseconds);
  return Math.floor(dueAt + longest * fraction(openedAt + tokenSet.obtainedAt));
}

/** Whether to refresh a token ahead: it is usable, and was requested recently (`requestedAt`), after it arrived. */
export function isInUse(now: number, requestedAt: number, tokenSet: TokenSet): boolean {
  const until = usableUntil(tokenSet);
  const share = Math.min((until - tokenSet.obtainedAt) * recentUseShare, recentUseMilliseconds.longest);
  const late = Math.max(share, recentUseMilliseconds.least);
  return now <= until && requestedAt >= Math.max(tokenSet.obtainedAt, now - late);
}

/** Whether a refresh at `now` is ahead of time and the first attempt for its token; the new one gets `inTurn`. */
export function isRegularRefresh(now: number, tokenSet: TokenSet, failed: readonly FailedAttempt[]): boolean {
  return isUsable(now, tokenSet) && (failed.at(-1)?.at ?? -Infinity) < tokenSet.obtainedAt;
}

/** When to retry a failed refresh, epoch milliseconds: after our back-off, or later if the server asks for that. */
export function retryAt({ at, error, failures }: FailedAttempt, tokenSet: TokenSet): number {
  const { group, retry } = errorEffects[error.kind];
  if (retry === 'no') {
    // Other kinds send no request, or soon end the session.
    const isPolicy = group === 'policy' && !isAmbiguous(error);
    const longest = isPolicy ? maxPolicyBackoffMilliseconds : firstPolicyBackoffMilliseconds;
    return at + Math.min(firstPolicyBackoffMilliseconds * 2 ** (failures - 1), longest);
  }
  const timeLeft = usableUntil(tokenSet) - at;
  const isAhead = at >= refreshDueAt(tokenSet) && timeLeft > 2 * firstBackoffMilliseconds;
  const backoff = isAhead ? aheadRetryDelay(at, timeLeft) : backoffOf(at, failures, error);
  const requested = Math.min((error.details.retryAt ?? at) - at, maxRetryAfterMilliseconds);
  if (requested <= 0) return Math.round(at + backoff);
  const { share, least: leastSpread, longest: longestSpread } = retryAfterSpread;
  const spread = Math.min(Math.max(requested * share, leastSpread), longestSpread) * fraction(at + 1);
  return Math.round(at + Math.max(backoff, requested + spread));
}

function backoffOf(at: number, failures: number, { kind }: SignInError): number {
  const growth = serverErrorKinds.has(kind) ? serverGrowth : backoffGrowth;
  const longest = firstBackoffMilliseconds * growth ** (failures - 1);
  return Math.min(longest, maxBackoffMilliseconds) * (1 - backoffJitter * fraction(at));
}

function aheadRetryDelay(at: number, timeLeft: number): number {
  const { leastShare, longestShare, longest } = aheadRetry;
  const share = leastShare + (longestShare - leastShare) * fraction(at);
  return Math.max(Math.min(timeLeft, longest) * share, firstBackoffMilliseconds);
}

/** The `reason` of a refresh that was not attempted because another window's has just failed. */
export const otherWindow = 'otherWindow';

/** Whether an error has the reason {@link otherWindow}. */
export function isFromOtherWindow({ details: { reason } }: SignInError): boolean {
  return reason === otherWindow;
}

/**
 * Whether an error response does not say if a refusal is final: `invalid_request`, an unknown code, or a 4xx
 * without details. Identity Center rejects a stale refresh token this way; only a new sign-in helps then.
 */
export function isAmbiguous({ kind, details: { status = 0 } }: SignInError): boolean {
  if (kind === 'requestRefused') return status >= 400 && status < 500 && status !== 408;
  // RFC 6749, 5.2 defines only 400 and 401: a 403 or 404 may come from a gateway or VPN.
  return kind === 'invalidResponse' && (status === 400 || status === 401);
}

/** Consecutive ambiguous refusals of a refresh after the token expired. */
export interface Refusals {
  /** When the first one came, epoch milliseconds. */
  readonly since: number;
  /** Capped at {@link endingRefusals}. */
  readonly count: number;
}

/** This many ambiguous refusals, over at least this time, end a session. */
const endingRefusals = 3;
const refusedMilliseconds = 10 * 60_000;

/**
 * The refusals after another one at `now`; undefined until the token has expired, since it still works.
 * Refusals of an earlier token, or from a time when the clock was ahead, do not count.
 */
export function countRefusal(now: number, tokenSet: TokenSet, before?: Refusals): Refusals | undefined {
  if (now < tokenSet.expiresAt) return undefined;
  return countsFor(tokenSet, before) && before.since <= now
    ? { since: before.since, count: Math.min(before.count + 1, endingRefusals) }
    : { since: now, count: 1 };
}

/** Whether refusals belong to this token, not to an earlier one. */
export function countsFor({ expiresAt }: TokenSet, refusals: Refusals | undefined): refusals is Refusals {
  return refusals !== undefined && refusals.since >= expiresAt;
}

/** Whether these refusals, the last one at `now`, end the session. */
export function isAmbiguityOver(now: number, { since, count }: Refusals): boolean {
  return count >= endingRefusals && now - since >= refusedMilliseconds;
}

/** Whether a failed refresh needs a new sign-in or an administrator; an ambiguous one is retried first. */
export function needsAction(error: SignInError): boolean {
  const { group, session } = errorEffects[error.kind];
  if (session === 'over') return true;
  const passes = group === 'transient' || group === 'local' || group === 'environment';
  return !passes && error.kind !== 'cancelled' && !isAmbiguous(error);
}

/** Whether a token is from the future. A clock that was set back makes it look new; a refresh corrects its times. */
export function clockWasSetBack(now: number, { obtainedAt }: TokenSet): boolean {
  return now < obtainedAt - clockToleranceMilliseconds;
}

/** A number in [0, 1) that is spread across moments and fixed for each. */
function fraction(moment: number): number {
  return (Math.imul(Math.trunc(moment % 4294967296), 2654435761) >>> 0) / 4294967296;
}
