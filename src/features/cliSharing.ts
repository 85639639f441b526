import { forAwsCli } from './awsCli.ts';
import type { AwsCli, AwsCliCache } from './awsCli.ts';
import { entryOf, readCacheEntry } from './cliCacheEntry.ts';
import type { CacheEntryState } from './cliCacheEntry.ts';
import type { Clock, Log } from '../core/ports.ts';
import { fingerprintOf, maxLifetimeSeconds } from '../core/oauth/tokenSet.ts';
import type { TokenSet } from '../core/oauth/tokenSet.ts';
import { historyOf } from '../core/session/refreshHistory.ts';
import type { AwsCliPause, AwsCliShare, IdentityCenterSession, Session } from '../core/session/session.ts';
import type { SessionStore } from '../core/session/sessionStore.ts';
import { defined } from '../core/defined.ts';

/**
 * Shares Identity Center sessions with the AWS CLI and the AWS SDKs through their token cache. They refresh
 * tokens without our lock, so this adopts their newer tokens and never sends an older refresh token. Callers
 * hold the session's lock.
 */

export interface SharePorts {
  readonly awsCli?: AwsCli;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<SessionStore, 'get' | 'put'>;
}

/**
 * Delays for reading again after a refused refresh, in milliseconds: their new token is written shortly after
 * their response.
 */
const untilTheyWrote = [100, 200, 400, 800];

/** The session with its newest tokens: stored, or refreshed by the CLI or an SDK. */
export async function syncFromCache(ports: SharePorts, session: Session): Promise<Session> {
  const shared = forAwsCli(session);
  if (shared?.awsCli === undefined) return session;
  const cache = await ports.awsCli?.cache();
  if (cache === undefined) return session;
  const entry = await readCacheEntry(ports.clock, cache, { name: shared.awsCli.name, session: shared }).catch(
    (error: unknown) => {
      logCacheError(ports, shared, 'read', error);
      return undefined;
    },
  );
  return entry?.state === 'refreshed' ? adopt(ports, cache, shared, entry) : session;
}

/**
 * Looks for a newer token after the server refused the session's refresh token: the CLI or an SDK may have
 * refreshed at the same moment and be about to write. Undefined if none appears or the session is not shared.
 */
export async function findNewerToken(ports: SharePorts, session: Session): Promise<Session | undefined> {
  if (forAwsCli(session)?.awsCli === undefined) return undefined;
  const toTheEnd = new AbortController().signal;
  for (const pause of [0, ...untilTheyWrote]) {
    await ports.clock.sleep(pause, toTheEnd);
    const newest = await syncFromCache(ports, session);
    if (newest !== session) return newest;
  }
  return undefined;
}

/**
 * Stores a session, and then writes it to the cache if it is shared. `before` is the session that it replaces.
 * A failed cache write is logged, and the session is kept.
 */
export async function storeInCache(
  ports: SharePorts,
  session: Session,
  before: Session | undefined,
): Promise<Session> {
  const own = forAwsCli(session);
  if (own === undefined || ports.awsCli === undefined) return put(ports, session);
  const had = before && forAwsCli(before);
  const wanted = await ports.awsCli.wanted(own.connection);
  const name = wanted === undefined ? had?.awsCli?.name : wanted.name;
  if (had?.awsCli !== undefined && had.awsCli.name !== name) await removeEntry(ports, had);
  if (name === undefined) return put(ports, withoutShare(own));
  return writeEntry(ports, await ports.awsCli.cache(), { session: own, name, before: had });
}

/**
 * Starts to share a session, with the user's consent, and replaces any entry. Rejects with the system's error
 * if the cache cannot be written.
 */
export async function share(ports: SharePorts, session: Session, name: string): Promise<Session> {
  const found = await syncFromCache(ports, session);
  const newest = forAwsCli(found);
  if (newest === undefined || ports.awsCli === undefined) return found;
  const cache = await ports.awsCli.cache();
  if (newest.awsCli?.name !== name) await removeEntry(ports, newest);
  const shared = { ...newest, awsCli: { name } };
  await put(ports, shared);
  try {
    await cache.write(name, entryOf(shared));
  } catch (error) {
    await put(ports, withoutShare(shared));
    throw error;
  }
  return put(ports, await withFingerprint(shared, name));
}

/** Stops sharing a session, and removes its own entry from the cache. */
export async function stopSharing(ports: SharePorts, session: Session): Promise<Session> {
  const found = await syncFromCache(ports, session);
  const newest = forAwsCli(found);
  if (newest === undefined) return found;
  await removeEntry(ports, newest);
  return put(ports, withoutShare(newest));
}

/** The session with its newest tokens for sign-out, removed from the cache if possible. */
export async function removeFromCache(
  ports: SharePorts,
  session: Session,
): Promise<{ readonly session: Session; readonly unremovedEntry?: string }> {
  const newest = await syncFromCache(ports, session);
  const shared = forAwsCli(newest);
  if (shared?.awsCli === undefined || (await removeEntry(ports, shared))) return { session: newest };
  return { session: newest, unremovedEntry: shared.awsCli.name };
}

