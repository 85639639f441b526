import { describe, expect, test } from 'vitest';
import {
  findNewerToken,
  syncFromCache,
  storeInCache,
  share,
  stopSharing,
  removeFromCache,
} from '../../../src/features/cliSharing.ts';
import type { IdentityCenterSession, Session } from '../../../src/core/session/session.ts';
import type { AwsCliTokenAsFound } from '../../../src/features/awsCli.ts';
import { day, hour, identityCenterSession, january, oktaSession } from '../fakes/examples.ts';
import { fakeAwsCli } from '../fakes/fakeAwsCli.ts';
import { fakeLog } from '../fakes/fakeLog.ts';

const name = 'my-company';
const disk = Object.assign(new Error('full'), { code: 'ENOSPC' });

/** A clock whose sleeps end at once, and which reports them to the test. */
function swiftClock() {
  let time = january;
  const clock = {
    now: () => time,
    onSleep: undefined as ((now: number) => void) | undefined,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
      clock.onSleep?.(time);
    },
  };
  return clock;
}

function world() {
  const clock = swiftClock();
  const awsCli = fakeAwsCli(() => clock.now());
  const log = fakeLog();
  const stored: Session[] = [];
  const store = {
    get: async () => {
      const session = stored.at(-1);
      return session === undefined ? undefined : { session, newest: true };
    },
    put: async (session: Session) => void stored.push(session),
  };
  return { clock, awsCli, log, store, stored, last: () => stored.at(-1) };
}

/** A shared session, and refreshes of it by an SDK or by us. */
async function sharedWorld() {
  const all = world();
  all.awsCli.choice = { name };
  const session = ofIdentityCenter(await share(all, identityCenterSession, name));
  return { ...all, session };
}

function ofIdentityCenter(session: Session): IdentityCenterSession {
  if (session.type !== 'identityCenter') throw new Error('Another session');
  return session;
}

function refreshed(session: IdentityCenterSession, n: number): IdentityCenterSession {
  const { tokenSet } = session;
  return {
    ...session,
    tokenSet: {
      ...tokenSet,
      accessToken: `access-${n}`,
      refreshToken: `refresh-${n}`,
      expiresAt: tokenSet.expiresAt + hour,
    },
  };
}

const bySdk = { accessToken: 'access-sdk', refreshToken: 'refresh-sdk', expiresAt: january + 2 * hour };

describe('share: starting and ending', () => {
  test('writes the session to the cache, and records that in the session', async () => {
    const { awsCli, session, last } = await sharedWorld();
    const { connection, registration, tokenSet } = identityCenterSession;
    expect(awsCli.files.get(name)).toEqual({
      startUrl: connection.startUrl,
      region: connection.region,
      accessToken: tokenSet.accessToken,
      expiresAt: tokenSet.expiresAt,
      clientId: registration.clientId,
      clientSecret: registration.clientSecret,
      registrationExpiresAt: registration.expiresAt,
      refreshToken: tokenSet.refreshToken,
      writtenAt: january,
    });
    expect(last()).toEqual(session);
    expect(session.awsCli).toEqual({ name, left: expect.stringMatching(/^[\da-f]{16}$/) as string });
  });

  test("replaces a sign-in by the CLI itself, with the user's consent", async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { clientId: 'the-cli' });
    await share(all, identityCenterSession, name);
    expect(all.awsCli.files.get(name)).toMatchObject({ clientId: 'client-1' });
  });

  test('under another name removes the file of the first name', async () => {
    const all = await sharedWorld();
    await share(all, all.session, 'another');
    expect([...all.awsCli.files.keys()]).toEqual(['another']);
  });

  test('does not start if the cache cannot be written', async () => {
    const all = world();
    all.awsCli.fails = { write: disk };
    await expect(share(all, identityCenterSession, name)).rejects.toBe(disk);
    expect(all.last()).toEqual(identityCenterSession);
  });

  test('ends by removing the file and keeping the session, with the newest tokens', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, bySdk);
    const kept = await stopSharing(all, all.session);
    expect(all.awsCli.files.size).toBe(0);
    expect(ofIdentityCenter(kept).awsCli).toBeUndefined();
    expect(kept.tokenSet).toMatchObject(bySdk);
    expect(all.last()).toEqual(kept);
  });
});

