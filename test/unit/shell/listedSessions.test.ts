import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/core/session/session.ts';
import { createListedSessions } from '../../../src/shell/listedSessions.ts';
import { hour, identityCenterSession, january } from '../fakes/examples.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: january });
});
afterEach(() => {
  vi.useRealTimers();
});

const ids = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
const states = {
  live: {},
  over: { ended: { at: january, kind: 'grantRevoked' as const } },
  dead: {
    ended: { at: january, kind: 'grantRevoked' as const },
    tokenSet: { ...identityCenterSession.tokenSet, accessToken: '', expiresAt: january - hour },
  },
};
type State = keyof typeof states | 'absent';
const sessionIn = (id: string, state: State): readonly Session[] =>
  state === 'absent' ? [] : [{ ...identityCenterSession, id, ...states[state] }];

const state = fc.constantFrom<State>('absent', 'live', 'over', 'dead');
const step = fc.record({ id: fc.constantFrom(...ids), to: state, lists: fc.boolean() });

describe('createListedSessions', () => {
  test('whatever happens, VS Code learns of exactly the sessions that can be served', () => {
    fc.assert(
      fc.property(fc.tuple(state, state, state), fc.array(step, { maxLength: 12 }), (first, steps) => {
        const now = new Map<string, State>(ids.map((id, index) => [id, first[index] ?? 'absent']));
        const stored = () => [...now].flatMap(([id, its]) => sessionIn(id, its));
        const listed = createListedSessions();
        const known = new Set(listed.among(stored()).map(({ id }) => id));
        for (const { id, to, lists } of steps) {
          const before = sessionIn(id, now.get(id) ?? 'absent');
          now.set(id, to);
          const after = sessionIn(id, to);
          const change = listed.follow({
            added: before.length === 0 ? after : [],
            removed: after.length === 0 ? before : [],
            changed: before.length === 0 ? [] : after,
          });
          for (const one of change.added) {
            expect(known.has(one.id)).toBe(false);
            known.add(one.id);
          }
          for (const one of change.removed) expect(known.delete(one.id)).toBe(true);
          for (const one of change.changed) expect(known.has(one.id)).toBe(true);
          const served = stored().filter((one) => one.ended === undefined || one.tokenSet.accessToken !== '');
          expect([...known].sort()).toEqual(served.map((one) => one.id).sort());
          if (lists) expect(listed.among(stored())).toEqual(served);
        }
      }),
    );
  });

  test('a request between the end of a token and its event does not swallow the event', () => {
    const [id = ''] = ids;
    const listed = createListedSessions();
    listed.among(sessionIn(id, 'over'));
    expect(listed.among(sessionIn(id, 'dead'))).toEqual([]);
    const dead = sessionIn(id, 'dead');
    expect(listed.follow({ added: [], removed: [], changed: dead }).removed).toEqual(dead);
  });
});
