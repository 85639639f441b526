import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { hour, identityCenterSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const no = (word: string) => new OAuthErrorResponse(word, { operation: 'createToken', status: 400 });

/** A session with an expired token. */
async function overdue() {
  const world = await sessionsWorld(identityCenterSession);
  await world.clock.advance(hour);
  return world;
}

describe('Sessions: rule 1: a session ends for only four reasons', () => {
  const kept: readonly SignInErrorKind[] = [
    ...(['network', 'timeout', 'serverError', 'rateLimited', 'proxy', 'certificate'] as const),
    ...(['invalidResponse', 'storage', 'lockBusy'] as const),
  ];
  test.each(kept)('not for %s: the next refresh sends its refresh token', async (kind) => {
    const { sessions, store, oidc } = await overdue();
    oidc.willAnswer('createToken', ...Array.from({ length: 5 }, () => new SignInError(kind)));
    expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({ kind });
    expect(await store.get(id)).toEqual({ session: identityCenterSession, newest: true });
  });

  test.each(['invalid_grant', 'invalid_client'])(
    'for %s: its refresh token is not sent again',
    async (word) => {
      const { sessions, oidc } = await overdue();
      oidc.willAnswer('createToken', no(word), no(word));
      expect(await rejectionOf(sessions.withFreshToken(id, never))).toBeInstanceOf(SignInError);
      expect(await rejectionOf(sessions.withFreshToken(id, never))).toBeInstanceOf(SignInError);
      expect(oidc.asked).toHaveLength(1);
    },
  );

  test('an ended session keeps its reason, and reports it to each caller', async () => {
    const { sessions, store, oidc, clock } = await overdue();
    oidc.willAnswer('createToken', no('invalid_grant'));
    await rejectionOf(sessions.withFreshToken(id, never));
    expect((await store.get(id))?.session.ended).toMatchObject({ at: clock.now(), kind: 'grantRevoked' });
    expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({ kind: 'grantRevoked' });
    expect(await rejectionOf(sessions.refresh(id, never))).toMatchObject({ kind: 'grantRevoked' });
  });

  test('an ended session serves its access token until expiry', async () => {
    const { sessions, store, oidc } = await sessionsWorld(identityCenterSession);
    oidc.willAnswer('createToken', no('invalid_grant'));
    expect(await rejectionOf(sessions.refresh(id, never))).toMatchObject({ kind: 'grantRevoked' });
    expect(await sessions.withFreshToken(id, never)).toEqual((await store.get(id))?.session);
  });

  test('one with a newer record in another window is not refreshed here', async () => {
    const { sessions, records, oidc } = await overdue();
    const { record = '' } = records.map.get(id) ?? {};
    records.readings.set(id, { state: 'older', record });
    expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({
      kind: 'storage',
      details: { reason: 'newerElsewhere' },
    });
    expect(oidc.asked).toEqual([]);
  });

  test('not for invalid_grant if another window has a newer token, which is served', async () => {
    const { sessions, store, oidc, clock } = await overdue();
    const expiresAt = clock.now() + hour;
    const newer = { accessToken: 'access-elsewhere', refreshToken: 'refresh-elsewhere', expiresAt };
    const tokenSet = { ...identityCenterSession.tokenSet, ...newer };
    oidc.willAnswer('createToken', async () => {
      await store.put({ ...identityCenterSession, tokenSet });
      throw no('invalid_grant');
    });
    const outcome = await sessions.withFreshToken(id, never).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ tokenSet: { accessToken: 'access-elsewhere' } });
  });
});

describe('Sessions: rule 2: one refresh at a time', () => {
  test('a caller that read the session before a refresh ended does not refresh again', async () => {
    const world = await overdue();
    const { store, oidc, ports } = world;
    const slowRead = Promise.withResolvers<undefined>();
    const reads = [Promise.resolve(undefined), slowRead.promise];
    const slowStore = {
      ...store,
      get: async (of: string) => {
        const session = await store.get(of);
        await reads.shift();
        return session;
      },
    };
    const sessions = new Sessions({ ...ports, store: slowStore });
    oidc.willAnswer('createToken', answer, { ...answer, accessToken: 'access-3' });
    const first = sessions.withFreshToken(id, never);
    const second = sessions.withFreshToken(id, never);
    expect(await first).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
    await settle();
    slowRead.resolve(undefined);
    expect(await second).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
    expect(oidc.asked).toHaveLength(1);
  });

  test('across windows: two of them refresh once', async () => {
    const { sessions, oidc, ports } = await overdue();
    const otherWindow = new Sessions(ports);
    oidc.willAnswer('createToken', answer, { ...answer, accessToken: 'access-3' });
    const both = await Promise.all([
      sessions.withFreshToken(id, never),
      otherWindow.withFreshToken(id, never),
    ]);
    expect(both.map(({ tokenSet }) => tokenSet.accessToken)).toEqual(['access-2', 'access-2']);
    expect(oidc.asked).toHaveLength(1);
  });

  test.each([
    ['network', new SignInError('network')],
    ['timeout', new SignInError('timeout')],
    ['cut off', new SignInError('invalidResponse', { status: 200, reason: 'cutOff' })],
  ])(
    'a refresh with a lost response (%s) is retried at once with the same refresh token',
    async (_, lost) => {
      const { sessions, oidc } = await overdue();
      oidc.willAnswer('createToken', lost, answer);
      const outcome = await sessions.withFreshToken(id, never).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
      expect(oidc.asked.map(([, request]) => request['refreshToken'])).toEqual(['refresh-1', 'refresh-1']);
    },
  );

  test.each<SignInErrorKind>(['serverError', 'rateLimited', 'proxy', 'invalidResponse'])(
    'a refresh with the response %s is not',
    async (kind) => {
      const { sessions, oidc } = await overdue();
      oidc.willAnswer('createToken', new SignInError(kind), answer);
      expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({ kind });
      expect(oidc.asked).toHaveLength(1);
    },
  );
});

describe('Sessions: a sign-out during a refresh', () => {
  test.each(['this', 'another'])('in %s window is not undone', async (window) => {
    const { sessions, store, oidc, ports } = await overdue();
    const server = Promise.withResolvers<unknown>();
    oidc.willAnswer('createToken', () => server.promise);
    const asking = sessions.withFreshToken(id, never).catch(() => undefined);
    await settle();
    const signingOut = (window === 'this' ? sessions : new Sessions(ports)).signOut(id, never);
    await settle();
    server.resolve(answer);
    await Promise.all([asking, signingOut]);
    await settle();
    expect(await store.all()).toEqual({ sessions: [], lost: [] });
  });

  test('ends the session at the server with its newest token', async () => {
    const { sessions, oidc, loggedOut } = await overdue();
    const server = Promise.withResolvers<unknown>();
    oidc.willAnswer('createToken', () => server.promise);
    const asking = sessions.withFreshToken(id, never);
    await settle();
    const signingOut = sessions.signOut(id, never);
    server.resolve(answer);
    await Promise.all([asking, signingOut]);
    expect(loggedOut.map(([, token]) => token)).toEqual(['access-2']);
  });
});

test('rule 4: no log line contains a token', async () => {
  const { sessions, oidc, log, clock } = await overdue();
  oidc.willAnswer('createToken', new SignInError('serverError'), answer);
  await rejectionOf(sessions.withFreshToken(id, never));
  await clock.advance(5000);
  await sessions.withFreshToken(id, never);
  await sessions.signOut(id, never);
  expect(log.lines.length).toBeGreaterThanOrEqual(3);
  expect(log.lines.join('\n')).not.toMatch(/access-\d|refresh-\d|client-secret/);
});
