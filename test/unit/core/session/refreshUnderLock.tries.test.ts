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

/** Two windows over one session whose token is over, and a server that is down. */
async function twoWindows() {
  const world = await sessionsWorld(identityCenterSession);
  const other = new Sessions(world);
  await world.clock.advance(hour);
  world.oidc.willAnswer('createToken', ...Array.from({ length: 200 }, outage));
  return { ...world, other };
}

describe('refreshUnderLock: an outage is asked about once a machine', () => {
  test('the second try of one window is known to the other, which sends none before its time', async () => {
    const { sessions, other, oidc, clock, store } = await twoWindows();
    await rejectionOf(sessions.fresh(id, never));
    await clock.advance(5_000);
    expect(oidc.asked).toHaveLength(2);
    expect((await store.get(id))?.session.tried).toMatchObject({
      kind: 'serverError',
      failures: 2,
      status: 503,
    });
    expect(await rejectionOf(other.fresh(id, never))).toMatchObject({
      kind: 'serverError',
      details: { host: 'oidc.example', reason: 'otherWindow' },
    });
    expect(oidc.asked).toHaveLength(2);
    expect(other.failedAttempts(id)).toHaveLength(1);
    sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('a window that joins later goes on with the back-off of the machine, not with one of its own', async () => {
    const { sessions, other, oidc, clock, store } = await twoWindows();
    await rejectionOf(sessions.fresh(id, never));
    await clock.advance(10 * minute);
    const { tried } = (await store.get(id))?.session ?? {};
    sessions[Symbol.dispose]();
    await clock.advance(10 * minute);
    const before = oidc.asked.length;
    await rejectionOf(other.fresh(id, never));
    expect(oidc.asked).toHaveLength(before + 1);
    expect(tried?.failures).toBeGreaterThanOrEqual(4);
    expect(other.lastFailure(id)?.failures).toBe((tried?.failures ?? 0) + 1);
    await clock.advance(3 * minute);
    expect(oidc.asked).toHaveLength(before + 1);
    other[Symbol.dispose]();
  });

  test('behind a token that is good still, the first try of one window is known to the other', async () => {
    const world = await sessionsWorld(identityCenterSession);
    const other = new Sessions(world);
    world.oidc.willAnswer('createToken', outage(), answer);
    await world.clock.advance(56 * minute);
    await world.sessions.fresh(id, never);
    await settle();
    await other.fresh(id, never);
    await settle();
    expect(world.oidc.asked).toHaveLength(1);
    await world.clock.advance(3 * minute);
    expect(await other.fresh(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
    expect(world.oidc.asked).toHaveLength(2);
    world.sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('an hour of it with two windows costs hardly more requests than with one', async () => {
    const { sessions, other, oidc, clock } = await twoWindows();
    await rejectionOf(sessions.fresh(id, never));
    await rejectionOf(other.fresh(id, never));
    await clock.advance(hour);
    // With 296 seconds between two tries in the mean: twelve, and those of the first minute.
    expect(oidc.asked.length).toBeGreaterThanOrEqual(13);
    expect(oidc.asked.length).toBeLessThanOrEqual(20);
    sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('a person is not kept waiting by the other window', async () => {
    const { sessions, other, oidc, clock } = await twoWindows();
    await rejectionOf(sessions.fresh(id, never));
    await clock.advance(5_000);
    const before = oidc.asked.length;
    await rejectionOf(other.refresh(id, never));
    expect(oidc.asked).toHaveLength(before + 1);
    sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });

  test('the end of it is known to both windows, and its record says nothing of it any more', async () => {
    const world = await sessionsWorld(identityCenterSession);
    const other = new Sessions(world);
    world.oidc.willAnswer('createToken', outage(), outage(), answer);
    await world.clock.advance(hour);
    await rejectionOf(world.sessions.fresh(id, never));
    await world.clock.advance(50_000);
    expect(await other.fresh(id, never)).toMatchObject({ tokenSet: { accessToken: 'access-2' } });
    expect((await world.store.get(id))?.session.tried).toBeUndefined();
    expect(world.sessions.lastFailure(id)).toBeUndefined();
    world.sessions[Symbol.dispose]();
    other[Symbol.dispose]();
  });
});
