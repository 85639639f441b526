import { forAwsCli } from './awsCli.ts';
import type { AwsCli, AwsCliCache, AwsCliTokenAsFound } from './awsCli.ts';
import type { Clock, Log } from '../core/ports.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import { fingerprintOf, longestLifetimeSeconds } from '../core/oauth/tokenSet.ts';
import type { TokenSet } from '../core/oauth/tokenSet.ts';
import { historyOf } from '../core/session/refreshHistory.ts';
import type { AwsCliPause, AwsCliShare, IdentityCenterSession, Session } from '../core/session/session.ts';
import type { SessionStore } from '../core/session/sessionStore.ts';
import { defined } from '../core/defined.ts';

/**
 * Identity Center sessions that the AWS CLI and the AWS SDKs have too, in their token cache. They know no lock of ours
 * and refresh by themselves: what they left there goes on here, and an older refresh token is never sent. All of this
 * is called with the session's lock held.
 */

export interface SharePorts {
  readonly awsCli?: AwsCli;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: Pick<SessionStore, 'get' | 'put'>;
}

/** Their `writeFile` does not rename: a file that cannot be read may be whole a moment later. Milliseconds. */
const whileTheyWrite = [20, 50, 100, 200];
/** Between the answer that they got and the file that they write pass milliseconds; so much is waited for it. */
const untilTheyWrote = [100, 200, 400, 800];

/** What lies in the cache for a session, seen from that session. */
type Look =
  /** Nothing. */
  | { readonly state: 'gone' }
  /** Nothing that could be used. */
  | { readonly state: 'free' }
  /** What this session left there. */
  | { readonly state: 'asLeft'; readonly left: string }
  /** The CLI or an SDK has refreshed what this session left there. */
  | { readonly state: 'theirs'; readonly left: string; readonly token: AwsCliTokenAsFound }
  /** As `theirs`, but other users of this machine can write it: it is not believed. */
  | { readonly state: 'notPrivate' }
  /** Another sign-in, such as the CLI's own. */
  | { readonly state: 'foreign' };

/** The session with the newest of its tokens: the stored ones, or what the CLI or an SDK has made of them. */
export async function syncFromCache(ports: SharePorts, session: Session): Promise<Session> {
  const shared = forAwsCli(session);
  if (shared?.awsCli === undefined) return session;
  const cache = await ports.awsCli?.cache();
  if (cache === undefined) return session;
  const look = await lookAt(ports, cache, { name: shared.awsCli.name, session: shared }).catch(
    (error: unknown) => {
      sayTrouble(ports, shared, 'read', error);
      return undefined;
    },
  );
  return look?.state === 'theirs' ? adopt(ports, cache, shared, look) : session;
}

/**
 * The server refused the refresh token of a session: the one that the CLI or an SDK got for it at the same moment, as
 * soon as it is written; undefined when none comes, or the CLI does not have the session.
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
 * Stores a session and then leaves it in the cache, where it is wanted there. `before` is the session whose place it
 * takes. A cache that cannot be written is said in the log, and costs no session.
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
  if (had?.awsCli !== undefined && had.awsCli.name !== name) await withdraw(ports, had);
  if (name === undefined) return put(ports, withoutShare(own));
  return leave(ports, await ports.awsCli.cache(), { session: own, name, before: had });
}

/**
 * Begins to share a session, whatever lay there before: the person was told, and said yes.
 * Rejects with the system's error when the cache cannot be written.
 */
export async function share(ports: SharePorts, session: Session, name: string): Promise<Session> {
  const found = await syncFromCache(ports, session);
  const newest = forAwsCli(found);
  if (newest === undefined || ports.awsCli === undefined) return found;
  const cache = await ports.awsCli.cache();
  if (newest.awsCli?.name !== name) await withdraw(ports, newest);
  const shared = { ...newest, awsCli: { name } };
  await put(ports, shared);
  try {
    await cache.write(name, tokenOf(shared));
  } catch (error) {
    await put(ports, withoutShare(shared));
    throw error;
  }
  return put(ports, await asLeft(shared, name));
}

