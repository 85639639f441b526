import { expect, test, vi } from 'vitest';
import { identityCenterSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';

vi.mock(import('../../../../src/core/session/operations.ts'), () => {
  throw new Error('ENOENT');
});

// An update deletes the files of the running version, and a window loads its parts on first use.
test('Sessions.signOut: after an update, a window that has not been reloaded removes the session, and says that it is not confirmed', async () => {
  const { sessions, store, listen, changes } = await sessionsWorld(identityCenterSession);
  listen();
  const outcome = await sessions.signOut(identityCenterSession.id, new AbortController().signal);
  expect(outcome).toMatchObject({
    session: identityCenterSession,
    notConfirmed: { kind: 'invalidResponse' },
  });
  expect(await store.all()).toEqual({ sessions: [], lost: [] });
  expect(changes.flatMap(({ removed }) => removed)).toEqual([identityCenterSession]);
});
