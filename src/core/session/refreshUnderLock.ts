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
} from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { failureNote, historyOf } from './refreshHistory.ts';
import { withoutDeadTokens } from './sessionUpdates.ts';
import { isOver, endError } from './session.ts';
import type { Session } from './session.ts';
import { secondsBetween } from './elapsed.ts';
import { storedSession } from './sessionStore.ts';
import type { SessionsPorts } from './sessionStore.ts';
import { defined } from '../defined.ts';

/** Never aborts: a sent refresh token may be spent, so even a closing window does not cancel the request. */
const toTheEnd = (): AbortSignal => new AbortController().signal;

/** A session to refresh unless it `isRefreshed`. */
export interface Refresh {
  readonly id: string;
  readonly isRefreshed: (session: Session) => boolean;
  /** Whether to ignore the back-off of other windows, as when the user requests a refresh. */
  readonly isForced: boolean;
  /** Earlier failures in this window. */
  readonly failed: readonly FailedAttempt[];
}

/** A session whose refresh token is sent to the server. */
interface Sent {
  readonly ports: SessionsPorts;
  readonly session: Session;
  readonly failed: readonly FailedAttempt[];
}

/**
 * Refreshes with the session's lock held: reads the record again, refreshes only if still not `isRefreshed`,
 * writes, then returns (docs/ARCHITECTURE.md, rule 2). `signal` aborts only before the request is sent.
 * @throws SignInError why the refresh failed, or why the session is over
 */
export async function refreshUnderLock(
  ports: SessionsPorts,
  { id, isRefreshed, isForced, failed }: Refresh,
  signal: AbortSignal,
): Promise<Session> {
  const { session: stored, newest } = await storedSession(ports.store, id);
  if (isOver(stored, newest)) throw endError(stored);
  const session = await ports.store.newest(stored);
  if (isRefreshed(session)) return session;
  const early = isForced ? undefined : triedElsewhere(ports.clock.now(), session, failed);
  if (early !== undefined) throw early;
  signal.throwIfAborted();
  const sent = { ports, session, failed };
  try {
    return await sendRefresh(sent);
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    if (errorEffects[known.kind].session === 'over') return await end(sent, known);
    if (isAmbiguous(known)) return await afterAmbiguousRefusal(sent, known);
    await noteTry(sent, known);
    throw error;
  }
}

async function sendRefresh({ ports, session, failed }: Sent): Promise<Session> {
  const { clock, log, store } = ports;
  const startedAt = clock.now();
  const { tokenSet, refused, idToken } = await refreshWithRetry(ports, session);
  const newer = await signedInMeanwhile(ports, session, tokenSet);
  if (newer !== undefined) return newer;
  if (refused !== undefined) {
    await store.replace({ ...session, tokenSet }, session);
    throw refused;
  }
  const at = tokenSet.obtainedAt;
  const { refusals: _none, tried: _tried, ...rest } = session;
  const regular = isRegularRefresh(at, session.tokenSet, failed) ? { inTurn: true as const } : {};
  const refreshed: Session = {
    ...rest,
    tokenSet: { ...tokenSet, ...regular },
    refreshedAt: at,
    history: historyOf(session, failed, { at }),
  };
  await store.replace(refreshed, session);
  log.info('Refreshed', {
    session: session.id,
    expiresAt: new Date(tokenSet.expiresAt).toISOString(),
    duration: secondsBetween(startedAt, clock.now()),
  });
  return withIdToken(ports, refreshed, idToken);
}

/** The error of another window's recent attempt, if it is too early for this machine to retry. */
function triedElsewhere(
  now: number,
  { tried, tokenSet }: Session,
  failed: readonly FailedAttempt[],
): SignInError | undefined {
  const ownAt = Math.max(failed.at(-1)?.at ?? -Infinity, tokenSet.obtainedAt);
  if (tried === undefined || tried.at <= ownAt || tried.at > now) return undefined;
  const { at, failures, kind, retryAt: earliest, ...details } = tried;
  const error = new SignInError(kind, defined({ retryAt: earliest }));
  const nextAt = retryAt({ at, failures, error }, tokenSet);
  if (now >= nextAt) return undefined;
  return new SignInError(kind, { operation: 'refresh', ...details, reason: otherWindow, retryAt: nextAt });
}

/**
 * Records a failure, so that one window of a machine retries during an outage. Skips the first one if the token
 * is no longer usable: callers wait for it, and most failures are brief.
 */
async function noteTry(sent: Sent, { kind, details }: SignInError): Promise<void> {
  const { ports, session, failed } = sent;
  const { group } = errorEffects[kind];
  if (group !== 'transient' && group !== 'environment') return;
  const last = failed.at(-1);
  const own = last !== undefined && last.at >= session.tokenSet.obtainedAt ? last.failures : 0;
  const before = Math.max(own, session.tried?.failures ?? 0);
  const at = ports.clock.now();
  if (before === 0 && !isUsable(at, session.tokenSet)) return;
  const { host, status, code, retryAt: earliest } = details;
  const safe = defined({ host, status, code, retryAt: earliest });
  await note(sent, { tried: { at, kind, failures: before + 1, ...safe } });
}