/** Ends the sharing of a session: what lies there is removed if it is this session's. */
export async function stopSharing(ports: SharePorts, session: Session): Promise<Session> {
  const found = await syncFromCache(ports, session);
  const newest = forAwsCli(found);
  if (newest === undefined) return found;
  await withdraw(ports, newest);
  return put(ports, withoutShare(newest));
}

/** A session that is about to be signed out of, with its newest tokens, and gone from the cache where that let it. */
export async function removeFromCache(
  ports: SharePorts,
  session: Session,
): Promise<{ readonly session: Session; readonly left?: string }> {
  const newest = await syncFromCache(ports, session);
  const shared = forAwsCli(newest);
  if (shared?.awsCli === undefined || (await withdraw(ports, shared))) return { session: newest };
  return { session: newest, left: shared.awsCli.name };
}

/** Removes a session from the cache, if what lies there is this session's. False when it could not be removed. */
async function withdraw(ports: SharePorts, session: IdentityCenterSession): Promise<boolean> {
  const { awsCli: place } = session;
  const cache = await ports.awsCli?.cache();
  if (place === undefined || cache === undefined) return true;
  try {
    const { state } = await lookAt(ports, cache, { name: place.name, session });
    if (['asLeft', 'theirs', 'notPrivate'].includes(state)) await cache.remove(place.name);
    return true;
  } catch (error) {
    sayTrouble(ports, session, 'remove', error);
    return false;
  }
}

/** What is left in the cache, under which name, in place of what. */
interface LeftSession {
  readonly session: IdentityCenterSession;
  readonly name: string;
  readonly before: IdentityCenterSession | undefined;
}

/**
 * Leaves a session in the cache where that was agreed to. What was removed or replaced there since is not written again
 * before a person has said so: the record keeps that, and `asked` that the question was put.
 */
async function leave(
  ports: SharePorts,
  cache: AwsCliCache,
  { session, name, before }: LeftSession,
): Promise<IdentityCenterSession> {
  const { log } = ports;
  const had = before?.awsCli?.name === name ? before.awsCli : undefined;
  let look: Look | undefined;
  try {
    look = await lookAt(ports, cache, { name, session, before });
  } catch (error) {
    sayTrouble(ports, session, 'read', error);
    const kept = before === undefined || had === undefined ? { name } : (await asLeft(before, name)).awsCli;
    return put(ports, { ...session, awsCli: had?.paused === undefined ? kept : had });
  }
  const paused = pauseOf(look, had);
  if (paused !== undefined) {
    if (had?.paused === undefined)
      log.warn('Sharing with the AWS CLI is paused', { session: session.id, name, why: paused });
    return put(ports, { ...session, awsCli: { name, ...had, paused } });
  }
  // The record first, with what lies there now: a window that dies between the two does not look like a CLI that has refreshed.
  const left = 'left' in look ? { left: look.left } : {};
  const stored = await put(ports, { ...session, awsCli: { name, ...left } });
  try {
    await cache.write(name, tokenOf(session));
  } catch (error) {
    sayTrouble(ports, session, 'write', error);
    return stored;
  }
  // From now on a file that is not there was removed.
  return had?.left === undefined ? put(ports, await asLeft(stored, name)) : stored;
}

