import { describe, expect, test } from 'vitest';
import { carryOver } from '../../../../src/core/session/sessionUpdates.ts';
import { oktaSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';

describe('updateUnderLock', () => {
  const stored = async ({ sessions }: Awaited<ReturnType<typeof sessionsWorld>>) =>
    (await sessions.list()).sessions[0]?.programPlaces;

  test('lets the terminals of one machine have a token, and leaves the yes of another machine alone', async () => {
    const world = await sessionsWorld(oktaSession);
    const { sessions } = world;
    await sessions.allowPrograms(oktaSession.id, 'laptop', true);
    await sessions.allowPrograms(oktaSession.id, 'desktop', true);
    await sessions.allowPrograms(oktaSession.id, 'laptop', true);
    expect(await stored(world)).toEqual(['desktop', 'laptop']);
    await sessions.allowPrograms(oktaSession.id, 'desktop', false);
    expect(await stored(world)).toEqual(['laptop']);
    await sessions.allowPrograms(oktaSession.id, 'laptop', false);
    expect(await stored(world)).toBeUndefined();
  });

  test('tells every listener of it', async () => {
    const { sessions, changes, listen } = await sessionsWorld(oktaSession);
    listen();
    await sessions.allowPrograms(oktaSession.id, 'laptop', true);
    await expect
      .poll(() => changes.flatMap(({ changed }) => changed))
      .toMatchObject([{ id: oktaSession.id }]);
  });
});

describe('carryOver', () => {
  test('a new sign-in of the same account keeps the terminals that may use it', () => {
    expect(carryOver(oktaSession, { ...oktaSession, programPlaces: ['laptop'] }, [])).toMatchObject({
      programPlaces: ['laptop'],
    });
    expect(carryOver(oktaSession, undefined, [])).not.toHaveProperty('programPlaces');
  });
});
