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

/** A clock at which every sleep takes its time at once, and tells the test of it. */
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

/** A session that is shared, and what an SDK or a refresh of our own makes of it. */
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

describe('share: sharing', () => {
  test('leaves the session there, and says so in its record', async () => {
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

  test('takes the place of a sign-in of the CLI’s own: the person was told', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { clientId: 'the-cli' });
    await share(all, identityCenterSession, name);
    expect(all.awsCli.files.get(name)).toMatchObject({ clientId: 'client-1' });
  });

  test('under another name removes what lay under the first', async () => {
    const all = await sharedWorld();
    await share(all, all.session, 'another');
    expect([...all.awsCli.files.keys()]).toEqual(['another']);
  });

  test('that cannot be written is not begun', async () => {
    const all = world();
    all.awsCli.fails = { write: disk };
    await expect(share(all, identityCenterSession, name)).rejects.toBe(disk);
    expect(all.last()).toEqual(identityCenterSession);
  });

  test('ends with the file gone and the session kept, with the newest tokens', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, bySdk);
    const kept = await stopSharing(all, all.session);
    expect(all.awsCli.files.size).toBe(0);
    expect(ofIdentityCenter(kept).awsCli).toBeUndefined();
    expect(kept.tokenSet).toMatchObject(bySdk);
    expect(all.last()).toEqual(kept);
  });
});

describe('storeInCache: a refresh of our own', () => {
  test('is left there, after the record', async () => {
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

  test('of which the window died before it was left there is not mistaken for the CLI’s', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { write: disk };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    all.awsCli.fails = {};
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-1' });
    expect(await syncFromCache(all, next)).toBe(next);
    await storeInCache(all, refreshed(next, 3), next);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
  });

  test('that cannot be left there costs no session, and is said in the log without a token', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { write: disk, read: disk };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.tokenSet.accessToken).toBe('access-2');
    expect(all.last()).toEqual(next);
    expect(all.log.lines.join('\n')).toMatch(/^warn The AWS CLI token cache.*ENOSPC/m);
    expect(all.log.lines.join('\n')).not.toMatch(/access-|refresh-|secret/);
  });

  test('leaves a sign-in of the CLI’s own alone', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { clientId: 'the-cli', accessToken: 'the-cli-access' });
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'the-cli-access' });
    expect(all.last()).toMatchObject({ awsCli: { name, paused: 'replaced' } });
    expect(all.log.lines.join('\n')).toMatch(/warn Sharing with the AWS CLI is paused.*replaced/);
  });

  test('leaves alone what another tool keeps there, with less in it', async () => {
    const all = await sharedWorld();
    const less = { startUrl: '', region: '', clientId: '', clientSecret: '', accessToken: 'its-own' };
    all.awsCli.refreshedBySdk(name, { ...less, expiresAt: Infinity, registrationExpiresAt: Infinity });
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'its-own' });
  });

  test.each([
    ['over, and cannot be refreshed', { registrationExpiresAt: january - day }, []],
    ['over, without a refresh token', {}, ['refreshToken']],
  ] as const)('takes the place of one that is %s', async (_, change, without) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { clientId: 'the-cli', expiresAt: january - hour, ...change }, without);
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });

  test('after the person took the yes back removes what lies there', async () => {
    const all = await sharedWorld();
    all.awsCli.choice = { name: undefined };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(all.awsCli.files.size).toBe(0);
    expect(next.awsCli).toBeUndefined();
  });

  test('goes on being shared while the settings do not know the connection', async () => {
    const all = await sharedWorld();
    all.awsCli.choice = undefined;
    await storeInCache(all, refreshed(all.session, 2), all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });
});

