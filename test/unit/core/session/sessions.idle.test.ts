import { describe, expect, test } from 'vitest';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import type { Clock } from '../../../../src/core/ports.ts';
import type { IdentityCenterSession } from '../../../../src/core/session/session.ts';
import type { SessionStore } from '../../../../src/core/session/sessionStore.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const never = new AbortController().signal;

/** Windows with one store, and a clock that counts wake-ups. */
async function idleWindows(count: number) {
  const { ports, oidc } = fakePorts();
  let wakeUps = 0;
  const clock: Clock = {
    now: () => ports.clock.now(),
    sleep: async (milliseconds, signal) => {
      await ports.clock.sleep(milliseconds, signal);
      wakeUps += 1;
    },
  };
  for (const session of [identityCenterSession, oktaSession]) await ports.store.put(session);
  const windows = Array.from({ length: count }, () => new Sessions({ ...ports, clock }));
  for (const window of windows) await window.list();
  return {
    windows,
    oidc,
    advance: (milliseconds: number) => ports.clock.advance(milliseconds),
    wakeUps: () => wakeUps,
    sleeping: () => ports.clock.sleeping,
    [Symbol.dispose]: () => {
      for (const window of windows) window[Symbol.dispose]();
    },
  };
}

describe('Sessions: a window without token requests', () => {
  test.each([1, 32])('sleeps without a timer all day: %i of them', async (count) => {
    using idle = await idleWindows(count);
    await idle.advance(day);
    expect([idle.wakeUps(), idle.sleeping(), idle.oidc.asked.length]).toEqual([0, 0, 0]);
  });

  test('wakes up once after the last request, when the token would be due, and never again', async () => {
    using idle = await idleWindows(1);
    const [window] = idle.windows;
    await window?.withFreshToken(identityCenterSession.id, never);
    await settle();
    expect(idle.sleeping()).toBe(1);
    await idle.advance(40 * minute);
    expect(idle.wakeUps()).toBe(0);
    await idle.advance(day);
    expect([idle.wakeUps(), idle.sleeping(), idle.oidc.asked.length]).toEqual([1, 0, 0]);
  });
});

test('reads a session that becomes due, and not all sessions in use', async () => {
  const { ports, oidc } = fakePorts();
  const minuteLater = (number: number): IdentityCenterSession => ({
    ...identityCenterSession,
    id: number.toString(16).padStart(32, '0'),
    tokenSet: {
      ...identityCenterSession.tokenSet,
      obtainedAt: identityCenterSession.tokenSet.obtainedAt + number * minute,
      expiresAt: identityCenterSession.tokenSet.expiresAt + number * minute,
    },
  });
  const many = Array.from({ length: 20 }, (_, number) => minuteLater(number));
  for (const session of many) await ports.store.put(session);
  const read: string[] = [];
  const get: SessionStore['get'] = (id) => {
    read.push(id);
    return ports.store.get(id);
  };
  using window = new Sessions({ ...ports, store: { ...ports.store, get } });
  const ask = async (): Promise<void> => {
    for (const { id } of many) await window.withFreshToken(id, never);
    await settle();
  };
  await ports.clock.advance(50 * minute);
  await ask();
  read.length = 0;
  const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
  oidc.willAnswer('createToken', ...many.map(() => answer));
  await ports.clock.advance(9 * minute);
  // Each due session is read by the timer, under the lock, and after the refresh.
  expect(oidc.asked.length).toBeGreaterThan(3);
  expect(read.length / oidc.asked.length).toBeLessThan(10);
});