describe('storeInCache: our own refresh', () => {
  test('is written to the cache after the record', async () => {
    const all = await sharedWorld();
    const order: string[] = [];
    const store = {
      ...all.store,
      put: async () => void order.push(`put, then ${all.awsCli.changes.length} writes`),
    };
    const next = await storeInCache({ ...all, store }, refreshed(all.session, 2), all.session);
    expect(order).toEqual(['put, then 1 writes']);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    expect(await syncFromCache(all, next)).toBe(next);
  });

  test('of a window that crashed before writing the cache is not mistaken for the CLI’s', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { write: disk };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    all.awsCli.fails = {};
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-1' });
    expect(await syncFromCache(all, next)).toBe(next);
    await storeInCache(all, refreshed(next, 3), next);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
  });

  test('that cannot be written to the cache keeps the session, and is logged without a token', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { write: disk, read: disk };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.tokenSet.accessToken).toBe('access-2');
    expect(all.last()).toEqual(next);
    expect(all.log.lines.join('\n')).toMatch(/^warn The AWS CLI token cache.*ENOSPC/m);
    expect(all.log.lines.join('\n')).not.toMatch(/access-|refresh-|secret/);
  });

  test('does not replace a sign-in by the CLI itself', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { clientId: 'the-cli', accessToken: 'the-cli-access' });
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'the-cli-access' });
    expect(all.last()).toMatchObject({ awsCli: { name, paused: 'replaced' } });
    expect(all.log.lines.join('\n')).toMatch(/warn Sharing with the AWS CLI is paused.*replaced/);
  });

  test("does not replace another tool's entry with fewer members", async () => {
    const all = await sharedWorld();
    const less = { startUrl: '', region: '', clientId: '', clientSecret: '', accessToken: 'its-own' };
    all.awsCli.refreshedBySdk(name, { ...less, expiresAt: Infinity, registrationExpiresAt: Infinity });
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'its-own' });
  });

  test.each([
    ['over, and cannot be refreshed', { registrationExpiresAt: january - day }, []],
    ['over, without a refresh token', {}, ['refreshToken']],
  ] as const)('replaces one that is %s', async (_, change, without) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { clientId: 'the-cli', expiresAt: january - hour, ...change }, without);
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });

  test('removes the file after the user withdrew consent', async () => {
    const all = await sharedWorld();
    all.awsCli.choice = { name: undefined };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(all.awsCli.files.size).toBe(0);
    expect(next.awsCli).toBeUndefined();
  });

  test('continues while the settings do not contain the connection', async () => {
    const all = await sharedWorld();
    all.awsCli.choice = undefined;
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });
});

describe('syncFromCache: a refresh by the CLI or an SDK', () => {
  test('is adopted, with its refresh token', async () => {
    const all = await sharedWorld();
    await all.clock.sleep(hour / 2);
    all.awsCli.refreshedBySdk(name, bySdk);
    const newest = await syncFromCache(all, all.session);
    expect(newest.tokenSet).toEqual({
      ...all.session.tokenSet,
      ...bySdk,
      obtainedAt: january + hour / 2,
    });
    expect(newest.refreshedAt).toBe(january + hour / 2);
    expect(all.last()).toEqual(newest);
    expect(await syncFromCache(all, newest)).toBe(newest);
  });

  test('is detected by the token, not by the clock, which may have been set back', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, expiresAt: january - hour });
    expect((await syncFromCache(all, all.session)).tokenSet.refreshToken).toBe('refresh-sdk');
  });

  test('without a refresh token keeps ours, and restores it in the cache', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { accessToken: 'access-sdk' }, ['refreshToken']);
    const newest = await syncFromCache(all, all.session);
    expect(newest.tokenSet).toMatchObject({ accessToken: 'access-sdk', refreshToken: 'refresh-1' });
    expect(all.awsCli.files.get(name)).toMatchObject({
      accessToken: 'access-sdk',
      refreshToken: 'refresh-1',
    });
  });

  test('that is being written is read when complete', async () => {
    const all = await sharedWorld();
    const whole = { ...(all.awsCli.files.get(name) as object), ...bySdk };
    all.awsCli.files.set(name, 'unreadable');
    let readings = 0;
    all.awsCli.beforeRead = () => {
      if (++readings === 3) all.awsCli.files.set(name, whole as never);
    };
    expect((await syncFromCache(all, all.session)).tokenSet.accessToken).toBe('access-sdk');
  });

  test('at the same time as ours, which the server rejected: waits for theirs', async () => {
    const all = await sharedWorld();
    all.clock.onSleep = (now) => {
      if (now > january + 300) all.awsCli.refreshedBySdk(name, bySdk);
    };
    expect((await findNewerToken(all, all.session))?.tokenSet).toMatchObject(bySdk);
  });

  test('that never arrives causes only a short wait', async () => {
    const all = await sharedWorld();
    expect(await findNewerToken(all, all.session)).toBeUndefined();
    expect(all.clock.now() - january).toBeLessThanOrEqual(2000);
  });

  test('does not include a sign-in by the CLI itself', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, clientId: 'the-cli' });
    expect(await syncFromCache(all, all.session)).toBe(all.session);
  });
});