describe('syncFromCache: a refresh by the CLI or an SDK', () => {
  test('goes on here, with its refresh token', async () => {
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

  test('is told by what was left there and not by the clock, which may have been set back', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, expiresAt: january - hour });
    expect((await syncFromCache(all, all.session)).tokenSet.refreshToken).toBe('refresh-sdk');
  });

  test('without a refresh token keeps ours, and gives it back to them', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { accessToken: 'access-sdk' }, ['refreshToken']);
    const newest = await syncFromCache(all, all.session);
    expect(newest.tokenSet).toMatchObject({ accessToken: 'access-sdk', refreshToken: 'refresh-1' });
    expect(all.awsCli.files.get(name)).toMatchObject({
      accessToken: 'access-sdk',
      refreshToken: 'refresh-1',
    });
  });

  test('that is being written is read when it is whole', async () => {
    const all = await sharedWorld();
    const whole = { ...(all.awsCli.files.get(name) as object), ...bySdk };
    all.awsCli.files.set(name, 'unreadable');
    let readings = 0;
    all.awsCli.beforeRead = () => {
      if (++readings === 3) all.awsCli.files.set(name, whole as never);
    };
    expect((await syncFromCache(all, all.session)).tokenSet.accessToken).toBe('access-sdk');
  });

  test('at the same moment, for which the server refused ours: theirs is waited for', async () => {
    const all = await sharedWorld();
    all.clock.onSleep = (now) => {
      if (now > january + 300) all.awsCli.refreshedBySdk(name, bySdk);
    };
    expect((await findNewerToken(all, all.session))?.tokenSet).toMatchObject(bySdk);
  });

  test('that never comes is not waited for for long', async () => {
    const all = await sharedWorld();
    expect(await findNewerToken(all, all.session)).toBeUndefined();
    expect(all.clock.now() - january).toBeLessThanOrEqual(2000);
  });

  test('a sign-in of the CLI’s own is not taken for one', async () => {
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

  test('takes the place of the session before it, whatever the CLI made of that', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, bySdk);
    const next = await storeInCache(all, signedInAgain, all.session);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-9', clientId: 'client-2' });
    expect(await syncFromCache(all, next)).toBe(next);
  });

  test('is shared where the settings say so, without an earlier session', async () => {
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

  test('of Okta never is', async () => {
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

describe('removeFromCache: at sign-out', () => {
  test('what is ours is removed, refreshed by the CLI or not, and its newest tokens end at the server', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, bySdk);
    const { session, left } = await removeFromCache(all, all.session);
    expect(all.awsCli.changes.at(-1)).toBe(`remove ${name}`);
    expect(session.tokenSet).toMatchObject(bySdk);
    expect(left).toBeUndefined();
  });

  test.each([
    ['of another client', { clientId: 'the-cli' }],
    ['of another start URL', { startUrl: 'https://d-0000000000.awsapps.com/start' }],
    ['of another region', { region: 'us-east-1' }],
  ])('a sign-in %s stays', async (_, change) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, change);
    expect(await removeFromCache(all, all.session)).toEqual({ session: all.session });
    expect(all.awsCli.files.size).toBe(1);
  });

  test('a file that cannot be removed is told', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { remove: disk };
    expect(await removeFromCache(all, all.session)).toEqual({ session: all.session, left: name });
  });
});