/** Removes the session's own entry from the cache. False if the removal failed. */
async function removeEntry(ports: SharePorts, session: IdentityCenterSession): Promise<boolean> {
  const { awsCli: place } = session;
  const cache = await ports.awsCli?.cache();
  if (place === undefined || cache === undefined) return true;
  try {
    const { state } = await readCacheEntry(ports.clock, cache, { name: place.name, session });
    if (['unchanged', 'refreshed', 'notPrivate'].includes(state)) await cache.remove(place.name);
    return true;
  } catch (error) {
    logCacheError(ports, session, 'remove', error);
    return false;
  }
}

/** A session to write to the cache, its entry's name, and the session that it replaces. */
interface EntryUpdate {
  readonly session: IdentityCenterSession;
  readonly name: string;
  readonly before: IdentityCenterSession | undefined;
}

/**
 * Writes a shared session to the cache. If its entry was removed or replaced meanwhile, sharing is paused until
 * the user decides: the record notes that, and `asked` that the user was asked.
 */
async function writeEntry(
  ports: SharePorts,
  cache: AwsCliCache,
  { session, name, before }: EntryUpdate,
): Promise<IdentityCenterSession> {
  const { log } = ports;
  const had = before?.awsCli?.name === name ? before.awsCli : undefined;
  let entry: CacheEntryState | undefined;
  try {
    entry = await readCacheEntry(ports.clock, cache, { name, session, before });
  } catch (error) {
    logCacheError(ports, session, 'read', error);
    const kept =
      before === undefined || had === undefined ? { name } : (await withFingerprint(before, name)).awsCli;
    return put(ports, { ...session, awsCli: had?.paused === undefined ? kept : had });
  }
  const paused = pauseOf(entry, had);
  if (paused !== undefined) {
    if (had?.paused === undefined)
      log.warn('Sharing with the AWS CLI is paused', { session: session.id, name, why: paused });
    return put(ports, { ...session, awsCli: { name, ...had, paused } });
  }
  // Write the record first: after a crash between the two writes, the cache must not look as if the CLI had
  // refreshed it.
  const left = 'fingerprint' in entry ? { left: entry.fingerprint } : {};
  const stored = await put(ports, { ...session, awsCli: { name, ...left } });
  try {
    await cache.write(name, entryOf(session));
  } catch (error) {
    logCacheError(ports, session, 'write', error);
    return stored;
  }
  // From now on, a missing file means that it was removed.
  return had?.left === undefined ? put(ports, await withFingerprint(stored, name)) : stored;
}

function pauseOf({ state }: CacheEntryState, had: AwsCliShare | undefined): AwsCliPause | undefined {
  switch (state) {
    case 'unchanged':
    case 'refreshed':
      return undefined;
    case 'gone':
      return had?.paused ?? (had?.left === undefined ? undefined : 'removed');
    case 'free':
      return had?.paused;
    case 'foreign':
      return had?.paused ?? 'replaced';
    case 'notPrivate':
      return had?.paused ?? 'notPrivate';
  }
}

async function withFingerprint(
  session: IdentityCenterSession,
  name: string,
): Promise<IdentityCenterSession & { readonly awsCli: AwsCliShare }> {
  return { ...session, awsCli: { name, left: await fingerprintOf(session.tokenSet.accessToken) } };
}

async function adopt(
  ports: SharePorts,
  cache: AwsCliCache,
  session: IdentityCenterSession,
  { token, fingerprint }: Extract<CacheEntryState, { state: 'refreshed' }>,
): Promise<IdentityCenterSession> {
  const { clock, log } = ports;
  const { refreshToken = session.tokenSet.refreshToken, accessToken } = token;
  const expiresAt = Math.min(token.expiresAt, clock.now() + maxLifetimeSeconds * 1000);
  const obtainedAt = Math.min(token.writtenAt, clock.now(), expiresAt);
  const { inTurn: _none, ...before } = session.tokenSet;
  const tokenSet: TokenSet = {
    ...before,
    accessToken,
    obtainedAt,
    expiresAt,
    ...defined({ refreshToken }),
  };
  const name = session.awsCli?.name ?? '';
  const adopted: IdentityCenterSession = {
    ...session,
    tokenSet,
    refreshedAt: obtainedAt,
    history: historyOf(session, [], { at: obtainedAt }),
    awsCli: { name, left: fingerprint },
  };
  await put(ports, adopted);
  log.info('Refreshed by the AWS CLI or an SDK', {
    session: session.id,
    expiresAt: new Date(expiresAt).toISOString(),
  });
  // The SDK drops a refresh token that the server did not replace, and could then not refresh again.
  if (token.refreshToken === undefined && refreshToken !== undefined) {
    await cache.write(name, entryOf(adopted)).catch((error: unknown) => {
      logCacheError(ports, session, 'write', error);
    });
  }
  return adopted;
}

async function put<T extends Session>(ports: SharePorts, session: T): Promise<T> {
  await ports.store.put(session);
  return session;
}

function withoutShare(session: IdentityCenterSession): IdentityCenterSession {
  const { awsCli: _none, ...rest } = session;
  return rest;
}

function logCacheError(
  { log }: SharePorts,
  { id }: IdentityCenterSession,
  what: 'read' | 'write' | 'remove',
  error: unknown,
): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  log.warn(`The AWS CLI token cache could not be used`, { session: id, what, code });
}
