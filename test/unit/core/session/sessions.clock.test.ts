import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { identityCenterSession } from '../../fakes/examples.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';

const minute = 60_000;
const never = new AbortController().signal;
const { id } = identityCenterSession;
const answer = { accessToken: 'access-2', expiresIn: 3600, tokenType: 'Bearer', refreshToken: 'refresh-2' };

/** A window that has asked for its token, on a machine whose clock can be set and that can sleep. */
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
        (await sessions.fresh(id, never, listed)).tokenSet.accessToken,
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

describe('Sessions: fresh: a clock that was set back by less than a token’s age had it served past its end', () => {
  test('the token is refreshed before it is handed out, once', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', answer);
    await one.pass(30 * minute);
    one.setBack(20 * minute);
    expect(await one.token()).toBe('access-2');
    await one.pass(minute);
    expect(await one.token()).toBe('access-2');
    expect(one.oidc.asked).toHaveLength(1);
  });

  test('also where the caller has just listed it', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', answer);
    await one.pass(30 * minute);
    one.setBack(20 * minute);
    expect(await one.token(await one.listed())).toBe('access-2');
  });

  test('also after a sleep, in which the steady clock stood still', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', answer);
    await one.sleep(20 * minute);
    expect(await one.token()).toBe(one.first);
    one.setBack(10 * minute);
    expect(await one.token()).toBe('access-2');
  });

  test('where that fails, the clock may have been wrong before: it is handed out, and tried again in its time', async () => {
    using one = await window();
    one.oidc.willAnswer('createToken', ...Array.from({ length: 2 }, () => new SignInError('network')));
    await one.pass(30 * minute);
    one.setBack(20 * minute);
    expect([await one.token(), await one.token()]).toEqual([one.first, one.first]);
    expect(one.oidc.asked).toHaveLength(2); // A lost answer is asked for again at once.
  });

  test('a correction of seconds, or a sleep alone, refreshes nothing', async () => {
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

describe('Sessions: fresh: a clock that was set back had a token from the future served past its end, after a reload', () => {
  test('the token is refreshed before it is handed out', async () => {
    using one = await window();
    await one.pass(50 * minute);
    one.setBack(2 * 60 * minute);
    using reloaded = one.reload();
    one.oidc.willAnswer('createToken', answer);
    expect([await reloaded.token(), await reloaded.token()]).toEqual(['access-2', 'access-2']);
    expect(one.oidc.asked).toHaveLength(1);
  });

  test('where that fails, it is handed out, for the clock may have been wrong before', async () => {
    using one = await window();
    one.setBack(2 * 60 * minute);
    using reloaded = one.reload();
    one.oidc.willAnswer('createToken', ...Array.from({ length: 2 }, () => new SignInError('network')));
    expect([await reloaded.token(), await reloaded.token()]).toEqual([one.first, one.first]);
  });
});
