import * as v from 'valibot';
import { defined } from '../defined.ts';
import { errorEffects, findSignInError, SignInError } from './errors.ts';
import type { ErrorDetails, SignInErrorKind } from './errors.ts';
import type { Dialect } from './errorMeanings.ts';
import { meaningOf, OAuthErrorResponse } from './errorResponse.ts';
import type { Clock, Log } from '../ports.ts';

/** `slow_down` adds five seconds to all later intervals (RFC 8628, 3.5). */
const slowDownSeconds = 5;

/** Limits in seconds. Real servers use intervals of 1 to 5 and lifetimes of 600; anything outside is clamped. */
const intervalBounds = { fallback: 5, min: 1, max: 60 };
const lifeBounds = { fallback: 600, min: 30, max: 3600 };

/** The grant type of a device access token request (RFC 8628, 3.4). */
export const deviceCodeGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** A device authorization (RFC 8628, 3.2). */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  /** The page where the user types the code (`verification_uri`). */
  readonly page: string;
  /** The page with the code filled in, if any (`verification_uri_complete`). */
  readonly completePage?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly intervalSeconds: number;
}

/** Maximum length of a page's address, well below the capacity of a QR code. */
const maxPageLength = 1000;
const pageSchema = v.pipe(
  v.string(),
  v.check((text) => (URL.parse(text)?.href.length ?? 0) <= maxPageLength),
);

const responseSchema = v.object({
  deviceCode: v.pipe(v.string(), v.nonEmpty()),
  userCode: v.pipe(v.string(), v.regex(/^[\dA-Za-z -]{4,40}$/)),
  verificationUri: pageSchema,
  verificationUriComplete: v.fallback(v.optional(pageSchema), undefined),
  expiresIn: v.optional(v.unknown()),
  interval: v.optional(v.unknown()),
});

/**
 * Parses a device authorization response (RFC 8628, 3.2), received at `receivedAt` (epoch milliseconds). Times may
 * be strings; missing or invalid ones get defaults, and others are clamped.
 * @throws SignInError `invalidResponse` with `details`
 */
export function deviceCodeOf(
  response: { readonly [N in keyof typeof responseSchema.entries]?: unknown },
  receivedAt: number,
  details: ErrorDetails,
): DeviceCode {
  const parsed = v.safeParse(responseSchema, response);
  if (!parsed.success) throw new SignInError('invalidResponse', details);
  const { deviceCode, userCode, verificationUri, verificationUriComplete, expiresIn, interval } =
    parsed.output;
  return {
    deviceCode,
    userCode,
    page: verificationUri,
    ...defined({ completePage: verificationUriComplete }),
    expiresAt: receivedAt + bounded(expiresIn, lifeBounds) * 1000,
    intervalSeconds: bounded(interval, intervalBounds),
  };
}

/**
 * The page to open: `completePage` if it is on the host of `page` or on `ownHost` and contains the displayed code,
 * so that the user approves what they see (RFC 8628, 3.3.1 and 5.4); otherwise `page`.
 */
export function pageToOpen(
  { userCode, page, completePage = page }: Pick<DeviceCode, 'userCode' | 'page' | 'completePage'>,
  ownHost?: string,
): string {
  const url = URL.parse(completePage);
  if (url === null || ![URL.parse(page)?.host, ownHost].includes(url.host)) return page;
  const lettersOf = (text: string): string => text.replaceAll(/[^\dA-Za-z]/g, '').toUpperCase();
  const fragment = new URLSearchParams(url.hash.replace(/^[^?]*\?/, ''));
  const values = [...url.searchParams.values(), ...fragment.values(), ...url.pathname.split('/')];
  const wanted = lettersOf(userCode);
  return values.some((one) => lettersOf(one) === wanted) ? completePage : page;
}

/** A device code, and the request for its tokens. */
export interface Polling<T> {
  readonly dialect: Dialect;
  readonly code: Pick<DeviceCode, 'expiresAt' | 'intervalSeconds'>;
  readonly requestTokens: () => Promise<T>;
}

/**
 * Polls for tokens until the user approves or denies (RFC 8628, 3.5; docs/PROTOCOL.md, 5). Until then, `requestTokens` rejects
 * with an {@link OAuthErrorResponse}.
 * @throws SignInError `denied`, `registrationRefused`, `codeExpired`, the signal's reason, or the last poll's error
 * (reason `codeExpired`) if polls no longer reached the server or its response was lost
 */