describe('storeInCache: a new sign-in', () => {
  const signedInAgain = {
    ...refreshed(identityCenterSession, 9),
    registration: { ...identityCenterSession.registration, clientId: 'client-2' },
  };

  test('replaces the previous session, whatever the CLI did with it', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, bySdk);
    const next = await storeInCache(all, signedInAgain, all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-9', clientId: 'client-2' });
    expect(await syncFromCache(all, next)).toBe(next);
  });

  test('is shared if the settings say so, without a previous session', async () => {
    const all = world();
    all.awsCli.choice = { name };
    await storeInCache(all, identityCenterSession, undefined);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-1' });
    expect(all.last()).toMatchObject({ awsCli: { name } });
  });

  test.each([
    ['that is not wanted there', { name: undefined }],
    ['of a connection that is not configured', undefined],
  ])('%s is not', async (_, choice) => {
    const all = world();
    all.awsCli.choice = choice;
    await storeInCache(all, identityCenterSession, undefined);
    expect(all.awsCli.files.size).toBe(0);
    expect(all.last()).toEqual(identityCenterSession);
  });

  test('of Okta is never shared', async () => {
    const all = world();
    all.awsCli.choice = { name };
    await storeInCache(all, oktaSession, undefined);
    await share(all, oktaSession, name);
    expect(all.awsCli.changes).toEqual([]);
    expect(all.last()).toEqual(oktaSession);
  });

  test('is stored without a CLI', async () => {
    const { awsCli: _, ...all } = world();
    await storeInCache(all, identityCenterSession, undefined);
    expect(all.last()).toEqual(identityCenterSession);
  });
});

describe('removeFromCache: on sign-out', () => {
  test('removes our file, refreshed by the CLI or not, and ends its newest tokens at the server', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, bySdk);
    const { session, unremovedEntry } = await removeFromCache(all, all.session);
    expect(all.awsCli.changes.at(-1)).toBe(`remove ${name}`);
    expect(session.tokenSet).toMatchObject(bySdk);
    expect(unremovedEntry).toBeUndefined();
  });

  test.each([
    ['of another client', { clientId: 'the-cli' }],
    ['of another start URL', { startUrl: 'https://d-0000000000.awsapps.com/start' }],
    ['of another region', { region: 'us-east-1' }],
  ])('keeps a sign-in %s', async (_, change) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, change);
    expect(await removeFromCache(all, all.session)).toEqual({ session: all.session });
    expect(all.awsCli.files.size).toBe(1);
  });

  test('reports a file that cannot be removed', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { remove: disk };
    expect(await removeFromCache(all, all.session)).toEqual({ session: all.session, unremovedEntry: name });
  });
});

describe('syncFromCache: F3: the section spells the start URL differently', () => {
  const { startUrl } = identityCenterSession.connection;
  const spellings = [
    `${startUrl}#/`,
    `${startUrl}/`,
    `${startUrl}/#/`,
    `${startUrl}#`,
    startUrl.toUpperCase().replace('/START', '/start'),
    'https://sso.corp.example',
    'https://sso.corp.example/aws/',
  ];

  test.each(spellings)("%s: adopts the CLI's refresh, and a sign-out leaves nothing", async (url) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, startUrl: url });
    const newest = ofIdentityCenter(await syncFromCache(all, all.session));
    expect(newest.tokenSet).toMatchObject({ accessToken: 'access-sdk', refreshToken: 'refresh-sdk' });
    const next = ofIdentityCenter(await storeInCache(all, refreshed(newest, 3), newest));
    expect(next.awsCli?.paused).toBeUndefined();
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
    all.awsCli.refreshedBySdk(name, { ...bySdk, startUrl: url, accessToken: 'access-sdk-2' });
    const { session, unremovedEntry } = await removeFromCache(all, next);
    expect([session.tokenSet.accessToken, unremovedEntry, all.awsCli.files.size]).toEqual([
      'access-sdk-2',
      undefined,
      0,
    ]);
  });

  test('a Region in different letter case is the same', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, region: ' EU-Central-1' });
    expect((await syncFromCache(all, all.session)).tokenSet.accessToken).toBe('access-sdk');
  });

  test.each([
    ['another portal', { startUrl: 'https://other.awsapps.com/start' }],
    ['another region', { region: 'us-east-1' }],
    ['what is not an address', { startUrl: 'start' }],
    ['another client', { clientId: 'the-cli', startUrl: `${startUrl}#/` }],
  ])('%s is another sign-in, and pauses sharing with a log entry', async (_, change) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, ...change });
    expect(await syncFromCache(all, all.session)).toBe(all.session);
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.awsCli).toMatchObject({ name, paused: 'replaced' });
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-sdk' });
  });
});

