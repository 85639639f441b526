import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { withoutDeadTokens } from '../../../../src/core/session/sessionUpdates.ts';
import { day, identityCenterSession, january } from '../../fakes/examples.ts';
import { fakePorts, sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const minute = 60_000;
const never = new AbortController().signal;
const { id } = identityCenterSession;
const answer = { accessToken: 'access-2', expiresIn: 3600, tokenType: 'Bearer', refreshToken: 'refresh-2' };

/** A window that has requested its token, on a machine that can change its clock and sleep. */
async function window() {
  const { ports, oidc } = fakePorts();
  let wall = 0;
  let slept = 0;
  const clock = {
    now: () => ports.clock.now() + wall,
    monotonic: () => ports.clock.now() - slept,
    sleep: (milliseconds: number, signal: AbortSignal) => ports.clock.sleep(milliseconds, signal),
  };
  await ports.store.put(identityCenterSession);
  const open = () => {
    const sessions = new Sessions({ ...ports, clock });
    return {
      sessions,
      token: async (listed?: Session): Promise<string> =>
        (await sessions.withFreshToken(id, never, listed)).tokenSet.accessToken,
      [Symbol.dispose]: () => sessions[Symbol.dispose](),
    };
  };
  const { sessions, token } = open();
  const first = await token();
  return {
    oidc,
    token,
    reload: () => {
      sessions[Symbol.dispose]();
      return open();
    },
    listed: async () => (await sessions.list()).sessions[0],
    first,
    pass: (milliseconds: number) => ports.clock.advance(milliseconds),
    setBack: (milliseconds: number) => (wall -= milliseconds),
    sleep: async (milliseconds: number) => {
      slept += milliseconds;
      await ports.clock.advance(milliseconds);
    },
    [Symbol.dispose]: () => {
      sessions[Symbol.dispose]();
    },
  };
}

describe('Sessions: withFreshToken: a clock that was set back by less than a token’s age had it served past its end', () => {
  test('the token is refreshed once before it is returned', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', answer);
    await one.pass(30 * minute);
    one.setBack(20 * minute);
    expect(await one.token()).toBe('access-2');
    await one.pass(minute);
    expect(await one.token()).toBe('access-2');
    expect(one.oidc.asked).toHaveLength(1);
  });

  test('also if the caller has just listed it', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', answer);
    await one.pass(30 * minute);
    one.setBack(20 * minute);
    expect(await one.token(await one.listed())).toBe('access-2');
  });

  test('also after sleep, in which the monotonic clock stood still', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', answer);
    await one.sleep(20 * minute);
    expect(await one.token()).toBe(one.first);
    one.setBack(10 * minute);
    expect(await one.token()).toBe('access-2');
  });

  test('on failure, the previous clock may have been wrong: returns it, and retries later', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', ...Array.from({ length: 2 }, () => new SignInError('network')));
    await one.pass(30 * minute);
    one.setBack(20 * minute);
    expect([await one.token(), await one.token()]).toEqual([one.first, one.first]);
    expect(one.oidc.asked).toHaveLength(2); // A lost response is requested again at once.
  });

  test('a correction by seconds, or sleep alone, does not refresh', async () => {
    using one = await window();
    await one.pass(10 * minute);
    one.setBack(30_000);
    expect(await one.token()).toBe(one.first);
    await one.sleep(10 * minute);
    expect(await one.token()).toBe(one.first);
    await settle();
    expect(one.oidc.asked).toEqual([]);
  });
});

describe('Sessions: withFreshToken: a clock that was set back had a token from the future served past its end, after a reload', () => {
  test('the token is refreshed before it is returned', async () => {
    using one = await window();
    await one.pass(50 * minute);
    one.setBack(2 * 60 * minute);
    using reloaded = one.reload();
    one.oidc.willAnswer('createToken', answer);
    expect([await reloaded.token(), await reloaded.token()]).toEqual(['access-2', 'access-2']);
    expect(one.oidc.asked).toHaveLength(1);
  });

  test('on failure, it is returned, because the previous clock may have been wrong', async () => {
    using one = await window();
    one.setBack(2 * 60 * minute);
    using reloaded = one.reload();
    one.oidc.willAnswer('createToken', ...Array.from({ length: 2 }, () => new SignInError('network')));
    expect([await reloaded.token(), await reloaded.token()]).toEqual([one.first, one.first]);
  });
});

describe('Sessions: withFreshToken: a clock that was ahead and set back had an empty token of an ended session served', () => {
  const expired = { at: january + day, kind: 'grantRevoked' } as const;

  test('its end is reported, as before', async () => {
    const session = await withoutDeadTokens(january + day, { ...identityCenterSession, ended: expired });
    const { sessions, store } = await sessionsWorld(session);
    expect(session.tokenSet.accessToken).toBe('');
    expect(await rejectionOf(sessions.withFreshToken(id, never))).toMatchObject({ kind: 'grantRevoked' });
    expect((await store.get(id))?.session).toEqual(session);
  });
});