export async function pollForToken<T>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { dialect, code, requestTokens }: Polling<T>,
  signal: AbortSignal,
): Promise<T> {
  const monotonicNow = (): number => clock.monotonic?.() ?? clock.now();
  const endsAt = monotonicNow() + code.expiresAt - clock.now();
  let { intervalSeconds } = code;
  let { expiresAt } = code;
  let notBefore = 0;
  let lastFailure: SignInError | undefined;
  for (;;) {
    const pause = Math.max(intervalSeconds * 1000, notBefore - monotonicNow());
    await clock.sleep(Math.min(pause, endsAt - monotonicNow()), signal);
    if (monotonicNow() >= endsAt) throw expired(lastFailure);
    // The machine slept, or its clock was set. The server knows whether the code expired, so poll once more.
    const isLast = clock.now() >= expiresAt;
    try {
      return await requestTokens();
    } catch (error) {
      signal.throwIfAborted();
      const { error: sent, details } = error instanceof OAuthErrorResponse ? error : {};
      const errorCode = sent?.toLowerCase();
      if (errorCode === 'authorization_pending' || errorCode === 'slow_down') {
        if (errorCode === 'slow_down') intervalSeconds = slower(intervalSeconds, details?.intervalSeconds);
        lastFailure = undefined;
        if (isLast) expiresAt = clock.now() + endsAt - monotonicNow();
        continue;
      }
      const meaning = meaningOfPoll(error, dialect);
      if (meaning === undefined) throw error;
      // The poll whose response was lost may have redeemed the code.
      const isLost = lastFailure !== undefined && mayLoseResponse.has(lastFailure.kind);
      if (meaning.kind === 'codeExpired' && isLost && !isLast) throw expired(lastFailure, mayLoseResponse);
      const isOver = isLast && meaning.kind === 'codeExpired';
      if (!isOver && !isRetried(meaning)) throw meaning;
      if (isLast) throw expired(meaning);
      lastFailure = meaning;
      notBefore = monotonicNow() + (meaning.details.retryAt ?? 0) - clock.now();
      if (meaning.kind === 'timeout') intervalSeconds = afterTimeout(intervalSeconds);
      // Auth0 sends `slow_down` with status 429; other servers a 429 without a code.
      if (meaning.kind === 'rateLimited' && meaning.details.retryAt === undefined)
        intervalSeconds = slower(intervalSeconds);
      log.warn('A poll failed and is retried', { kind: meaning.kind, host: meaning.details.host });
    }
  }
}

/** The error of a failed poll; a truncated response counts as `network`. Undefined for an unexpected error. */
function meaningOfPoll(error: unknown, dialect: Dialect): SignInError | undefined {
  const meaning =
    error instanceof OAuthErrorResponse
      ? meaningOf(error, { dialect, step: 'devicePoll' })
      : findSignInError(error);
  if (meaning?.details.reason !== 'cutOff') return meaning;
  const { reason: _cutOff, code: _library, ...details } = meaning.details;
  return new SignInError('network', details, meaning);
}

/** The error of an expired code: the last failure if its kind is in `told`, otherwise `codeExpired`. */
function expired(lastFailure: SignInError | undefined, kinds = unreachable): SignInError {
  if (lastFailure === undefined || !kinds.has(lastFailure.kind))
    return new SignInError('codeExpired', { operation: 'token' });
  return new SignInError(lastFailure.kind, { ...lastFailure.details, reason: 'codeExpired' }, lastFailure);
}

const unreachable: ReadonlySet<SignInErrorKind> = new Set(['network', 'timeout', 'proxy', 'certificate']);

/** Failures that may have lost the response to a poll; a 5xx may come from a gateway. */
const mayLoseResponse: ReadonlySet<SignInErrorKind> = new Set([...unreachable, 'serverError']);

/** The longer interval for all later polls after `slow_down`; some servers, such as GitHub, name the new one. */
function slower(intervalSeconds: number, requestedSeconds = 0): number {
  return Math.max(intervalSeconds + slowDownSeconds, Math.min(requestedSeconds, intervalBounds.max));
}

/** The longer interval for all later polls after a connection timeout (RFC 8628, 3.5). */
function afterTimeout(intervalSeconds: number): number {
  return Math.max(intervalSeconds, Math.min(intervalSeconds * 2, intervalBounds.max));
}

function isRetried(error: SignInError): boolean {
  const { group } = errorEffects[error.kind];
  // The server has decided: it sent unusable tokens.
  if (decidedReasons.has(error.details.reason)) return false;
  return group === 'transient' || group === 'environment';
}

/** Reasons to reject a successful response to a poll, which has redeemed the code. */
const decidedReasons: ReadonlySet<string | undefined> = new Set(['noToken', 'idToken', 'idTokenTimes']);

function bounded(value: unknown, bounds: { fallback: number; min: number; max: number }): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return bounds.fallback;
  return Math.min(Math.max(number, bounds.min), bounds.max);
}
