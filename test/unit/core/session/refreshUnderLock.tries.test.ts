import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { identityCenterSession } from '../../fakes/examples.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const minute = 60_000;
const hour = 60 * minute;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const outage = () => new SignInError('serverError', { host: 'oidc.example', status: 503 });

/** Two windows with one session whose token has expired, and a server that is down. */
async function twoWindows() {
  const world = await sessionsWorld(identityCenterSession);
  const other = new Sessions(world);
  await world.clock.advance(hour);
  world.oidc.willAnswer('createToken', ...Array.from({ length: 200 }, outage));
  return { ...world, other };
}

describe('refreshUnderLock: one series of attempts per machine during an outage', () => {
  test("one window's second attempt is known to the other, which waits for its time", async () => {
    const { sessions, other, oidc, clock, store } = await twoWindows();
    await rejectionOf(sessions.withFreshToken(id, never));
    await clock.advance(5_000);
    expect(oidc.asked).toHaveLength(2);
    expect((await store.get(id))?.session.tried).toMatchObject({
      kind: 'serverError',
      failures: 2,
      status: 503,
    });
    expect(await rejectionOf(other.withFreshToken(id, never))).toMatchObject({
      kind: 'serverError',
      details: { host: 'oidc.example', reason: 'otherWindow' },
    });
    expect(oidc.asked).toHaveLength(2);
    expect(other.failedAttempts(id)).toHaveLength(1);
    sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test("a window that joins later continues the machine's back-off", async () => {
    const { sessions, other, oidc, clock, store } = await twoWindows();
    await rejectionOf(sessions.withFreshToken(id, never));
    await clock.advance(10 * minute);
    const { tried } = (await store.get(id))?.session ?? {};
    sessions[Symbol.dispose]();
    await clock.advance(10 * minute);
    const before = oidc.asked.length;
    await rejectionOf(other.withFreshToken(id, never));
    expect(oidc.asked).toHaveLength(before + 1);
    expect(tried?.failures).toBeGreaterThanOrEqual(4);
    expect(other.lastFailure(id)?.failures).toBe((tried?.failures ?? 0) + 1);
    await clock.advance(3 * minute);
    expect(oidc.asked).toHaveLength(before + 1);
    other[Symbol.dispose]();
  });

  test("for a valid token, one window's first attempt is known to the other", async () => {
    const world = await sessionsWorld(identityCenterSession);
    const other = new Sessions(world);
    world.oidc.willAnswer('createToken', outage(), answer);
    await world.clock.advance(56 * minute);
    await world.sessions.withFreshToken(id, never);
    await settle();
    await other.withFreshToken(id, never);
    await settle();
    expect(world.oidc.asked).toHaveLength(1);
    await world.clock.advance(3 * minute);
    expect(await other.withFreshToken(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
    expect(world.oidc.asked).toHaveLength(2);
    world.sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('an hour with two windows costs hardly more requests than with one', async () => {
    const { sessions, other, oidc, clock } = await twoWindows();
    await rejectionOf(sessions.withFreshToken(id, never));
    await rejectionOf(other.withFreshToken(id, never));
    await clock.advance(hour);
    // With 296 seconds between two tries in the mean: twelve, and those of the first minute.
    expect(oidc.asked.length).toBeGreaterThanOrEqual(13);
    expect(oidc.asked.length).toBeLessThanOrEqual(20);
    sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('another window does not keep a user waiting', async () => {
    const { sessions, other, oidc, clock } = await twoWindows();
    await rejectionOf(sessions.withFreshToken(id, never));
    await clock.advance(5_000);
    const before = oidc.asked.length;
    await rejectionOf(other.refresh(id, never));
    expect(oidc.asked).toHaveLength(before + 1);
    sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('both windows notice its end, and its record no longer mentions it', async () => {
    const world = await sessionsWorld(identityCenterSession);
    const other = new Sessions(world);
    world.oidc.willAnswer('createToken', outage(), outage(), answer);
    await world.clock.advance(hour);
    await rejectionOf(world.sessions.withFreshToken(id, never));
    await world.clock.advance(50_000);
    expect(await other.withFreshToken(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
    expect((await world.store.get(id))?.session.tried).toBeUndefined();
    expect(world.sessions.lastFailure(id)).toBeUndefined();
    world.sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });
});
