import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { day, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const untilAborted = (_portal: string, _token: string, signal: AbortSignal) => {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  return promise;
};

describe('Sessions.signOut: a sign-out', () => {
  test('removes the session here and ends it at the server', async () => {
    const { sessions, store, loggedOut } = await sessionsWorld(identityCenterSession, oktaSession);
    expect(await sessions.signOut(id, never)).toEqual({ session: identityCenterSession });
    expect((await store.all()).sessions).toEqual([oktaSession]);
    expect(loggedOut).toEqual([[identityCenterSession.endpoints.portal, 'access-1']]);
  });

  test('removes the session before the request to the server', async () => {
    const { sessions, records, logoutDoes } = await sessionsWorld(identityCenterSession);
    let storedMeanwhile: number | undefined;
    logoutDoes(async () => {
      storedMeanwhile = records.map.size;
    });
    await sessions.signOut(id, never);
    expect(storedMeanwhile).toBe(0);
  });

  test.each([
    ['the disk refuses it', new SignInError('storage', { code: 'ENOSPC' })],
    ['05.09: its holder keeps it', new SignInError('lockBusy', { holder: { pid: 4711, host: 'build-7' } })],
  ])('proceeds without the lock if %s: secrets are always removed', async (_, refusal) => {
    const { sessions, store, records, loggedOut } = await sessionsWorld(identityCenterSession);
    records.withLock = () => Promise.reject(refusal);
    expect(await sessions.signOut(id, never)).toEqual({ session: identityCenterSession });
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
    expect(loggedOut).toHaveLength(1);
  });

  test('that did not wait for a refresh is not undone by its response', async () => {
    const { sessions, store, records, oidc, loggedOut } = await sessionsWorld(identityCenterSession);
    const answered = Promise.withResolvers<unknown>();
    oidc.willAnswer('createToken', () => answered.promise);
    const refreshing = rejectionOf(sessions.refresh(id, never));
    await settleUntil(() => oidc.asked.length === 1);
    records.withLock = () => Promise.reject(new SignInError('lockBusy'));
    await sessions.signOut(id, never);
    answered.resolve({
      accessToken: 'access-2',
      tokenType: 'Bearer',
      expiresIn: 3600,
      refreshToken: 'refresh-2',
    });
    expect(await refreshing).toMatchObject({ kind: 'signInNeeded' });
    await settle();
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
    expect(loggedOut.map(([, token]) => token)).toEqual(['access-1', 'access-2']);
  });

  test('leaves no token behind', async () => {
    const { sessions, records, secrets } = await sessionsWorld(identityCenterSession);
    await sessions.signOut(id, never);
    const left = [...records.map.entries(), ...secrets.map.entries()];
    expect(JSON.stringify(left)).not.toMatch(/access-1|refresh-1/);
  });

  test('without a session says so', async () => {
    const { sessions, loggedOut } = await sessionsWorld();
    expect(await rejectionOf(sessions.signOut(id, never))).toMatchObject({ kind: 'signInNeeded' });
    expect(loggedOut).toEqual([]);
  });
});

describe('Sessions.signOut: a sign-out that the server does not confirm', () => {
  test.each([
    ['a refusal', new SignInError('invalidResponse', { status: 401 }), 'invalidResponse'],
    ['no network', new SignInError('network'), 'network'],
    ['a wrapped error', new Error('wrapped', { cause: new SignInError('timeout') }), 'timeout'],
    ['any other error', new TypeError('broken'), 'invalidResponse'],
  ])('due to %s succeeds locally, and reports why', async (_, failure, kind) => {
    const { sessions, store, log, logoutDoes } = await sessionsWorld(identityCenterSession);
    logoutDoes(() => Promise.reject(failure));
    expect(await sessions.signOut(id, never)).toMatchObject({
      session: identityCenterSession,
      notConfirmed: { name: 'SignInError', kind },
    });
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
    expect(log.lines.some((line) => line.startsWith('warn'))).toBe(true);
  });

  test('because Okta has no revocation endpoint succeeds locally', async () => {
    const { revocationEndpoint: _, ...server } = oktaSession.server;
    const { sessions, store } = await sessionsWorld({ ...oktaSession, server });
    expect(await sessions.signOut(oktaSession.id, never)).toMatchObject({
      notConfirmed: { kind: 'metadataMissing' },
    });
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
  });

  test('because the user canceled succeeds locally', async () => {
    const { sessions, store, logoutDoes } = await sessionsWorld(identityCenterSession);
    const asker = new AbortController();
    logoutDoes((portal, token, signal) => {
      asker.abort(new SignInError('cancelled'));
      return signal.aborted ? Promise.reject(signal.reason as Error) : untilAborted(portal, token, signal);
    });
    expect(await sessions.signOut(id, asker.signal)).toMatchObject({ notConfirmed: { kind: 'cancelled' } });
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
  });

  test('because the server does not respond times out after ten seconds of the Clock', async () => {
    const { sessions, clock, logoutDoes } = await sessionsWorld(identityCenterSession);
    const asker = new AbortController();
    logoutDoes(untilAborted);
    const done = sessions.signOut(id, asker.signal);
    await clock.advance(10_000);
    asker.abort(new SignInError('cancelled', { reason: 'the test has waited long enough' }));
    expect(await done).toMatchObject({ notConfirmed: { kind: 'timeout' } });
  });
});

describe('Sessions.signOut: the client secret stayed in the keyring for 90 days', () => {
  const registration = (clientId: string, expiresAt = january + day): string =>
    JSON.stringify({
      version: 1,
      registration: { ...identityCenterSession.registration, clientId, expiresAt },
    });
  const own = identityCenterSession.registration.clientId;

  test.each([
    ['a session', identityCenterSession],
    [
      'a session that has ended',
      { ...identityCenterSession, ended: { at: january, kind: 'grantRevoked' } as const },
    ],
  ])('is removed with %s, and with it what expired; other clients stay', async (_, session) => {
    const { ports, sessions } = await sessionsWorld(session);
    await ports.secrets.set('registration:["here"]', registration(own));
    await ports.secrets.set('registration:["code"]', registration(own));
    await ports.secrets.set('registration:["old"]', registration('client-0', january - 1));
    await ports.secrets.set('registration:["odd"]', '{');
    await ports.secrets.set('registration:["other"]', registration('client-9'));
    await sessions.signOut(session.id, never);
    const left = [...ports.secrets.map.keys()].filter((name) => name.startsWith('registration:'));
    expect(left).toEqual(['registration:["other"]']);
    expect(JSON.stringify([...ports.secrets.map])).not.toContain(own);
  });

  test('a keyring that fails does not stop the sign-out', async () => {
    const { ports, sessions } = await sessionsWorld(identityCenterSession);
    ports.secrets.keys = () => Promise.reject(new Error('locked'));
    expect(await sessions.signOut(identityCenterSession.id, never)).toEqual({
      session: identityCenterSession,
    });
  });
});
