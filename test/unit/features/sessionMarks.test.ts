import { describe, expect, test } from 'vitest';
import { Sessions } from '../../../src/core/session/sessions.ts';
import {
  hour,
  identityCenterConnection,
  identityCenterSession,
  january,
  oktaSession,
} from '../fakes/examples.ts';
import { fakePerson } from '../fakes/fakePerson.ts';
import { sessionsWorld } from '../fakes/sessionsWorld.ts';
import { settle, settleUntil } from '../fakes/settle.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';
import { byPreference } from '../../../src/features/defaultSession.ts';
import {
  allowPrograms,
  claimExpiryWarning,
  forbidPrograms,
  prefer,
} from '../../../src/features/sessionMarks.ts';

const { id } = identityCenterSession;
const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };
const end = { at: identityCenterSession.signedInAt, kind: 'grantRevoked' } as const;
type World = Awaited<ReturnType<typeof sessionsWorld>>;

async function signIn({ sessions, oidc, clock }: World) {
  oidc
    .willAnswer('registerClient', { clientId: 'client-1', clientSecret: 'client-secret-1' })
    .willAnswer('startDeviceAuthorization', {
      deviceCode: 'device-code-1',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
    })
    .willAnswer('createToken', answer);
  const person = fakePerson();
  const done = sessions.signIn(identityCenterConnection, {}, person, never);
  await settleUntil(() => person.open === 1);
  await clock.advance(5000);
  return done;
}

describe('prefer: the preferred session', () => {
  test('every window is notified once', async () => {
    const { sessions, clock, changes, listen } = await sessionsWorld(identityCenterSession, oktaSession);
    listen();
    await settle();
    await prefer(sessions, id);
    await settle();
    const preferred = { ...identityCenterSession, preferredAt: clock.now() };
    expect(changes).toEqual([{ added: [], removed: [], changed: [preferred] }]);
  });

  test('is the last choice of the user, even if the clock was ahead at the one before', async () => {
    const ahead = { ...identityCenterSession, id: 'b'.repeat(32), preferredAt: january + 5 * hour };
    const ofOkta = { ...oktaSession, preferredAt: january + 9 * hour };
    const { sessions, store } = await sessionsWorld(identityCenterSession, ahead, ofOkta);
    await prefer(sessions, id);
    const ordered = (await store.all()).sessions.filter(({ type }) => type === 'identityCenter');
    expect(ordered.sort(byPreference).map((one) => one.id)).toEqual([id, ahead.id]);
  });

  test('stays preferred after a refresh and a new sign-in, and keeps its history', async () => {
    const world = await sessionsWorld();
    const { sessions, oidc, clock } = world;
    const first = await signIn(world);
    expect(first.requestedScopes).toEqual(['codewhisperer:completions', 'codewhisperer:conversations']);
    await prefer(sessions, first.id);
    const preferredAt = clock.now();
    await clock.advance(1000);
    oidc.willAnswer('createToken', answer);
    const refreshed = await sessions.refresh(first.id, never);
    expect(refreshed).toMatchObject({ preferredAt, history: [{ at: clock.now() }] });
    const again = await signIn(world);
    expect(again).toMatchObject({ id: first.id, preferredAt, history: refreshed.history });
    expect((await sessions.list()).sessions).toEqual([again]);
  });

  test('cannot be one that no longer exists', async () => {
    const { sessions } = await sessionsWorld(oktaSession);
    expect(await rejectionOf(prefer(sessions, id))).toMatchObject({ kind: 'signInNeeded' });
  });

  test("does not overwrite another window's newer record", async () => {
    const { sessions, records } = await sessionsWorld(identityCenterSession);
    const { record = '' } = records.map.get(id) ?? {};
    records.readings.set(id, { state: 'older', record });
    expect(await rejectionOf(prefer(sessions, id))).toMatchObject({ kind: 'storage' });
    expect(records.map.get(id)?.record).toBe(record);
  });
});

describe('claimExpiryWarning: the warning before expiry', () => {
  const over = { ...identityCenterSession, ended: end };

  test('can be claimed by one window only', async () => {
    const one = await sessionsWorld(over);
    const two = new Sessions(one);
    await one.clock.advance(hour - 5 * 60_000);
    const claims = await Promise.all([claimExpiryWarning(one.sessions, id), claimExpiryWarning(two, id)]);
    expect(claims.toSorted()).toEqual([false, true]);
    expect(await claimExpiryWarning(one.sessions, id)).toBe(false);
  });

  test('cannot be claimed if the session was renewed meanwhile', async () => {
    const { sessions, clock } = await sessionsWorld(identityCenterSession);
    await clock.advance(hour - 5 * 60_000);
    expect(await claimExpiryWarning(sessions, id)).toBe(false);
  });
});

describe('allowPrograms, forbidPrograms', () => {
  const stored = async ({ sessions }: Awaited<ReturnType<typeof sessionsWorld>>) =>
    (await sessions.list()).sessions[0]?.programPlaces;

  test('grants terminals of one machine access, and keeps the consent of another machine', async () => {
    const world = await sessionsWorld(oktaSession);
    const { sessions } = world;
    await allowPrograms(sessions, oktaSession.id, 'laptop');
    await allowPrograms(sessions, oktaSession.id, 'desktop');
    await allowPrograms(sessions, oktaSession.id, 'laptop');
    expect(await stored(world)).toEqual(['desktop', 'laptop']);
    await forbidPrograms(sessions, oktaSession.id, 'desktop');
    expect(await stored(world)).toEqual(['laptop']);
    await forbidPrograms(sessions, oktaSession.id, 'laptop');
    expect(await stored(world)).toBeUndefined();
  });

  test('notifies every listener', async () => {
    const { sessions, changes, listen } = await sessionsWorld(oktaSession);
    listen();
    await allowPrograms(sessions, oktaSession.id, 'laptop');
    await expect
      .poll(() => changes.flatMap(({ changed }) => changed))
      .toMatchObject([{ id: oktaSession.id }]);
  });
});
