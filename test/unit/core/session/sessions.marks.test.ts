import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { hour, identityCenterConnection, identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

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

describe('Sessions: the preferred session', () => {
  test('is told to every window as a change, once', async () => {
    const { sessions, clock, changes, listen } = await sessionsWorld(identityCenterSession, oktaSession);
    listen();
    await settle();
    await sessions.prefer(id);
    await settle();
    const preferred = { ...identityCenterSession, preferredAt: clock.now() };
    expect(changes).toEqual([{ added: [], removed: [], changed: [preferred] }]);
  });

  test('stays preferred over a refresh and a new sign-in, with its history', async () => {
    const world = await sessionsWorld();
    const { sessions, oidc, clock } = world;
    const first = await signIn(world);
    expect(first.requestedScopes).toEqual(['codewhisperer:completions', 'codewhisperer:conversations']);
    await sessions.prefer(first.id);
    const preferredAt = clock.now();
    await clock.advance(1000);
    oidc.willAnswer('createToken', answer);
    const refreshed = await sessions.refresh(first.id, never);
    expect(refreshed).toMatchObject({ preferredAt, history: [{ at: clock.now() }] });
    const again = await signIn(world);
    expect(again).toMatchObject({ id: first.id, preferredAt, history: refreshed.history });
    expect((await sessions.list()).sessions).toEqual([again]);
  });

  test('cannot be one that is gone', async () => {
    const { sessions } = await sessionsWorld(oktaSession);
    expect(await rejectionOf(sessions.prefer(id))).toMatchObject({ kind: 'signInNeeded' });
  });

  test('is not written over a newer record of another window', async () => {
    const { sessions, records } = await sessionsWorld(identityCenterSession);
    const { record = '' } = records.map.get(id) ?? {};
    records.readings.set(id, { state: 'older', record });
    expect(await rejectionOf(sessions.prefer(id))).toMatchObject({ kind: 'storage' });
    expect(records.map.get(id)?.record).toBe(record);
  });
});

describe('Sessions: the warning before an end', () => {
  const over = { ...identityCenterSession, ended: end };

  test('is one window’s to say', async () => {
    const one = await sessionsWorld(over);
    const two = new Sessions(one);
    await one.clock.advance(hour - 5 * 60_000);
    const claims = await Promise.all([one.sessions.claimExpiryWarning(id), two.claimExpiryWarning(id)]);
    expect(claims.toSorted()).toEqual([false, true]);
    expect(await one.sessions.claimExpiryWarning(id)).toBe(false);
  });

  test('is not given for a session that was signed in to again meanwhile', async () => {
    const { sessions, clock } = await sessionsWorld(identityCenterSession);
    await clock.advance(hour - 5 * 60_000);
    expect(await sessions.claimExpiryWarning(id)).toBe(false);
  });
});

describe('Sessions: what a person refreshed in vain', () => {
  test.each([
    ['when it was over', hour],
    ['before it was due', 0],
  ])('%s is tried again by itself, until it works', async (_, after) => {
    const { sessions, oidc, clock } = await sessionsWorld(identityCenterSession);
    await clock.advance(after);
    const away = new SignInError('network');
    oidc.willAnswer('createToken', away, away, away, away);
    await rejectionOf(sessions.refresh(id, never));
    await clock.advance(5_000);
    expect(sessions.lastFailure(id)?.failures).toBe(2);
    oidc.willAnswer('createToken', answer);
    await clock.advance(60_000);
    expect((await sessions.list()).sessions[0]?.tokenSet.accessToken).toBe('access-2');
    expect(sessions.lastFailure(id)).toBeUndefined();
    expect(oidc.asked).toHaveLength(5);
  });
});