describe('syncFromCache: F3: the section spells the start URL in its own way', () => {
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

  test.each(spellings)(
    '%s: what the CLI refreshed goes on here, and a sign-out leaves nothing',
    async (url) => {
      const all = await sharedWorld();
      all.awsCli.refreshedBySdk(name, { ...bySdk, startUrl: url });
      const newest = ofIdentityCenter(await syncFromCache(all, all.session));
      expect(newest.tokenSet).toMatchObject({ accessToken: 'access-sdk', refreshToken: 'refresh-sdk' });
      const next = ofIdentityCenter(await storeInCache(all, refreshed(newest, 3), newest));
      expect(next.awsCli?.paused).toBeUndefined();
      expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
      all.awsCli.refreshedBySdk(name, { ...bySdk, startUrl: url, accessToken: 'access-sdk-2' });
      const { session, left } = await removeFromCache(all, next);
      expect([session.tokenSet.accessToken, left, all.awsCli.files.size]).toEqual([
        'access-sdk-2',
        undefined,
        0,
      ]);
    },
  );

  test('a region in other letters is the same', async () => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, region: ' EU-Central-1' });
    expect((await syncFromCache(all, all.session)).tokenSet.accessToken).toBe('access-sdk');
  });

  test.each([
    ['another portal', { startUrl: 'https://other.awsapps.com/start' }],
    ['another region', { region: 'us-east-1' }],
    ['what is not an address', { startUrl: 'start' }],
    ['another client', { clientId: 'the-cli', startUrl: `${startUrl}#/` }],
  ])('%s is another sign-in, and pauses the sharing with a word', async (_, change) => {
    const all = await sharedWorld();
    all.awsCli.refreshedBySdk(name, { ...bySdk, ...change });
    expect(await syncFromCache(all, all.session)).toBe(all.session);
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.awsCli).toMatchObject({ name, paused: 'replaced' });
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-sdk' });
  });
});

describe('storeInCache: a file that was removed, as aws sso logout does', () => {
  /** A session of which the file was removed, after its next refresh. */
  async function removedWorld() {
    const all = await sharedWorld();
    all.awsCli.files.delete(name);
    return {
      ...all,
      paused: ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session)),
    };
  }

  test('is not written again before a person has said so', async () => {
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

  test('that a person was asked about stays so over refreshes', async () => {
    const all = await removedWorld();
    const asked = { ...all.paused, awsCli: { name, paused: 'removed', asked: true } } as const;
    const later = ofIdentityCenter(await storeInCache(all, refreshed(asked, 3), asked));
    expect(later.awsCli).toEqual({ name, paused: 'removed', asked: true });
  });

  test('is there again when the person shares again', async () => {
    const all = await removedWorld();
    const again = ofIdentityCenter(await share(all, all.paused, name));
    expect(again.awsCli?.paused).toBeUndefined();
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
    const later = ofIdentityCenter(await storeInCache(all, refreshed(again, 3), again));
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
    expect(later.awsCli?.paused).toBeUndefined();
  });

  test('is forgotten when the person stops sharing', async () => {
    const all = await removedWorld();
    expect(ofIdentityCenter(await stopSharing(all, all.paused)).awsCli).toBeUndefined();
  });

  test('after a sign-in that was shared without a session before it, too', async () => {
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

  test('is not removed by a disk that cannot be read for a moment', async () => {
    const all = await sharedWorld();
    all.awsCli.fails = { read: disk };
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    all.awsCli.fails = {};
    expect(await syncFromCache(all, next)).toBe(next);
    await storeInCache(all, refreshed(next, 3), next);
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-3' });
  });
});

describe('syncFromCache: 05.10: a file that other users of the machine can write', () => {
  test('is not believed, pauses the sharing, and is removed at the sign-out', async () => {
    const all = await sharedWorld();
    all.awsCli.files.set(name, { ...tokenIn(all), ...bySdk, othersCanWrite: true });
    expect(await syncFromCache(all, all.session)).toBe(all.session);
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.awsCli).toMatchObject({ paused: 'notPrivate' });
    const { session } = await removeFromCache(all, next);
    expect([session.tokenSet.accessToken, all.awsCli.files.size]).toEqual(['access-2', 0]);
  });

  test('with what was left there is written anew', async () => {
    const all = await sharedWorld();
    all.awsCli.files.set(name, { ...tokenIn(all), othersCanWrite: true });
    const next = ofIdentityCenter(await storeInCache(all, refreshed(all.session, 2), all.session));
    expect(next.awsCli?.paused).toBeUndefined();
    expect(all.awsCli.files.get(name)).toMatchObject({ accessToken: 'access-2' });
  });

  test('a time far away is a year at most', async () => {
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
