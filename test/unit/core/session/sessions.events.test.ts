import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import type { StoredSessions } from '../../../../src/core/session/sessionStore.ts';
import { hour, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakePorts, sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const none = { added: [], removed: [], changed: [] };

/** Sessions with a listener that knows the stored ones. */
async function listening(...stored: readonly Session[]) {
  const world = await sessionsWorld(...stored);
  const subscription = world.listen();
  await settle();
  return { ...world, subscription };
}

describe('Sessions: a listener', () => {
  test('is not notified of existing sessions', async () => {
    const { changes } = await listening(oktaSession);
    expect(changes).toEqual([]);
  });

  test('is notified of a refresh as one change', async () => {
    const { sessions, oidc, clock, changes } = await listening(identityCenterSession, oktaSession);
    oidc.willAnswer('createToken', answer);
    await clock.advance(hour);
    const fresh = await sessions.withFreshToken(id, never);
    await settle();
    expect(changes).toEqual([{ ...none, changed: [fresh] }]);
  });

  test('gets all sessions with a change, for which only the changed record was read', async () => {
    const idOf = (n: number) => n.toString(16).padStart(32, '0');
    const many = Array.from({ length: 20 }, (_, n) => ({ ...oktaSession, id: idOf(n) }));
    const { records, store, sessions } = await listening(...many);
    const told: StoredSessions[] = [];
    sessions.onDidChange((_, stored) => told.push(stored));
    const read: string[] = [];
    const original = records.read.bind(records);
    records.read = (one) => {
      read.push(one);
      return original(one);
    };
    await store.put({ ...oktaSession, id: idOf(7), signedInAt: oktaSession.signedInAt + 1 });
    await settleUntil(() => told.length > 0);
    expect(read).toEqual([idOf(7)]);
    expect(told).toEqual([await sessions.list()]);
  });

  test('is notified of a sign-out once, as a removal, before the server responds', async () => {
    const { sessions, changes, logoutDoes } = await listening(identityCenterSession);
    let toldMeanwhile = 0;
    logoutDoes(async () => {
      toldMeanwhile = changes.length;
    });
    await sessions.signOut(id, never);
    await settle();
    expect(toldMeanwhile).toBe(1);
    expect(changes).toEqual([{ ...none, removed: [identityCenterSession] }]);
  });

  test('05.11: is not notified of a removal if the disk is temporarily unreadable', async () => {
    const { records, changes } = await listening(identityCenterSession, oktaSession);
    const { map } = records;
    records.read = (one) =>
      one === id
        ? Promise.reject(new SignInError('storage', { code: 'EIO' }))
        : Promise.resolve({ state: 'newest', record: map.get(one)?.record ?? '' });
    records.changed();
    await settle();
    await settle();
    expect(changes).toEqual([]);
  });

  test('is not notified when a token is served', async () => {
    const { sessions, changes } = await listening(identityCenterSession);
    await sessions.withFreshToken(id, never);
    await settle();
    expect(changes).toEqual([]);
  });

  test('is no longer notified after its disposal', async () => {
    const { store, changes, subscription } = await listening();
    subscription[Symbol.dispose]();
    await store.put(oktaSession);
    await settle();
    expect(changes).toEqual([]);
  });

  test('is notified of events right after it was added', async () => {
    const { ports } = fakePorts();
    const sessions = new Sessions(ports);
    const changes: unknown[] = [];
    sessions.onDidChange((change) => changes.push(change));
    await ports.store.put(oktaSession);
    await settle();
    expect(changes).toEqual([{ ...none, added: [oktaSession] }]);
  });

  test('is notified even if another one fails', async () => {
    const { sessions, store, changes, listen } = await sessionsWorld();
    sessions.onDidChange(() => {
      throw new Error('broken listener');
    });
    listen();
    await settle();
    await store.put(oktaSession);
    await settle();
    expect(changes).toEqual([{ ...none, added: [oktaSession] }]);
  });
});

describe('Sessions: another window', () => {
  const other = { ...oktaSession, tokenSet: { ...oktaSession.tokenSet, accessToken: 'access-9' } };

  test('signs in, refreshes and signs out: this one is notified of each', async () => {
    const { store, changes } = await listening(identityCenterSession);
    await store.put(oktaSession);
    await settle();
    await store.put(other);
    await settle();
    await store.remove(oktaSession.id);
    await settle();
    expect(changes).toEqual([
      { ...none, added: [oktaSession] },
      { ...none, changed: [other] },
      { ...none, removed: [other] },
    ]);
  });

  test('writes the same data again: no event', async () => {
    const { store, changes } = await listening(oktaSession);
    await store.put(oktaSession);
    await settle();
    expect(changes).toEqual([]);
  });

  test('stores an unreadable record: the session is gone here', async () => {
    const { records, changes } = await listening(oktaSession);
    await records.write(oktaSession.id, '{', '');
    await settle();
    expect(changes).toEqual([{ ...none, removed: [oktaSession] }]);
  });
});

test('a failed read is logged, and the next one reports everything', async () => {
  const { store, records, log, changes } = await listening();
  const ids = records.ids.bind(records);
  records.ids = () => Promise.reject(new Error('keyring'));
  records.changed();
  await store.put(oktaSession);
  await settle();
  expect(log.lines.some((line) => line.startsWith('error'))).toBe(true);
  expect(changes).toEqual([]);
  records.ids = ids;
  records.changed();
  await settle();
  expect(changes).toEqual([{ ...none, added: [oktaSession] }]);
});

describe('Sessions: reading changes', () => {
  const third: Session = { ...oktaSession, id: 'a'.repeat(32) };

  test('reads only the changed record', async () => {
    const { records, changes } = await listening(identityCenterSession, oktaSession, third);
    const read: string[] = [];
    const reading = records.read.bind(records);
    records.read = (one) => {
      read.push(one);
      return reading(one);
    };
    records.map.delete(third.id);
    records.changed(third.id);
    await settle();
    expect(read).toEqual([third.id]);
    expect(changes).toEqual([{ ...none, removed: [third] }]);
  });

  test('reads all records if the change does not name one', async () => {
    const { records, changes } = await listening(identityCenterSession, oktaSession);
    records.map.delete(oktaSession.id);
    records.changed();
    await settle();
    expect(changes).toEqual([{ ...none, removed: [oktaSession] }]);
  });

  test('reads all records again after one that was unreadable', async () => {
    const { records, changes } = await listening(identityCenterSession, oktaSession);
    const reading = records.read.bind(records);
    records.read = () => Promise.reject(new SignInError('storage', { code: 'EIO' }));
    records.map.delete(oktaSession.id);
    records.changed(oktaSession.id);
    await settle();
    expect(changes).toEqual([]);
    records.read = reading;
    records.changed(id);
    await settle();
    expect(changes).toEqual([{ ...none, removed: [oktaSession] }]);
  });

  test('eventually reports what is stored, in whatever order changes arrive', async () => {
    const step = fc.tuple(
      fc.constantFrom(identityCenterSession, oktaSession, third),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const { records, store, changes } = await listening(oktaSession);
        for (const [session, isStored, isNamed, isAtOnce] of steps) {
          if (isStored) await store.put(session);
          else records.map.delete(session.id);
          records.changed(isNamed ? session.id : undefined);
          if (!isAtOnce) await settle();
        }
        await settle();
        const told = new Set([oktaSession.id]);
        for (const { added, removed } of changes) {
          for (const one of removed) told.delete(one.id);
          for (const one of added) told.add(one.id);
        }
        expect([...told].sort()).toEqual([...records.map.keys()].sort());
      }),
    );
  });
});