describe('storeInCache: a removed file, as after aws sso logout', () => {
  /** A session whose file was removed, after its next refresh. */
  async function removedWorld() {
    const all = await sharedWorld();
    all.awsCli.files.delete(name);
    return {
      ...all,
      paused: ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session)),
    };
  }

  test("is not written again without the user's consent", async () => {
    const all = await removedWorld();
    expect(all.paused.awsCli).toMatchObject({ name, paused: 'removed' });
    const later = ofIdentityCenter(await storeInCache(all, refreshed(all.paused, 3), all.paused));
    await storeInCache(all, refreshed(later, 4), later);
    expect(all.last()).toMatchObject({
      awsCli: { name, paused: 'removed' },
      tokenSet: { accessToken: 'access-4' },
    });
    expect(all.awsCli.files.size).toBe(0);
  });

  test('remains known as removed across refreshes after asking the user', async () => {
    const all = await removedWorld();
    const asked = { ...all.paused, awsCli: { name, paused: 'removed', asked: true } } as const;
    const later = ofIdentityCenter(await storeInCache(all, refreshed(asked, 3), asked));
    expect(later.awsCli).toEqual({ name, paused: 'removed', asked: true });
  });

  test('is written again when the user shares again', async () => {
    const all = await removedWorld();
    const again = ofIdentityCenter(await share(all, all.paused, name));
    expect(again.awsCli?.paused).toBeUndefined();
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
    const later = ofIdentityCenter(await storeInCache(all, refreshed(again, 3), again));
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
    expect(later.awsCli?.paused).toBeUndefined();
  });

  test('is forgotten when the user stops sharing', async () => {
    const all = await removedWorld();
    expect(ofIdentityCenter(await stopSharing(all, all.paused)).awsCli).toBeUndefined();
  });

  test('is also detected after a sign-in that was shared without a previous session', async () => {
    const all = world();
    all.awsCli.choice = { name };
    const first = ofIdentityCenter(await storeInCache(all, identityCenterSession, undefined));
    all.awsCli.files.delete(name);
    await storeInCache(all, refreshed(first, 2), first);
    expect(all.last()).toMatchObject({ awsCli: { paused: 'removed' } });
    expect(all.awsCli.files.size).toBe(0);
  });

  test('is not mistaken for one that could not be written', async () => {
    const all = world();
    all.awsCli.choice = { name };
    all.awsCli.fails = { write: disk };
    const first = ofIdentityCenter(await storeInCache(all, identityCenterSession, undefined));
    all.awsCli.fails = {};
    await storeInCache(all, refreshed(first, 2), first);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });

  test('is not assumed if the disk is temporarily unreadable', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { read: disk };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    all.awsCli.fails = {};
    expect(await syncFromCache(all, next)).toBe(next);
    await storeInCache(all, refreshed(next, 3), next);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
  });
});

describe('syncFromCache: 05.10: a file that other users of the machine can write to', () => {
  test('is not trusted, pauses sharing, and is removed on sign-out', async () => {
    const all = await sharedWorld();
    all.awsCli.files.set(name, { ...tokenIn(all), ...bySdk, othersCanWrite: true });
    expect(await syncFromCache(all, all.session)).toBe(all.session);
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.awsCli).toMatchObject({ paused: 'notPrivate' });
    const { session } = await removeFromCache(all, next);
    expect([session.tokenSet.accessToken, all.awsCli.files.size]).toEqual(['access-2', 0]);
  });

  test('with our own content is written again', async () => {
    const all = await sharedWorld();
    all.awsCli.files.set(name, { ...tokenIn(all), othersCanWrite: true });
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.awsCli?.paused).toBeUndefined();
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });

  test('limits a time in the far future to a year', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, expiresAt: january + 9000 * day });
    const { tokenSet } = await syncFromCache(all, all.session);
    expect(tokenSet.expiresAt).toBe(all.clock.now() + 366 * day);
  });

  function tokenIn({ awsCli }: Awaited<ReturnType<typeof sharedWorld>>): AwsCliTokenAsFound {
    const found = awsCli.files.get(name);
    if (found === undefined || found === 'unreadable') throw new Error('There is nothing');
    return found;
  }
});