function pauseOf({ state }: Look, had: AwsCliShare | undefined): AwsCliPause | undefined {
  switch (state) {
    case 'asLeft':
    case 'theirs':
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

async function asLeft(
  session: IdentityCenterSession,
  name: string,
): Promise<IdentityCenterSession & { readonly awsCli: AwsCliShare }> {
  return { ...session, awsCli: { name, left: await fingerprintOf(session.tokenSet.accessToken) } };
}

async function adopt(
  ports: SharePorts,
  cache: AwsCliCache,
  session: IdentityCenterSession,
  { token, left }: Extract<Look, { state: 'theirs' }>,
): Promise<IdentityCenterSession> {
  const { clock, log } = ports;
  const { refreshToken = session.tokenSet.refreshToken, accessToken } = token;
  const expiresAt = Math.min(token.expiresAt, clock.now() + longestLifetimeSeconds * 1000);
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
    awsCli: { name, left },
  };
  await put(ports, adopted);
  log.info('Refreshed by the AWS CLI or an SDK', {
    session: session.id,
    expiresAt: new Date(expiresAt).toISOString(),
  });
  // The SDK drops a refresh token that the server did not replace, and could not refresh any more.
  if (token.refreshToken === undefined && refreshToken !== undefined) {
    await cache.write(name, tokenOf(adopted)).catch((error: unknown) => {
      sayTrouble(ports, session, 'write', error);
    });
  }
  return adopted;
}

/** What is looked at, seen from which session. */
interface LookedAt {
  readonly name: string;
  readonly session: IdentityCenterSession;
  readonly before?: IdentityCenterSession | undefined;
}

async function lookAt(
  { clock }: SharePorts,
  cache: AwsCliCache,
  { name, session, before = session }: LookedAt,
): Promise<Look> {
  let found = await cache.read(name);
  const toTheEnd = new AbortController().signal;
  for (const pause of whileTheyWrite) {
    if (found !== 'unreadable') break;
    await clock.sleep(pause, toTheEnd);
    found = await cache.read(name);
  }
  if (found === undefined) return { state: 'gone' };
  if (found === 'unreadable') return { state: 'free' };
  const isOurs =
    isAtPlaceOf(found, session) &&
    Number.isFinite(found.expiresAt) &&
    [session, before].some(({ registration }) => registration.clientId === found.clientId);
  if (!isOurs) return isDead(found, clock.now()) ? { state: 'free' } : { state: 'foreign' };
  const left = await fingerprintOf(found.accessToken);
  const known = [before.awsCli?.left, await fingerprintOf(before.tokenSet.accessToken)];
  if (known.includes(left)) return { state: 'asLeft', left };
  return found.othersCanWrite === true ? { state: 'notPrivate' } : { state: 'theirs', left, token: found };
}

/**
 * The CLI writes the start URL and the region as they stand in the section: any spelling of the connection's, or the
 * company's own address, of which only a request would tell where it leads. The client ID says whose the file is.
 */
function isAtPlaceOf(
  found: AwsCliTokenAsFound,
  { connection }: Pick<IdentityCenterSession, 'connection'>,
): boolean {
  try {
    const { url, partition, region = found.region.trim().toLowerCase() } = parseStartUrl(found.startUrl);
    return region === connection.region && (partition === undefined || url === connection.startUrl);
  } catch {
    return false;
  }
}

/** It can neither be used any more nor refreshed. */
function isDead(
  { expiresAt, refreshToken, registrationExpiresAt }: AwsCliTokenAsFound,
  now: number,
): boolean {
  return expiresAt <= now && (refreshToken === undefined || registrationExpiresAt <= now);
}

function tokenOf({ connection, tokenSet, registration }: IdentityCenterSession) {
  const { startUrl, region } = connection;
  const { accessToken, expiresAt, refreshToken } = tokenSet;
  const { clientId, clientSecret, expiresAt: registrationExpiresAt } = registration;
  return {
    ...{ startUrl, region, accessToken, expiresAt, clientId, clientSecret, registrationExpiresAt },
    ...defined({ refreshToken }),
  };
}

async function put<T extends Session>(ports: SharePorts, session: T): Promise<T> {
  await ports.store.put(session);
  return session;
}

function withoutShare(session: IdentityCenterSession): IdentityCenterSession {
  const { awsCli: _none, ...rest } = session;
  return rest;
}

function sayTrouble(
  { log }: SharePorts,
  { id }: IdentityCenterSession,
  what: 'read' | 'write' | 'remove',
  error: unknown,
): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  log.warn(`The AWS CLI token cache could not be used`, { session: id, what, code });
}
