import { describe, expect, test } from 'vitest';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import type { Clock } from '../../../../src/core/ports.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { createCliSharing } from '../../../../src/features/sharedStore.ts';
import { hour, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakeAwsCli } from '../../fakes/fakeAwsCli.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const name = 'my-company';
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const bySdk = { accessToken: 'access-sdk', refreshToken: 'refresh-sdk' };

/** A session shared with the CLI. */
async function shared() {
  const world = await sessionsWorld(identityCenterSession, oktaSession);
  const awsCli = fakeAwsCli(() => world.clock.now());
  awsCli.choice = { name };
  // Sleeps for the CLI's sake take no time.
  const sleep: Clock['sleep'] = async (milliseconds, signal) =>
    milliseconds <= 1000 ? undefined : world.clock.sleep(milliseconds, signal);
  const clock = { ...world.clock, sleep };
  const sharing = createCliSharing(world.ports.store, { awsCli, clock, log: world.log });
  const sessions = new Sessions({ ...world.ports, clock, store: sharing.store });
  await sharing.share(id, name, never);
  return { ...world, sessions, awsCli, sharing };
}

describe('Sessions: a session that is shared with the AWS CLI', () => {
  test('fires a change', async () => {
    const { sessions, sharing } = await shared();
    const told: string[] = [];
    using _ = sessions.onDidChange(({ changed }) => told.push(...changed.map((session) => session.id)));
    await sharing.share(id, undefined, never);
    await settle();
    expect(told).toContain(id);
  });

  test('is written by each refresh before its token is returned', async () => {
    const { sessions, awsCli, oidc } = await shared();
    oidc.willAnswer('createToken', answer);
    const { tokenSet } = await sessions.refresh(id, never);
    expect(awsCli.files.get(name)).toMatchObject({
      accessToken: tokenSet.accessToken,
      refreshToken: 'refresh-2',
    });
  });

  test("sends the CLI's or SDK's newer refresh token, never the older one", async () => {
    const { sessions, awsCli, oidc } = await shared();
    awsCli.refreshedBySdk(name, bySdk);
    oidc.willAnswer('createToken', answer);
    await sessions.refresh(id, never);
    expect(oidc.asked.map(([, request]) => request['refreshToken'])).toEqual(['refresh-sdk']);
  });

  test('is not refreshed if the CLI or an SDK has just done so', async () => {
    const { sessions, awsCli, oidc, clock } = await shared();
    await clock.advance(hour);
    awsCli.refreshedBySdk(name, { ...bySdk, expiresAt: clock.now() + hour });
    expect((await sessions.withFreshToken(id, never)).tokenSet).toMatchObject(bySdk);
    expect(oidc.asked).toEqual([]);
  });

  test.each(['invalid_grant', 'expired_token', 'access_denied'])(
    'does not end because of an error (%s) if the CLI or an SDK was first at the server',
    async (code) => {
      const { sessions, awsCli, oidc, store } = await shared();
      oidc.willAnswer('createToken', () => {
        awsCli.refreshedBySdk(name, bySdk);
        throw new OAuthErrorResponse(code, { operation: 'createToken', status: 400 });
      });
      expect((await sessions.refresh(id, never)).tokenSet).toMatchObject(bySdk);
      expect((await store.get(id))?.session.ended).toBeUndefined();
    },
  );

  test('has every refresh in its history, whichever program made it', async () => {
    const { sessions, awsCli, clock } = await shared();
    await clock.advance(hour);
    awsCli.refreshedBySdk(name, { ...bySdk, expiresAt: clock.now() + hour });
    expect((await sessions.withFreshToken(id, never)).history).toEqual([{ at: clock.now() }]);
  });

  test('is removed from the cache on sign-out, and signed out with its newest token', async () => {
    const { sessions, awsCli, loggedOut } = await shared();
    awsCli.refreshedBySdk(name, bySdk);
    expect(await sessions.signOut(id, never)).not.toHaveProperty('left');
    expect(awsCli.files.size).toBe(0);
    expect(loggedOut.map(([, token]) => token)).toEqual(['access-sdk']);
  });

  test('is signed out even if its file cannot be removed, which is reported', async () => {
    const { sessions, awsCli, store } = await shared();
    awsCli.fails = { remove: Object.assign(new Error('denied'), { code: 'EACCES' }) };
    expect(await sessions.signOut(id, never)).toMatchObject({ unremovedEntry: name });
    expect(await store.get(id)).toBeUndefined();
  });

  test('is not written by this window if another one has a newer record', async () => {
    const { sharing, awsCli, records } = await shared();
    const { record = '' } = records.map.get(id) ?? {};
    records.readings.set(id, { state: 'older', record });
    const before = awsCli.changes.length;
    expect(await rejectionOf(sharing.share(id, undefined, never))).toMatchObject({
      kind: 'storage',
      details: { reason: 'newerElsewhere' },
    });
    expect(awsCli.changes).toHaveLength(before);
  });
});

test('an unknown session, or one of Okta, cannot be shared', async () => {
  const { sharing, awsCli } = await shared();
  expect(await rejectionOf(sharing.share('f'.repeat(32), name, never))).toMatchObject({
    kind: 'signInNeeded',
  });
  await sharing.share(oktaSession.id, 'okta', never);
  expect([...awsCli.files.keys()]).toEqual([name]);
});