/** Counts an ambiguous refusal in the record, across windows and restarts; enough of them end the session. */
async function afterAmbiguousRefusal(sent: Sent, error: SignInError): Promise<Session> {
  const { ports, session } = sent;
  const now = ports.clock.now();
  const refusals = countRefusal(now, session.tokenSet, session.refusals);
  if (refusals === undefined) throw error;
  if (isAmbiguityOver(now, refusals)) return end(sent, new SignInError('grantRevoked', error.details, error));
  const newer = await newerToken(sent);
  if (newer !== undefined) return newer;
  const isCounted = session.refusals?.since === refusals.since && session.refusals.count === refusals.count;
  if (!isCounted) await note(sent, { refusals });
  throw error;
}

/** Adds to the record, unless it has another refresh token by now, which must not be overwritten. */
async function note({ ports, session }: Sent, more: Pick<Session, 'refusals' | 'tried'>): Promise<void> {
  try {
    const again = await ports.store.get(session.id);
    if (again === undefined || isOver(again.session, again.newest)) return;
    if (again.session.tokenSet.refreshToken !== session.tokenSet.refreshToken) return;
    await ports.store.put({ ...again.session, ...more });
  } catch {
    ports.log.warn('A failed refresh could not be recorded', { session: session.id });
  }
}

/**
 * The stored session, if a sign-in replaced it without waiting for the lock: it has its own grant and stays.
 * @throws SignInError `signInNeeded` after such a sign-out; the new tokens are revoked and not stored
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
    // Replace a record that is temporarily unreadable: its refresh token is spent.
    if (findSignInError(error)?.kind !== 'signInNeeded') return undefined;
    await revokeTokens(ports, { ...session, tokenSet }, toTheEnd()).catch(() => {
      ports.log.warn('Tokens refreshed after sign-out could not be revoked', { session: session.id });
    });
    throw error;
  }
}

/** The stored session, if another window has replaced the refresh token that was sent. */
async function newerToken({ ports, session: sent }: Sent): Promise<Session | undefined> {
  const { session, newest } = await storedSession(ports.store, sent.id);
  const isNewer = !isOver(session, newest) && session.tokenSet.refreshToken !== sent.tokenSet.refreshToken;
  return isNewer ? session : undefined;
}

/** Refreshes; if the response is lost, retries at once with the same token, within the server's grace period. */
async function refreshWithRetry(ports: SessionsPorts, session: Session): Promise<RefreshedTokens> {
  try {
    return await refreshTokens(ports, session, toTheEnd());
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || !isLost(known)) throw error;
    ports.log.warn('The response to a refresh was lost; retrying', {
      session: session.id,
      kind: known.kind,
      code: known.details.code,
    });
    return refreshTokens(ports, session, toTheEnd());
  }
}

/** Whether the server may have processed a failed request: no response came, or only part of one. */
function isLost({ kind, details }: SignInError): boolean {
  return errorEffects[kind].retry === 'atOnce' || details.reason === 'cutOff';
}

/**
 * Adds the ID token to the record. The other tokens are already stored, and stay if this fails. Checking it may have
 * taken so long that a sign-out or a new sign-in did not wait: its record stays as it is.
 */
async function withIdToken(
  { log, store }: SessionsPorts,
  session: Session,
  read: RefreshedTokens['idToken'],
): Promise<Session> {
  const idToken = await read?.();
  if (idToken === undefined) return session;
  try {
    const stored = (await store.get(session.id))?.session;
    if (stored?.tokenSet.accessToken !== session.tokenSet.accessToken) return session;
    const complete: Session = { ...stored, tokenSet: { ...stored.tokenSet, idToken } };
    await store.put(complete);
    return complete;
  } catch (error) {
    const code = findSignInError(error)?.details.code;
    log.warn('An ID token could not be stored', { session: session.id, code });
    return session;
  }
}

/** Ends a session, and stores and throws the reason; returns the stored session if it has a newer token. */
async function end(sent: Sent, error: SignInError): Promise<Session> {
  const { ports, session, failed } = sent;
  const { clock, log, store } = ports;
  // The search takes a while, in which a sign-out or a new sign-in may not have waited.
  const newer = (await newerToken(sent)) ?? (await store.findNewerToken(session)) ?? (await newerToken(sent));
  if (newer !== undefined) return newer;
  const at = clock.now();
  const { host, code, description, requestId, reason, isGeneric } = error.details;
  const details = defined({ host, code, description, requestId, reason, isGeneric });
  const ended = { at, kind: error.kind, ...details };
  const history = historyOf(session, failed, failureNote(at, error));
  await store.put(await withoutDeadTokens(at, { ...session, ended, history }));
  log.warn('Session ended', { session: session.id, ...ended });
  throw error;
}
