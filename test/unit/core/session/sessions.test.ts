import { describe, expect, test, vi } from 'vitest';
import { accountOf } from '../../../../src/core/session/account.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { hour, identityCenterConnection, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const enough = new SignInError('cancelled', { operation: 'test' });
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };

/** A session with an expired token, and a server whose refresh response the test sends later. */
async function refreshing() {
  const world = await sessionsWorld(identityCenterSession);
  const server = Promise.withResolvers<unknown>();
  world.oidc.willAnswer('createToken', () => server.promise);
  await world.clock.advance(hour);
  return { ...world, server };
}

describe('Sessions: a valid token', () => {
  test('is served without a request', async () => {
    const { sessions, oidc } = await sessionsWorld(identityCenterSession);
    expect(await sessions.withFreshToken(id, never)).toEqual(identityCenterSession);
    expect(oidc.asked).toEqual([]);
  });

  test('is served until a minute before expiry', async () => {
    const { sessions, clock, oidc } = await sessionsWorld(identityCenterSession);
    await clock.advance(hour - 60_000);
    expect(await sessions.withFreshToken(id, never)).toEqual(identityCenterSession);
    expect(oidc.asked).toEqual([]);
  });
});

describe('Sessions: an expired token', () => {
  test('is refreshed, and the new one is stored', async () => {
    const { sessions, store, server } = await refreshing();
    server.resolve(answer);
    const fresh = await sessions.withFreshToken(id, never);
    expect(fresh).toMatchObject({ id, tokenSet: { accessToken: 'access-2', refreshToken: 'refresh-2' } });
    expect(await store.get(id)).toEqual({ session: fresh, newest: true });
  });

  test('is refreshed once for all callers', async () => {
    const { sessions, oidc, server } = await refreshing();
    const asking = Array.from({ length: 20 }, () => sessions.withFreshToken(id, never));
    await settle();
    const later = sessions.refresh(id, never);
    server.resolve(answer);
    const tokens = (await Promise.all([...asking, later])).map(({ tokenSet }) => tokenSet.accessToken);
    expect(new Set(tokens)).toEqual(new Set(['access-2']));
    expect(oidc.asked).toHaveLength(1);
  });

  test('is refreshed again after a failed refresh', async () => {
    const { sessions, oidc, clock, server } = await refreshing();
    server.reject(new SignInError('serverError'));
    expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({ kind: 'serverError' });
    oidc.willAnswer('createToken', answer);
    await clock.advance(5000);
    expect(await sessions.withFreshToken(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
  });

  test('no longer shows a failed refresh once another window has refreshed it', async () => {
    const { sessions, store, clock, server } = await refreshing();
    server.reject(new SignInError('serverError'));
    await rejectionOf(sessions.withFreshToken(id, never));
    expect(sessions.lastFailure(id)).toMatchObject({ failures: 1 });
    await clock.advance(1000);
    const tokenSet = {
      accessToken: 'access-2',
      obtainedAt: clock.now(),
      expiresAt: clock.now() + hour,
      scopes: [],
    };
    await store.put({ ...identityCenterSession, tokenSet });
    await settle();
    expect(sessions.lastFailure(id)).toBeUndefined();
  });

  test('is refreshed concurrently with those of other sessions', async () => {
    const { sessions, store, oidc, server } = await refreshing();
    const other = { ...identityCenterSession, id: 'a'.repeat(32) };
    await store.put(other);
    oidc.willAnswer('createToken', { ...answer, accessToken: 'access-3' });
    const first = sessions.withFreshToken(id, never);
    await settle();
    expect(await sessions.withFreshToken(other.id, never)).toMatchObject({
      tokenSet: { accessToken: 'access-3' },
    });
    server.resolve(answer);
    expect(await first).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
  });

  test('of an unknown session requires a sign-in', async () => {
    const { sessions } = await sessionsWorld();
    expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({ kind: 'signInNeeded' });
    expect(await rejectionOf(sessions.refresh(id, never))).toMatchObject({ kind: 'signInNeeded' });
  });
});

test('of a session that the keyring lost is reported as such', async () => {
  const { sessions, records, oidc } = await sessionsWorld(identityCenterSession);
  const { about = '' } = records.map.get(id) ?? {};
  records.readings.set(id, { state: 'lost', about });
  expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({
    kind: 'credentialStoreLost',
  });
  expect(await rejectionOf(sessions.refresh(id, never))).toMatchObject({ kind: 'credentialStoreLost' });
  expect(oidc.asked).toEqual([]);
});

describe('Sessions: a requested refresh', () => {
  test('runs while the token is still valid', async () => {
    const { sessions, oidc } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', answer);
    expect(await sessions.refresh(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
  });

  test('runs after the clock was set back: a token from the future does not count as newer', async () => {
    const { clock } = await sessionsWorld();
    const obtainedAt = clock.now() + 2 * hour;
    const tokenSet = { ...identityCenterSession.tokenSet, obtainedAt, expiresAt: obtainedAt + hour };
    const { sessions, oidc } = await sessionsWorld({ ...identityCenterSession, tokenSet });
    oidc.willAnswer('createToken', answer);
    expect(await sessions.refresh(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
  });
});

describe('Sessions: a caller that cancels', () => {
  test('leaves the refresh to the others', async () => {
    const { sessions, server } = await refreshing();
    const asker = new AbortController();
    const first = sessions.withFreshToken(id, asker.signal);
    const second = sessions.withFreshToken(id, never);
    await settle();
    asker.abort(enough);
    expect(await rejectionOf(first)).toBe(enough);
    server.resolve(answer);
    expect(await second).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
  });

  test('and was the only one: the new token is stored anyway', async () => {
    const { sessions, store, server } = await refreshing();
    const asker = new AbortController();
    const only = sessions.withFreshToken(id, asker.signal);
    await settle();
    asker.abort(enough);
    expect(await rejectionOf(only)).toBe(enough);
    server.resolve(answer);
    await settle();
    expect((await store.get(id))?.session.tokenSet.accessToken).toBe('access-2');
  });

  test('in advance does not start a refresh', async () => {
    const { sessions, oidc, server } = await refreshing();
    server.resolve(answer);
    expect(await rejectionOf(sessions.withFreshToken(id, AbortSignal.abort(enough)))).toBe(enough);
    await settle();
    expect(oidc.asked).toEqual([]);
  });

  test('in advance gets a valid token, or its own reason', async () => {
    const { sessions } = await sessionsWorld(identityCenterSession);
    const outcome = await sessions
      .withFreshToken(id, AbortSignal.abort(enough))
      .catch((error: unknown) => error);
    expect([identityCenterSession, enough]).toContainEqual(outcome);
  });
});

describe('Sessions: a sign-in', () => {
  test('stores the session and returns its expiry', async () => {
    const { sessions, store, oidc, clock, log } = await sessionsWorld(oktaSession);
    oidc
      .willAnswer('registerClient', { clientId: 'client-1', clientSecret: 'client-secret-1' })
      .willAnswer('startDeviceAuthorization', {
        deviceCode: 'device-code-1',
        userCode: 'ABCD-EFGH',
        verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
      })
      .willAnswer('createToken', answer);
    const done = sessions.signIn(identityCenterConnection, {}, fakePerson(), never);
    await clock.advance(5000);
    const session = await done;
    expect(await store.get(session.id)).toEqual({ session, newest: true });
    expect((await sessions.list()).sessions).toHaveLength(2);
    expect(log.lines.join('\n')).toContain('2026-01-01T01:00:05.000Z');
    expect(log.lines.join('\n')).not.toMatch(/device-code-1|client-secret-1|access-2|refresh-2/);
  });

  test.each([
    ['the disk refuses it', new SignInError('storage', { code: 'ENOSPC' })],
    ['05.09: its holder keeps it', new SignInError('lockBusy', { holder: { pid: 4711, host: 'build-7' } })],
  ])("is stored without the lock if %s: a user's action is not lost", async (_, refusal) => {
    const { sessions, store, records, oidc, clock, log } = await sessionsWorld();
    const patience: (number | undefined)[] = [];
    records.withLock = (_id, _signal, _work, milliseconds) => {
      patience.push(milliseconds);
      return Promise.reject(refusal);
    };
    oidc
      .willAnswer('registerClient', { clientId: 'client-1', clientSecret: 'client-secret-1' })
      .willAnswer('startDeviceAuthorization', {
        deviceCode: 'device-code-1',
        userCode: 'ABCD-EFGH',
        verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
      })
      .willAnswer('createToken', answer);
    const done = sessions.signIn(identityCenterConnection, {}, fakePerson(), never);
    await clock.advance(5000);
    const session = await done;
    expect(await store.get(session.id)).toEqual({ session, newest: true });
    expect(patience).toEqual([30_000]);
    if (refusal.kind === 'lockBusy') expect(log.lines.join('\n')).toMatch(/busy.*4711.*build-7/);
  });

  test('that fails stores nothing', async () => {
    const { sessions, oidc } = await sessionsWorld();
    oidc.willAnswer('registerClient', new SignInError('network'));
    const done = sessions.signIn(identityCenterConnection, {}, fakePerson(), never);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'network' });
    expect(await sessions.list()).toEqual({ sessions: [], lost: [] });
  });
});

/** Sessions whose next sign-in shows a device code. */
async function showingCode() {
  const world = await sessionsWorld();
  world.oidc
    .willAnswer('registerClient', { clientId: 'client-1', clientSecret: 'client-secret-1' })
    .willAnswer('startDeviceAuthorization', {
      deviceCode: 'device-code-1',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
    });
  return world;
}

describe('Sessions: another window that signs in to the same connection', () => {
  test.each([
    ['without more scopes', []],
    ['with a pseudo-scope', [`startUrl:${identityCenterConnection.startUrl}`]],
  ])('ends the sign-in here, %s: the prompt closes', async (_, scopes) => {
    const { sessions, store, clock } = await showingCode();
    const person = fakePerson();
    const asker = new AbortController();
    const done = sessions.signIn(identityCenterConnection, { scopes }, person, asker.signal);
    done.catch(() => undefined);
    await settleUntil(() => person.open === 1);
    const elsewhere = { ...identityCenterSession, signedInAt: clock.now() };
    await store.put(elsewhere);
    await settle();
    expect(person.open).toBe(0);
    asker.abort();
    expect(await done).toEqual(elsewhere);
  });

  test.each(['Admin', 'Test sign-in'])(
    'as another account of the user, “%s”, does not end one without a name: its caller would get that account',
    async (accountName) => {
      const { sessions, store, clock } = await showingCode();
      const person = fakePerson();
      const asker = new AbortController();
      const done = rejectionOf(sessions.signIn(identityCenterConnection, {}, person, asker.signal));
      await settleUntil(() => person.open === 1);
      const account = accountOf(identityCenterConnection, identityCenterSession.tokenSet, [], accountName);
      const named = { ...identityCenterSession, id: 'a'.repeat(32), account, signedInAt: clock.now() };
      await store.put(named);
      await settle();
      expect(person.open).toBe(1);
      asker.abort(new SignInError('cancelled'));
      expect(await done).toMatchObject({ kind: 'cancelled' });
    },
  );
});

describe('Sessions: a background refresh', () => {
  /** A new token on every request. */
  const answers = Array.from({ length: 30 }, (_, at) => ({ ...answer, accessToken: `access-${at + 2}` }));

  test('keeps a regularly requested token fresh', async () => {
    const { sessions, store, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', ...answers);
    for (let minutes = 0; minutes < 58; minutes += 2) {
      await sessions.withFreshToken(id, never);
      await clock.advance(2 * 60_000);
    }
    await clock.advance(60_000 - 1);
    expect((await store.get(id))?.session.tokenSet.accessToken).toBe('access-2');
    expect(oidc.asked).toHaveLength(1);
    sessions[Symbol.dispose]();
  });

  test.each([
    ['once', 0],
    ['for half an hour', 30],
  ])('does not refresh a token that is no longer requested, after it was %s', async (_, minutes) => {
    const { sessions, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', ...answers);
    for (let asked = 0; asked <= minutes; asked += 2) {
      await sessions.withFreshToken(id, never);
      await clock.advance(2 * 60_000);
    }
    await clock.advance(12 * hour);
    expect(oidc.asked).toEqual([]);
    expect(clock.sleeping).toBe(0);
  });

  test('sleeps until the token is due, however often it is requested', async () => {
    const { sessions, clock } = await sessionsWorld(identityCenterSession);
    const sleep = vi.spyOn(clock, 'sleep');
    for (let minute = 0; minute < 40; minute++) {
      await sessions.withFreshToken(id, never);
      await clock.advance(60_000);
    }
    expect(sleep).toHaveBeenCalledOnce();
    expect(clock.sleeping).toBe(1);
    sessions[Symbol.dispose]();
  });

  test('has no timer after a night: the first request of the morning refreshes, and it continues from there', async () => {
    const { sessions, store, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', ...answers);
    await sessions.withFreshToken(id, never);
    await clock.advance(14 * hour);
    expect(oidc.asked).toEqual([]);
    await sessions.withFreshToken(id, never);
    expect(oidc.asked).toHaveLength(1);
    for (let minutes = 0; minutes < 58; minutes += 2) {
      await sessions.withFreshToken(id, never);
      await clock.advance(2 * 60_000);
    }
    await clock.advance(60_000 - 1);
    expect((await store.get(id))?.session.tokenSet.accessToken).toBe('access-3');
    sessions[Symbol.dispose]();
  });

  test('runs while the token is valid, and its failure does not affect callers', async () => {
    const { sessions, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', new SignInError('serverError'));
    await clock.advance(55 * 60_000);
    expect(await sessions.withFreshToken(id, never)).toEqual(identityCenterSession);
    await settle();
    expect(oidc.asked).toHaveLength(1);
    expect(await sessions.withFreshToken(id, never)).toMatchObject({
      tokenSet: identityCenterSession.tokenSet,
    });
    expect(sessions.lastFailure(id)).toMatchObject({ error: { kind: 'serverError' }, failures: 1 });
  });
});

describe('Sessions: closing the window', () => {
  const hanging = (signal: AbortSignal) => {
    const { promise, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    return promise;
  };

  test('ends a refresh', async () => {
    const { sessions, oidc, clock } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', hanging);
    await clock.advance(hour);
    const asking = sessions.withFreshToken(id, never);
    await settle();
    sessions[Symbol.dispose]();
    expect(await rejectionOf(asking)).toMatchObject({ kind: 'cancelled' });
  });

  test('ends a sign-in', async () => {
    const { sessions, oidc } = await sessionsWorld();
    oidc.willAnswer('registerClient', hanging);
    const signingIn = sessions.signIn(identityCenterConnection, {}, fakePerson(), never);
    await settle();
    sessions[Symbol.dispose]();
    expect(await rejectionOf(signingIn)).toMatchObject({ kind: 'cancelled' });
  });

  test('ends events', async () => {
    const { sessions, store, changes, listen } = await sessionsWorld();
    listen();
    await settle();
    sessions[Symbol.dispose]();
    await store.put(oktaSession);
    await settle();
    expect(changes).toEqual([]);
  });
});

test.each([
  ['later', hour],
  ['earlier, by a clock that was set back', -hour],
])(
  'the response of a refresh after a sign-in that did not wait for it, %s, keeps the newer grant',
  async (_, by) => {
    const { sessions, store, oidc, server } = await refreshing();
    const refreshed = sessions.withFreshToken(id, never);
    await settleUntil(() => oidc.asked.length === 1);
    const newer = {
      ...identityCenterSession,
      signedInAt: identityCenterSession.signedInAt + by,
      tokenSet: { ...identityCenterSession.tokenSet, accessToken: 'access-9', refreshToken: 'refresh-9' },
    };
    await store.put(newer);
    server.resolve(answer);
    expect((await refreshed).tokenSet.refreshToken).toBe('refresh-9');
    expect((await store.get(id))?.session).toEqual(newer);
  },
);

// A token of another person, perhaps an administrator's, went to each program that had the first one's.
describe('Sessions: a sign-in that replaces an account', () => {
  test.each([
    [
      'after “Replace”, takes the token from programs that were allowed to use it',
      { replacesAccount: true },
      undefined,
    ],
    ['to the same account again, leaves it to them', {}, ['laptop']],
  ] as const)('%s', async (_, request, left) => {
    const allowed = { ...identityCenterSession, programPlaces: ['laptop'] };
    const { sessions, oidc, clock } = await sessionsWorld(allowed);
    oidc.willAnswer('registerClient', { clientId: 'client-2', clientSecret: 'client-secret-2' });
    oidc.willAnswer('startDeviceAuthorization', {
      deviceCode: 'device-code-1',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
    });
    oidc.willAnswer('createToken', answer);
    const done = sessions.signIn(identityCenterConnection, request, fakePerson(), never);
    await clock.advance(5000);
    const again = await done;
    expect([again.id, again.programPlaces]).toEqual([allowed.id, left]);
  });
});
