import * as v from 'valibot';
import { defined } from '../defined.ts';
import { errorEffects, findSignInError, SignInError } from './errors.ts';
import type { ErrorDetails, SignInErrorKind } from './errors.ts';
import type { Dialect } from './errorMeanings.ts';
import { meaningOf, OAuthErrorResponse } from './errorResponse.ts';
import type { Clock, Log } from '../ports.ts';

/** RFC 8628, 3.5: `slow_down` adds five seconds, for good. */
const slowDownSeconds = 5;

/** Seen in the field: interval 1 to 5 s, life 600 s. Values outside these bounds are treated as server errors. */
const intervalBounds = { usual: 5, least: 1, most: 60 };
const lifeBounds = { usual: 600, least: 30, most: 3600 };

/** The grant of RFC 8628, 3.4. */
export const deviceCodeGrantType = 'urn:ietf:params:oauth:grant-type:device_code';

/** A code that waits for its person. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  /** The page on which the person types the code. */
  readonly page: string;
  /** The page that has it already, where there is one. */
  readonly completePage?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly intervalSeconds: number;
}

/** No page is longer; a QR code of twice as much could not be drawn. */
const longestPage = 1000;
const pageSchema = v.pipe(
  v.string(),
  v.check((text) => (URL.parse(text)?.href.length ?? 0) <= longestPage),
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
 * A device authorization response (RFC 8628, 3.2) of `receivedAt`; times that are absent, text or absurd are bounded.
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
 * The page to open: the one that needs no typing, where it is at the host of the other one or at `ownHost` and has the
 * code that is shown. A person approves what they see (RFC 8628, 3.3.1 and 5.4).
 */
export function pageToOpen(
  { userCode, page, completePage = page }: Pick<DeviceCode, 'userCode' | 'page' | 'completePage'>,
  ownHost?: string,
): string {
  const url = URL.parse(completePage);
  if (url === null || ![URL.parse(page)?.host, ownHost].includes(url.host)) return page;
  const letters = (text: string): string => text.replaceAll(/[^\dA-Za-z]/g, '').toUpperCase();
  const fragment = new URLSearchParams(url.hash.replace(/^[^?]*\?/, ''));
  const values = [...url.searchParams.values(), ...fragment.values(), ...url.pathname.split('/')];
  const wanted = letters(userCode);
  return values.some((one) => letters(one) === wanted) ? completePage : page;
}

/** One code, and the request that asks for its tokens. */
export interface Polling<T> {
  readonly dialect: Dialect;
  readonly code: Pick<DeviceCode, 'expiresAt' | 'intervalSeconds'>;
  readonly ask: () => Promise<T>;
}

/**
 * Asks for the token until the person has decided (RFC 8628, 3.5; docs/PROTOCOL.md, 5). `ask` rejects with an {@link
 * OAuthErrorResponse} as long as nothing is decided.
 * @throws SignInError `denied`, `registrationRefused`, `codeExpired`, or why the last poll failed where the server
 * could not be asked any more or its answer was lost (reason `codeExpired`), or the signal's reason
 */
export async function pollForToken<T>(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { dialect, code, ask }: Polling<T>,
  signal: AbortSignal,
): Promise<T> {
  const steady = (): number => clock.monotonic?.() ?? clock.now();
  const endsAt = steady() + code.expiresAt - clock.now();
  let { intervalSeconds } = code;
  let { expiresAt } = code;
  let notBefore = 0;
  let lastFailure: SignInError | undefined;
  for (;;) {
    const pause = Math.max(intervalSeconds * 1000, notBefore - steady());
    await clock.sleep(Math.min(pause, endsAt - steady()), signal);
    if (steady() >= endsAt) throw expired(lastFailure);
    // The machine slept, or its clock was set: the server knows which, and is asked once more.
    const isLast = clock.now() >= expiresAt;
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      const word = error instanceof OAuthErrorResponse ? error.error : undefined;
      if (word === 'authorization_pending' || word === 'slow_down') {
        if (word === 'slow_down') intervalSeconds += slowDownSeconds;
        lastFailure = undefined;
        if (isLast) expiresAt = clock.now() + endsAt - steady();
        continue;
      }
      const meaning = meaningOfPoll(error, dialect);
      if (meaning === undefined) throw error;
      // The poll whose answer was lost has spent the code.
      const isLost = lastFailure !== undefined && losing.has(lastFailure.kind);
      if (meaning.kind === 'codeExpired' && isLost && !isLast) throw expired(lastFailure, losing);
      if (!goesOn(meaning)) throw meaning;
      if (isLast) throw expired(meaning);
      lastFailure = meaning;
      notBefore = steady() + (meaning.details.retryAt ?? 0) - clock.now();
      if (meaning.kind === 'timeout') intervalSeconds = afterTimeout(intervalSeconds);
      log.warn('A poll failed and is retried', { kind: meaning.kind, host: meaning.details.host });
    }
  }
}

/** Why a poll failed; an answer that was cut off is the connection's fault. Undefined for a fault of ours. */
function meaningOfPoll(error: unknown, dialect: Dialect): SignInError | undefined {
  const meaning =
    error instanceof OAuthErrorResponse
      ? meaningOf(error, { dialect, step: 'devicePoll' })
      : findSignInError(error);
  if (meaning?.details.reason !== 'cutOff') return meaning;
  const { reason: _cutOff, code: _library, ...details } = meaning.details;
  return new SignInError('network', details, meaning);
}

/** The end of a code: unused, or behind a network or proxy that let no poll, or not its answer, through. */
function expired(lastFailure: SignInError | undefined, told = unreachable): SignInError {
  if (lastFailure === undefined || !told.has(lastFailure.kind))
    return new SignInError('codeExpired', { operation: 'token' });
  return new SignInError(lastFailure.kind, { ...lastFailure.details, reason: 'codeExpired' }, lastFailure);
}

/** The server itself never heard the poll. */
const unreachable: ReadonlySet<SignInErrorKind> = new Set(['network', 'timeout', 'proxy', 'certificate']);

/** Failures that may have taken away the answer of a server that heard the poll; a gateway answers with a 5xx. */
const losing: ReadonlySet<SignInErrorKind> = new Set([...unreachable, 'serverError']);

/** A server that does not answer in time is asked less often, for good (RFC 8628, 3.5). */
function afterTimeout(intervalSeconds: number): number {
  return Math.max(intervalSeconds, Math.min(intervalSeconds * 2, intervalBounds.most));
}

function goesOn(error: SignInError): boolean {
  const { group } = errorEffects[error.kind];
  // A yes whose tokens cannot be used, or a no in an unknown word: the service has decided (RFC 8628, 3.5).
  if (
    decidedReasons.has(error.details.reason) ||
    (error.kind === 'invalidResponse' && error.cause instanceof OAuthErrorResponse)
  ) {
    return false;
  }
  return group === 'transient' || group === 'environment';
}

/** Why a good answer to a poll is refused: its code is spent. */
const decidedReasons: ReadonlySet<string | undefined> = new Set(['noToken', 'idToken', 'idTokenTimes']);

function bounded(value: unknown, bounds: { usual: number; least: number; most: number }): number {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return bounds.usual;
  return Math.min(Math.max(number, bounds.least), bounds.most);
}
