import { defined } from '../core/defined.ts';
import { fingerprintOf } from '../core/oauth/tokenSet.ts';
import type { Clock } from '../core/ports.ts';
import type { IdentityCenterSession } from '../core/session/session.ts';
import { parseStartUrl } from '../input/startUrl.ts';
import type { AwsCliCache, AwsCliTokenAsFound } from './awsCli.ts';

/** Delays before rereading an unreadable file, in milliseconds: the CLI and SDKs do not write atomically. */
const rereadDelays = [20, 50, 100, 200];

/** The cache entry for a session, relative to that session. */
export type CacheEntryState =
  /** Missing. */
  | { readonly state: 'gone' }
  /** Unusable. */
  | { readonly state: 'free' }
  /** As this session wrote it. */
  | { readonly state: 'unchanged'; readonly fingerprint: string }
  /** Refreshed by the CLI or an SDK. */
  | { readonly state: 'refreshed'; readonly fingerprint: string; readonly token: AwsCliTokenAsFound }
  /** Like `refreshed`, but other users of this machine can write to it, so it is not trusted. */
  | { readonly state: 'notPrivate' }
  /** A different sign-in, such as the CLI's own. */
  | { readonly state: 'foreign' };

/** The entry to look up, and the session to compare it with. */
interface CacheQuery {
  readonly name: string;
  readonly session: IdentityCenterSession;
  readonly before?: IdentityCenterSession | undefined;
}

/** Looks up the entry of a session in the cache. Rejects with the system's error if it cannot be read. */
export async function readCacheEntry(
  clock: Clock,
  cache: AwsCliCache,
  { name, session, before = session }: CacheQuery,
): Promise<CacheEntryState> {
  let found = await cache.read(name);
  const toTheEnd = new AbortController().signal;
  for (const pause of rereadDelays) {
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
  const fingerprint = await fingerprintOf(found.accessToken);
  const known = [before.awsCli?.left, await fingerprintOf(before.tokenSet.accessToken)];
  if (known.includes(fingerprint)) return { state: 'unchanged', fingerprint };
  return found.othersCanWrite === true
    ? { state: 'notPrivate' }
    : { state: 'refreshed', fingerprint, token: found };
}

/**
 * Whether an entry has this session's start URL and region, in any spelling. Accepts a custom start URL, which only
 * a request could resolve; the caller compares the client ID.
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

/** Whether a cached token has expired and cannot be refreshed. */
function isDead(
  { expiresAt, refreshToken, registrationExpiresAt }: AwsCliTokenAsFound,
  now: number,
): boolean {
  return expiresAt <= now && (refreshToken === undefined || registrationExpiresAt <= now);
}

/** A session as its entry in the cache. */
export function entryOf({ connection, tokenSet, registration }: IdentityCenterSession) {
  const { startUrl, region } = connection;
  const { accessToken, expiresAt, refreshToken } = tokenSet;
  const { clientId, clientSecret, expiresAt: registrationExpiresAt } = registration;
  return {
    ...{ startUrl, region, accessToken, expiresAt, clientId, clientSecret, registrationExpiresAt },
    ...defined({ refreshToken }),
  };
}
