import { describe, expect, test } from 'vitest';
import { recordEndedSessions, typicalEnd } from '../../../../src/shell/status/typicalEnds.ts';
import { day, hour, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';

/** The content of `globalState`, and the number of writes. */
function fakeMemento(kept: Record<string, unknown> = {}) {
  let writes = 0;
  return {
    kept,
    writes: () => writes,
    keys: () => Object.keys(kept),
    get: <T>(key: string, otherwise?: T) => (kept[key] as T | undefined) ?? otherwise,
    update: async (key: string, value: unknown) => {
      writes++;
      kept[key] = value;
    },
  };
}

const ended = (days: number, lasted: number) => ({
  ...oktaSession,
  signedInAt: january + days * day,
  ended: { at: january + days * day + lasted, kind: 'grantRevoked' as const },
});

describe('typicalEnd: when a session typically ends', () => {
  test('is known after three sessions of a connection with the same length', async () => {
    const memento = fakeMemento();
    const next = { ...oktaSession, signedInAt: january + 9 * day };
    for (const days of [1, 2])
      await recordEndedSessions(memento, [identityCenterSession, ended(days, 8 * hour)]);
    expect(typicalEnd(memento, next)).toBeUndefined();
    await recordEndedSessions(memento, [ended(3, 8.5 * hour)]);
    expect(typicalEnd(memento, next)).toEqual({ span: 8 * hour, at: next.signedInAt + 8 * hour });
    expect(typicalEnd(memento, identityCenterSession)).toBeUndefined();
  });

  test('counts each session once, however often it is seen', async () => {
    const memento = fakeMemento();
    for (let seen = 0; seen < 3; seen++) await recordEndedSessions(memento, [ended(1, 8 * hour)]);
    expect(typicalEnd(memento, oktaSession)).toBeUndefined();
    expect(memento.writes()).toBe(1);
  });

  test('is stored without a secret', async () => {
    const memento = fakeMemento();
    await recordEndedSessions(memento, [ended(1, 8 * hour)]);
    expect(JSON.stringify(memento.kept)).not.toMatch(/access-1|refresh-1|client-secret-1|ada@/);
  });

  test.each([null, 'spans', { x: 1 }, { x: [{ signedInAt: 'now' }] }])(
    'starts over from %j',
    async (endedSpans) => {
      const memento = fakeMemento({ endedSpans });
      expect(typicalEnd(memento, oktaSession)).toBeUndefined();
      await recordEndedSessions(memento, [ended(1, hour)]);
      expect(memento.writes()).toBe(1);
    },
  );
});
