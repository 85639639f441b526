import { describe, expect, test } from 'vitest';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { withoutDeadTokens } from '../../../../src/core/session/sessionUpdates.ts';
import type { IdentityCenterSession } from '../../../../src/core/session/session.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import { hour, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const ended = { at: january, kind: 'grantRevoked' } as const;
const never = new AbortController().signal;
const withId = <T extends { readonly tokenSet: object }>(session: T) => ({
  ...session,
  ended,
  tokenSet: { ...session.tokenSet, idToken: 'id-1' },
});
const both = [withId(identityCenterSession), withId(oktaSession)];

describe('withoutDeadTokens: an ended session', () => {
  test.each(both)('($type) keeps no refresh token, and its access token until expiry', async (session) => {
    const { refreshToken: _, ...served } = session.tokenSet;
    const bare = await withoutDeadTokens(january, session);
    expect(bare).toEqual({ ...session, tokenSet: served });
  });

  test.each(both)('($type) keeps no expired token', async (session) => {
    const { refreshToken: _, idToken: __, ...rest } = session.tokenSet;
    const bare = await withoutDeadTokens(january + hour, session);
    expect(bare).toEqual({ ...session, tokenSet: { ...rest, accessToken: '' } });
  });

  test('that was shared is still identified by its data in the cache of the AWS CLI', async () => {
    const shared: IdentityCenterSession = {
      ...withId(identityCenterSession),
      awsCli: { name: 'example' },
    };
    const { awsCli } = await withoutDeadTokens(january + hour, shared);
    expect(awsCli?.left).toMatch(/^[\da-f]{16}$/);
    const bare = await withoutDeadTokens(january + hour, { ...shared, ...(awsCli && { awsCli }) });
    expect(await withoutDeadTokens(january + 2 * hour, bare)).toEqual(bare);
  });

  test('has none in its record from the moment that its server ends it', async () => {
    const { sessions, store, records, oidc, clock } = await sessionsWorld(identityCenterSession);
    await clock.advance(hour);
    oidc.willAnswer('createToken', new OAuthErrorResponse('invalid_grant', { operation: 'x', status: 400 }));
    await rejectionOf(sessions.withFreshToken(identityCenterSession.id, never));
    expect((await store.get(identityCenterSession.id))?.session.ended).toBeDefined();
    expect(JSON.stringify([...records.map])).not.toMatch(/access-1|refresh-1/);
  });

  test.each(both)('($type) of an earlier release has none after the first read', async (session) => {
    const { clock, records, store, ports } = await sessionsWorld(session);
    await clock.advance(hour);
    using sessions = new Sessions(ports);
    await sessions.list();
    await settle();
    expect(JSON.stringify([...records.map])).not.toMatch(/access-1|refresh-1|id-1/);
    expect((await store.get(session.id))?.session).toMatchObject({ ended, account: session.account });
  });

  test('loses its access token at expiry, and is not written again', async () => {
    const { clock, records, sessions } = await sessionsWorld(both[0] ?? identityCenterSession);
    await sessions.list();
    await settle();
    const served = JSON.stringify([...records.map]);
    expect([served.includes('access-1'), served.includes('refresh-1')]).toEqual([true, false]);
    await clock.advance(hour);
    await sessions.list();
    await settle();
    const bare = JSON.stringify([...records.map]);
    expect(bare).not.toContain('access-1');
    await sessions.list();
    await settle();
    expect(JSON.stringify([...records.map])).toBe(bare);
  });

  test('that only another window can write is left to that window', async () => {
    const [session = withId(identityCenterSession)] = both;
    const { records, sessions } = await sessionsWorld(session);
    const { record = '' } = records.map.get(session.id) ?? {};
    records.readings.set(session.id, { state: 'older', record });
    await sessions.list();
    await settle();
    expect(JSON.stringify([...records.map])).toContain('refresh-1');
  });
});
