import { errorEffects, findSignInError, SignInError } from '../oauth/errors.ts';
import type { RefreshedTokens, TokenSet } from '../oauth/tokenSet.ts';
import { refreshTokens, revokeTokens } from './acquireTokens.ts';
import {
  countRefusal,
  isAmbiguityOver,
  isAmbiguous,
  isRegularRefresh,
  isUsable,
  otherWindow,
  retryAt,
  unmissedUntil,
} from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { failureNote, historyOf } from './refreshHistory.ts';
import { withoutDeadTokens } from './sessionUpdates.ts';
import { isOver, overError } from './session.ts';
import type { Session } from './session.ts';
import { secondsBetween } from './elapsed.ts';
import { storedSession } from './sessionStore.ts';
import type { SessionsPorts, StoredSession } from './sessionStore.ts';
import { defined } from '../defined.ts';

/** What a refresh is wanted for: a person's is `isForced`. */
interface Wanted {
  readonly isRefreshed: (session: Session) => boolean;
  readonly isForced: boolean;
}

/** Which session is refreshed, unless it is. */
export interface Refresh {
  readonly id: string;
  readonly wanted: Wanted;
  readonly failed: readonly FailedAttempt[];
}

/**
 * With the session's lock held: reads it again, refreshes it only if it still is not `isRefreshed`, writes, and only
 * then hands out. A refresh that has just failed in another window is not tried again before its time. `failed` are the earlier failures of this window. `signal` stops it before the request is sent and never after.
 * @throws SignInError why it failed, or why the session is over
 */
export async function refreshUnderLock(
  ports: SessionsPorts,
  { id, wanted: { isRefreshed, isForced }, failed }: Refresh,
  signal: AbortSignal,
): Promise<Session> {
  const { log, store } = ports;
  const { session: stored, newest } = await storedSession(store, id);
  if (isOver(stored, newest)) throw overError(stored);
  const session = await store.newest(stored);
  if (isRefreshed(session)) return session;
  const early = isForced ? undefined : triedElsewhere(ports.clock.now(), session, failed);
  if (early !== undefined) throw early;
  signal.throwIfAborted();
  const startedAt = ports.clock.now();
  try {
    const { tokenSet, refused, idToken } = await refreshWithRetry(ports, session);
    const newer = await signedInMeanwhile(ports, session, tokenSet);
    if (newer !== undefined) return newer;
    if (refused !== undefined) {
      await store.replace({ ...session, tokenSet }, session);
      throw refused;
    }
    const at = tokenSet.obtainedAt;
    const history = historyOf(session, failed, { at });
    const { refusals: _none, tried: _tried, ...rest } = session;
    const regular = isRegularRefresh(at, session.tokenSet, failed) ? { inTurn: true as const } : {};
    const refreshed: Session = { ...rest, tokenSet: { ...tokenSet, ...regular }, refreshedAt: at, history };
    await store.replace(refreshed, session);
    log.info('Refreshed', {
      session: id,
      expiresAt: new Date(tokenSet.expiresAt).toISOString(),
      duration: secondsBetween(startedAt, ports.clock.now()),
    });
    return await withIdToken(ports, refreshed, idToken);
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    if (errorEffects[known.kind].session === 'over') return await end(ports, session, known, failed);
    if (!isAmbiguous(known)) {
      await noteTry(ports, session, known, failed);
      throw error;
    }
    return await afterAmbiguousRefusal(ports, session, known, failed);
  }
}

/** Why a refresh is not tried yet: another window has just tried, and it is too early for the next one of this machine. */
function triedElsewhere(
  now: number,
  { tried, tokenSet }: Session,
  failed: readonly FailedAttempt[],
): SignInError | undefined {
  const ownAt = Math.max(failed.at(-1)?.at ?? -Infinity, tokenSet.obtainedAt);
  if (tried === undefined || tried.at <= ownAt || tried.at > now) return undefined;
  const { at, failures, kind, retryAt: asked, ...details } = tried;
  const error = new SignInError(kind, defined({ retryAt: asked }));
  const nextAt = retryAt({ at, failures, error, ...unmissedUntil(at, tokenSet) });
  if (now >= nextAt) return undefined;
  return new SignInError(kind, { operation: 'refresh', ...details, reason: otherWindow, retryAt: nextAt });
}

/**
 * Records a failure for the other windows, so that one window of a machine asks during an outage. Most pass: the first one
 * is not recorded where a caller misses the token. A newer token must not be lost to this write.
 */
async function noteTry(
  { clock, log, store }: SessionsPorts,
  session: Session,
  error: SignInError,
  failed: readonly FailedAttempt[],
): Promise<void> {
  const { group } = errorEffects[error.kind];
  const last = failed.at(-1);
  const own = last !== undefined && last.at >= session.tokenSet.obtainedAt ? last.failures : 0;
  const before = Math.max(own, session.tried?.failures ?? 0);
  const isMissed = !isUsable(clock.now(), session.tokenSet);
  if ((isMissed && before === 0) || (group !== 'transient' && group !== 'environment')) return;
  try {
    const again = await store.get(session.id);
    const isSame = again?.session.tokenSet.refreshToken === session.tokenSet.refreshToken;
    if (again?.newest !== true || again.session.ended !== undefined || !isSame) return;
    const { host, status, code, retryAt: asked } = error.details;
    const tried = { at: clock.now(), kind: error.kind, failures: before + 1 };
    await store.put({
      ...again.session,
      tried: { ...tried, ...defined({ host, status, code, retryAt: asked }) },
    });
  } catch {
    log.warn('A try could not be noted', { session: session.id });
  }
}

