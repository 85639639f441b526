import { describe, expect, test } from 'vitest';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';
import { aboutOf, recordOf } from '../../../../src/core/session/sessionRecord.ts';

const { id } = oktaSession;

async function withLost() {
  const world = await sessionsWorld(identityCenterSession, oktaSession);
  world.records.readings.set(id, { state: 'lost', about: aboutOf(oktaSession) });
  const remove = world.records.remove.bind(world.records);
  world.records.remove = async (one) => {
    world.records.readings.delete(one);
    return remove(one);
  };
  return world;
}

describe('Sessions.forget: a lost session', () => {
  test('is forgotten, and listeners are notified', async () => {
    const { sessions, changes, listen } = await withLost();
    await settle();
    listen();
    expect((await sessions.list()).lost).toMatchObject([{ id, accountName: 'ada@example.com' }]);
    await sessions.forget(id);
    expect(await sessions.list()).toEqual({ sessions: [identityCenterSession], lost: [] });
    expect(changes).toEqual([{ added: [], removed: [], changed: [] }]);
  });

  test('is forgotten without a request to the server', async () => {
    const { sessions, askedOkta } = await withLost();
    await sessions.forget(id);
    expect(askedOkta).toEqual([]);
  });

  test('that another window has renewed stays', async () => {
    const { sessions, records } = await withLost();
    records.readings.clear();
    await sessions.forget(id);
    expect((await sessions.list()).sessions).toHaveLength(2);
  });
});

describe('Sessions.forget: a session with a damaged record was hidden, and its tokens stayed', () => {
  const damaged = recordOf(oktaSession).replace('"type":"okta"', '"type":"unknown"');

  test('it is listed as lost, and its tokens go with it', async () => {
    const { sessions, records } = await sessionsWorld(identityCenterSession, oktaSession);
    records.map.set(id, { record: damaged, about: aboutOf(oktaSession) });
    expect((await sessions.list()).lost).toMatchObject([
      { id, accountName: 'ada@example.com', isUnreadable: true },
    ]);
    await sessions.forget(id);
    expect(await sessions.list()).toEqual({ sessions: [identityCenterSession], lost: [] });
    expect([...records.map.keys()]).toEqual([identityCenterSession.id]);
  });

  test('one of a newer version is left to the windows that can read it', async () => {
    const { sessions, records } = await sessionsWorld();
    const record = recordOf(oktaSession).replace('"version":3', '"version":4');
    records.map.set(id, { record, about: aboutOf(oktaSession) });
    expect(await sessions.list()).toEqual({ sessions: [], lost: [] });
    await sessions.forget(id);
    expect([...records.map.keys()]).toEqual([id]);
  });
});
