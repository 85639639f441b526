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
import type { SessionsPorts } from './sessionStore.ts';
import { defined } from '../defined.ts';

/** Nothing stops a request that was sent, not even the end of the window: its token may be spent by then. */
const toTheEnd = (): AbortSignal => new AbortController().signal;

/** The session to refresh, unless it is refreshed already. */
export interface Refresh {
  readonly id: string;
  readonly isRefreshed: (session: Session) => boolean;
  /** A person asked for it: it does not wait for its time. */
  readonly isForced: boolean;
  /** The earlier failures of this window. */
  readonly failed: readonly FailedAttempt[];
}

/** A session whose refresh token is sent. */
interface Sent {
  readonly ports: SessionsPorts;
  readonly session: Session;
  readonly failed: readonly FailedAttempt[];
}

/**
 * With the session's lock held: reads it again, refreshes it only if it still is not `isRefreshed`, writes, and only
 * then hands out (docs/ARCHITECTURE.md, rule 2). `signal` stops it before the request is sent and never after.
 * @throws SignInError why it failed, or why the session is over
 */
export async function refreshUnderLock(
  ports: SessionsPorts,
  { id, isRefreshed, isForced, failed }: Refresh,
  signal: AbortSignal,
): Promise<Session> {
  const { session: stored, newest } = await storedSession(ports.store, id);
  if (isOver(stored, newest)) throw overError(stored);
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
 * is not recorded where a caller misses the token.
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
  const { host, status, code, retryAt: asked } = details;
  const safe = defined({ host, status, code, retryAt: asked });
  await note(sent, { tried: { at, kind, failures: before + 1, ...safe } });
}

/**
 * The server refuses, and does not say for how long. Counted in the record, for every window and the next start;
 * enough of it is an end.
 */
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

/** Adds to the record unless it has another token by now, which must not be lost to this write. */
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
 * The stored session after a sign-in that did not wait for this refresh any longer: a grant of its own, which stays.
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
    await revokeTokens(ports, { ...session, tokenSet }, toTheEnd()).catch(() => {
      ports.log.warn('Tokens refreshed after sign-out could not be revoked', { session: session.id });
    });
    throw error;
  }
}

/** The stored session, if it has another refresh token than the one that was sent: another window's. */
async function newerToken({ ports, session: sent }: Sent): Promise<Session | undefined> {
  const { session, newest } = await storedSession(ports.store, sent.id);
  const isNewer = !isOver(session, newest) && session.tokenSet.refreshToken !== sent.tokenSet.refreshToken;
  return isNewer ? session : undefined;
}

/** A refresh whose answer was lost may have been done: the same token again, at once, within the server's grace. */
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
    const code = findSignInError(error)?.details.code;
    log.warn('An ID token could not be stored', { session: session.id, code });
    return session;
  }
}

/** The server says that it is over. Believed only when no newer token is stored, and kept with its reason. */
async function end(sent: Sent, error: SignInError): Promise<Session> {
  const { ports, session, failed } = sent;
  const { clock, log, store } = ports;
  const newer = (await newerToken(sent)) ?? (await store.findNewerToken(session));
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
