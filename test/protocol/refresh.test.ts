import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/core/session/session.ts';
import { errorAnswer } from '../sandbox/identityCenter/apiError.ts';
import { ana } from './people.ts';
import { hour, noSignal, providers, refreshAt, useSandbox } from './scene.ts';
import { until } from './testClock.ts';

const scene = useSandbox();
const unrotating = useSandbox({ identityCenter: { rotateRefreshToken: false }, okta: { rotate: false } });
const withoutRefresh = useSandbox({ okta: { refreshTokens: false } });

const refreshes = (provider: keyof typeof refreshAt): number =>
  scene.sandbox.requestLog.count(refreshAt[provider]);

/** Ends a user's sessions, as an administrator does. */
function endAtServer({ tokenSet, type }: Session): void {
  const { okta, identityCenter } = scene.sandbox;
  if (type === 'okta') okta.endSessions(ana);
  else identityCenter.endSession(identityCenter.sessionOf(tokenSet.accessToken)?.id ?? '');
}

describe.each(providers)('%s', (provider) => {
  test('a valid token is served without a request', async () => {
    using product = scene.window();
    const { id, tokenSet } = await scene.signIn(product, provider);
    scene.clock.jump(hour / 2);
    expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
    expect(refreshes(provider)).toBe(0);
  });

  test('a token near its expiry is served, and refreshed in the background', async () => {
    using product = scene.window();
    const { id, tokenSet } = await scene.signIn(product, provider);
    scene.clock.jump(hour - 65_000);
    const served = await product.sessions.withFreshToken(id, noSignal);
    expect(served.tokenSet).toEqual(tokenSet);
    await until(() => product.log.some((line) => line.startsWith('info Refreshed')));
    expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet.accessToken).not.toBe(
      tokenSet.accessToken,
    );
    expect(refreshes(provider)).toBe(1);
  });

  test('a hundred callers at expiry send one request, and all get the new token', async () => {
    using product = scene.window();
    const { id, tokenSet } = await scene.signIn(product, provider);
    scene.clock.jump(hour);
    const served = await Promise.all(
      Array.from({ length: 100 }, () => product.sessions.withFreshToken(id, noSignal)),
    );
    const tokens = new Set(served.map((session) => session.tokenSet.accessToken));
    expect(tokens.size).toBe(1);
    expect(tokens.has(tokenSet.accessToken)).toBe(false);
    expect(refreshes(provider)).toBe(1);
  });

  test('a caller that cancels is released, and the refresh continues for the others', async () => {
    using product = scene.window();
    const { id } = await scene.signIn(product, provider);
    scene.clock.jump(hour);
    const answered = Promise.withResolvers<undefined>();
    scene.sandbox.faults.add({ at: refreshAt[provider], until: answered.promise });
    const patience = new AbortController();
    const impatient = product.failureOf(product.sessions.withFreshToken(id, patience.signal));
    const patient = product.sessions.withFreshToken(id, noSignal);
    await until(() => refreshes(provider) === 1);
    patience.abort(new DOMException('Ten seconds are over', 'TimeoutError'));
    expect((await impatient).kind).toBe('timeout');
    answered.resolve(undefined);
    expect((await patient).tokenSet.obtainedAt).toBe(scene.clock.now());
  });

  test('a response without a refresh token keeps the old one', async () => {
    using product = unrotating.window();
    const { id, tokenSet } = await unrotating.signIn(product, provider);
    for (let round = 0; round < 2; round++) {
      unrotating.clock.jump(hour);
      const refreshed = await product.sessions.withFreshToken(id, noSignal);
      expect(refreshed.tokenSet.refreshToken).toBe(tokenSet.refreshToken);
      expect(refreshed.tokenSet.accessToken).not.toBe(tokenSet.accessToken);
    }
  });

  test('a revoked grant: the token is served while valid, then the session ends with its reason', async () => {
    using product = scene.window();
    const session = await scene.signIn(product, provider);
    endAtServer(session);
    scene.clock.jump(hour - 65_000);
    const endedAt = scene.clock.now();
    expect((await product.sessions.withFreshToken(session.id, noSignal)).tokenSet).toEqual(session.tokenSet);
    await until(() => product.log.some((line) => line.startsWith('warn Session ended')));
    const { refreshToken: _none, ...withoutRefreshToken } = session.tokenSet;
    expect((await product.sessions.withFreshToken(session.id, noSignal)).tokenSet).toEqual(
      withoutRefreshToken,
    );

    scene.clock.jump(hour);
    const failure = await product.failureOf(product.sessions.withFreshToken(session.id, noSignal));
    expect([failure.kind, failure.details.code]).toEqual(['grantRevoked', 'invalid_grant']);
    expect(refreshes(provider)).toBe(1);
    const [stored] = (await product.sessions.list()).sessions;
    expect(stored?.ended).toEqual({
      at: endedAt,
      kind: 'grantRevoked',
      code: 'invalid_grant',
      host: new URL(scene.sandbox[provider].origin).host,
      description: expect.any(String) as string,
      requestId: expect.any(String) as string,
    });
  });

  test('a sign-in revives a session that has ended', async () => {
    using product = scene.window();
    const session = await scene.signIn(product, provider);
    endAtServer(session);
    scene.clock.jump(hour);
    await product.failureOf(product.sessions.withFreshToken(session.id, noSignal));
    const again = await scene.signIn(product, provider);
    expect([again.id, again.ended]).toEqual([session.id, undefined]);
    expect((await product.sessions.withFreshToken(session.id, noSignal)).tokenSet).toEqual(again.tokenSet);
  });

  test('invalid_grant counts only if no newer token is stored', async () => {
    using product = scene.window();
    const session = await scene.signIn(product, provider);
    scene.clock.jump(hour);
    const { body, status, headers } = errorAnswer('InvalidGrantException');
    const answered = Promise.withResolvers<undefined>();
    scene.sandbox.faults.add({ at: refreshAt[provider], until: answered.promise, status, body, headers });
    const refreshing = product.sessions.withFreshToken(session.id, noSignal);
    await until(() => refreshes(provider) === 1);
    const newer = {
      ...session.tokenSet,
      refreshToken: 'written-by-another-1',
      obtainedAt: scene.clock.now(),
    };
    await product.store.put({ ...session, tokenSet: newer });
    answered.resolve(undefined);
    expect((await refreshing).tokenSet).toEqual(newer);
    expect((await product.sessions.list()).sessions[0]?.ended).toBeUndefined();
  });

  test('a machine that slept past the token’s expiry refreshes at the first request afterwards', async () => {
    using product = scene.window();
    const { id } = await scene.signIn(product, provider);
    await product.sessions.withFreshToken(id, noSignal);
    await until(() => scene.clock.sleeping === 1);
    scene.clock.jump(3 * hour);
    scene.clock.wakeNext(Infinity); // Laptops opened at nine must not all refresh at the same moment.
    await until(() => scene.clock.sleeping === 0);
    expect(refreshes(provider)).toBe(0);
    const served = await product.sessions.withFreshToken(id, noSignal);
    expect(served.tokenSet.obtainedAt).toBe(scene.clock.now());
    expect(refreshes(provider)).toBe(1);
  });

  test('a machine whose clock was an hour ahead refreshes once, not repeatedly', async () => {
    using product = scene.window();
    const { id } = await scene.signIn(product, provider);
    scene.clock.jump(-hour);
    for (let call = 0; call < 20; call++) {
      await product.sessions.withFreshToken(id, noSignal);
      await until(() => product.log.filter((line) => line.startsWith('info Refreshed')).length === 1);
    }
    expect(refreshes(provider)).toBe(1);
  });
});