/**
 * The server refuses, and does not say for how long. Counted in the record, for every window and the next start;
 * enough of it is an end.
 */
async function afterAmbiguousRefusal(
  ports: SessionsPorts,
  session: Session,
  error: SignInError,
  failed: readonly FailedAttempt[],
): Promise<Session> {
  const { clock, log, store } = ports;
  const now = clock.now();
  const refusals = countRefusal(now, session.tokenSet, session.refusals);
  if (refusals === undefined) throw error;
  if (isAmbiguityOver(now, refusals))
    return end(ports, session, new SignInError('grantRevoked', error.details, error), failed);
  const again = await storedSession(store, session.id);
  if (isNewer(again, session)) return again.session;
  const isCounted = session.refusals?.since === refusals.since && session.refusals.count === refusals.count;
  if (again.newest && again.session.ended === undefined && !isCounted) {
    await store.put({ ...again.session, refusals }).catch(() => {
      log.warn('A refusal could not be recorded', { session: session.id });
    });
  }
  throw error;
}

/**
 * What is stored after a sign-in that did not wait for this refresh any longer: a grant of its own, which stays.
 * @throws SignInError `signInNeeded` after such a sign-out: the new tokens are ended on the server and stored nowhere
 */
async function signedInMeanwhile(
  ports: SessionsPorts,
  session: Session,
  tokenSet: TokenSet,
): Promise<Session | undefined> {
  try {
    const stored = (await storedSession(ports.store, session.id)).session;
    return stored.signedInAt === session.signedInAt ? undefined : stored;
  } catch (error) {
    // A record that cannot be read just now is written anew: its old refresh token is spent.
    if (findSignInError(error)?.kind !== 'signInNeeded') return undefined;
    const toTheEnd = new AbortController().signal;
    await revokeTokens(ports, { ...session, tokenSet }, toTheEnd).catch(() => {
      ports.log.warn('Tokens refreshed after sign-out could not be revoked', { session: session.id });
    });
    throw error;
  }
}

/** Whether a record holds another refresh token than the one that was sent: another window's. */
function isNewer({ session, newest }: StoredSession, sent: Session): boolean {
  const isOther = session.tokenSet.refreshToken !== sent.tokenSet.refreshToken;
  return newest && isOther && session.ended === undefined;
}

/** A refresh whose answer was lost may have been done: the same token again, at once, within the server's grace. */
async function refreshWithRetry(ports: SessionsPorts, session: Session): Promise<RefreshedTokens> {
  // Nothing stops a refresh that was sent, not even the end of the window: its token may be spent by then.
  const toTheEnd = new AbortController().signal;
  try {
    return await refreshTokens(ports, session, toTheEnd);
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || !isLost(known)) throw error;
    ports.log.warn('The response to a refresh was lost; retrying', {
      session: session.id,
      kind: known.kind,
      code: known.details.code,
    });
    return refreshTokens(ports, session, toTheEnd);
  }
}

/** Whether a request may have been done all the same: nothing came back, or an answer that was cut off. */
function isLost({ kind, details }: SignInError): boolean {
  return errorEffects[kind].retry === 'atOnce' || details.reason === 'cutOff';
}

/** The tokens are stored by now: an ID token that cannot be added costs none of them. */
async function withIdToken(
  { log, store }: SessionsPorts,
  session: Session,
  read: RefreshedTokens['idToken'],
): Promise<Session> {
  const idToken = await read?.();
  if (idToken === undefined) return session;
  const complete: Session = { ...session, tokenSet: { ...session.tokenSet, idToken } };
  try {
    await store.put(complete);
    return complete;
  } catch (error) {
    log.warn('An ID token could not be stored', {
      session: session.id,
      code: findSignInError(error)?.details.code,
    });
    return session;
  }
}

/** The server says that it is over. Believed only when no newer token is stored, and kept with its reason. */
async function end(
  ports: SessionsPorts,
  session: Session,
  error: SignInError,
  failed: readonly FailedAttempt[],
): Promise<Session> {
  const { clock, log, store } = ports;
  const again = await storedSession(store, session.id);
  if (isNewer(again, session)) return again.session;
  const theirs = await store.findNewerToken(session);
  if (theirs !== undefined) return theirs;
  const { host, code, description, requestId, reason, isGeneric } = error.details;
  const ended = {
    at: clock.now(),
    kind: error.kind,
    ...defined({ host, code, description, requestId, reason, isGeneric }),
  };
  const history = historyOf(session, failed, failureNote(ended.at, error));
  await store.put(await withoutDeadTokens(ended.at, { ...session, ended, history }));
  log.warn('Session ended', { session: session.id, ...ended });
  throw error;
}