test('Identity Center: an expired registration ends the session, and is not renewed at a refresh', async () => {
  using product = scene.window();
  const session = await scene.signIn(product, 'identityCenter');
  if (session.type !== 'identityCenter') throw new Error('Another session');
  scene.sandbox.identityCenter.expireRegistration(session.registration.clientId);
  scene.clock.jump(hour);
  const failure = await product.failureOf(product.sessions.withFreshToken(session.id, noSignal));
  expect(failure.kind).toBe('registrationRefused');
  expect(scene.sandbox.requestLog.count('identityCenter.registerClient')).toBe(1);
});

test('Identity Center: a session is never sent to an endpoint other than the one that issued it', async () => {
  using product = scene.window();
  const { id } = await scene.signIn(product, 'identityCenter');
  using later = scene.window({
    folder: product.folder,
    secrets: product.secrets,
    oidcEndpoint: 'http://127.0.0.1:9/{region}',
  });
  scene.clock.jump(hour);
  const failure = await later.failureOf(later.sessions.withFreshToken(id, noSignal));
  expect(failure.kind).toBe('connectionChanged');
  expect(refreshes('identityCenter')).toBe(0);
  expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet.obtainedAt).toBe(scene.clock.now());
});

test('Okta: without the refresh grant, a token is served while valid, and then a sign-in is needed', async () => {
  using product = withoutRefresh.window();
  const { id, tokenSet } = await withoutRefresh.signIn(product, 'okta');
  expect(tokenSet.refreshToken).toBeUndefined();
  withoutRefresh.clock.jump(hour / 2);
  expect((await product.sessions.withFreshToken(id, noSignal)).tokenSet).toEqual(tokenSet);
  withoutRefresh.clock.jump(hour);
  const failure = await product.failureOf(product.sessions.withFreshToken(id, noSignal));
  expect([failure.kind, failure.details.reason]).toEqual(['signInNeeded', 'noRefreshToken']);
});
