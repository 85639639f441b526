import { describe, expect, test, vi } from 'vitest';
import type { OktaConnection } from '../../../../src/core/connection/connection.ts';
import type { SessionOf } from '../../../../src/core/session/session.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import type { SessionStore } from '../../../../src/core/session/sessionStore.ts';
import { hour, january, oktaSession } from '../../fakes/examples.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { jwt } from '../../fakes/jwt.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const second = january / 1000;
const claims = {
  ...{ iss: oktaSession.server.issuer, aud: oktaSession.connection.clientId, sub: '00u1' },
  ...{ iat: second, exp: second + 100 * 3600 },
};
const first = jwt(claims);
const withOpenid: SessionOf<OktaConnection> = {
  ...oktaSession,
  requestedScopes: ['openid', 'offline_access'],
  tokenSet: { ...oktaSession.tokenSet, idToken: first },
};
const tokens = {
  access_token: 'access-2',
  token_type: 'Bearer',
  refresh_token: 'refresh-2',
  expires_in: 3600,
};

/** A session with an expired token, at a server with these responses. */
async function overdue(...answers: readonly object[]) {
  const world = fakePorts(...answers.map((answer) => ({ ...tokens, ...answer })));
  await world.ports.store.put(withOpenid);
  await world.ports.clock.advance(2 * hour);
  const sessions = new Sessions(world.ports);
  const stored = async () => (await world.ports.store.get(withOpenid.id))?.session;
  return { ...world, sessions, stored, fresh: () => sessions.withFreshToken(withOpenid.id, never) };
}

describe('Sessions: F9: a refresh with an ID token that', () => {
  test('is valid stores it with the tokens', async () => {
    const idToken = jwt({ ...claims, iat: second + 1 });
    const { fresh, stored } = await overdue({ id_token: idToken });
    expect((await fresh()).tokenSet.accessToken).toBe('access-2');
    await vi.waitFor(async () =>
      expect((await stored())?.tokenSet).toMatchObject({ refreshToken: 'refresh-2', idToken }),
    );
  });

  test.each([
    ['expired', jwt({ ...claims, exp: second })],
    ['opaque', 'opaque'],
    ['null', null],
    ['empty', ''],
    ["another client's", jwt({ ...claims, aud: 'another' })],
  ])('is %s stores the tokens, and continues with the new refresh token', async (_, id_token) => {
    const { fresh, sessions, stored, askedOkta } = await overdue({ id_token }, {});
    expect((await fresh()).tokenSet.accessToken).toBe('access-2');
    expect((await stored())?.tokenSet).toMatchObject({ refreshToken: 'refresh-2', idToken: first });
    await sessions.refresh(withOpenid.id, never);
    expect(askedOkta.map(([, form]) => form.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2']);
  });

  test('is for another user stores nothing, keeps the session, and reports why', async () => {
    const other = jwt({ ...claims, sub: '00u2' });
    const { fresh, stored, askedOkta, ports } = await overdue({ id_token: other }, { id_token: first });
    expect(await rejectionOf(fresh())).toMatchObject({
      kind: 'invalidResponse',
      details: { reason: 'otherSubject' },
    });
    expect(await stored()).toEqual(withOpenid);
    await ports.clock.advance(5_000);
    expect((await fresh()).tokenSet).toMatchObject({ accessToken: 'access-2', idToken: first });
    expect(askedOkta.map(([, form]) => form.get('refresh_token'))).toEqual(['refresh-1', 'refresh-1']);
  });
});

test('F9: a refresh with a refresh token and no access token continues with the new one', async () => {
  const { fresh, stored, askedOkta, ports } = await overdue({ access_token: null }, {});
  expect(await rejectionOf(fresh())).toMatchObject({ kind: 'invalidResponse' });
  expect(await stored()).toEqual({
    ...withOpenid,
    tokenSet: { ...withOpenid.tokenSet, refreshToken: 'refresh-2' },
  });
  await ports.clock.advance(5_000);
  expect((await fresh()).tokenSet.accessToken).toBe('access-2');
  expect(askedOkta.map(([, form]) => form.get('refresh_token'))).toEqual(['refresh-1', 'refresh-2']);
});

test('an ID token that cannot be stored does not cost a token', async () => {
  const { fresh, stored, ports } = await overdue({ id_token: first });
  const put = ports.store.put.bind(ports.store);
  let puts = 0;
  ports.store.put = async (session) => {
    puts += 1;
    if (puts > 1) throw new Error('ENOSPC');
    await put(session);
  };
  expect((await fresh()).tokenSet.accessToken).toBe('access-2');
  expect((await stored())?.tokenSet.refreshToken).toBe('refresh-2');
});

test.each([
  ['a sign-out', async (store: SessionStore) => store.remove(withOpenid.id), undefined],
  [
    'a new sign-in',
    async (store: SessionStore) => store.put({ ...withOpenid, signedInAt: january + hour }),
    january + hour,
  ],
])('an ID token that was checked during %s, which did not wait, does not undo it', async (_, does, at) => {
  const { fresh, stored, ports } = await overdue({ id_token: jwt({ ...claims, iat: second + 1 }) });
  const replace = ports.store.replace.bind(ports.store);
  ports.store.replace = async (...given) => {
    const written = await replace(...given);
    await does(ports.store);
    return written;
  };
  expect((await fresh()).tokenSet.accessToken).toBe('access-2');
  await settle();
  const left = await stored();
  expect(left?.signedInAt).toBe(at);
  expect(left?.tokenSet.accessToken).not.toBe('access-2');
});

test('an ID token is never logged', async () => {
  const { fresh, ports } = await overdue({ id_token: jwt({ ...claims, aud: 'another' }) });
  await fresh();
  expect(ports.log.lines.join('\n')).not.toContain('eyJ');
});

describe('Sessions: a wrong clock loses nothing at a server that rotates without grace', () => {
  const clocks: readonly (readonly [string, readonly number[]])[] = [
    ['two hours ahead', [2 * hour]],
    ['an hour behind', [-hour]],
    ['jumping', [2 * hour, -3 * hour, 0, 26 * hour, -24 * hour, 1000]],
  ];
  const scopes = [
    ['with openid', ['openid', 'offline_access']],
    ['without openid', ['offline_access']],
  ] as const;
  test.each(
    clocks.flatMap(([clock, jumps]) =>
      scopes.map(([asked, wanted]) => [clock, asked, jumps, wanted] as const),
    ),
  )('%s, Okta, %s', async (_clock, _asked, jumps, requestedScopes) => {
    const { ports } = fakePorts();
    let last = 1;
    const { http } = answeringHttp((_, { body }) => {
      const sent = new URLSearchParams(body).get('refresh_token');
      if (sent !== `refresh-${last}`) return Response.json({ error: 'invalid_grant' }, { status: 400 });
      last += 1;
      const id_token = jwt({ ...claims, exp: second + 3600 });
      return Response.json({ ...tokens, refresh_token: `refresh-${last}`, id_token });
    });
    await ports.store.put({ ...withOpenid, requestedScopes });
    let apart = 0;
    const clock = { ...ports.clock, now: () => ports.clock.now() + apart };
    using sessions = new Sessions({ ...ports, http, clock });
    for (let round = 0; round < 12; round++) {
      apart += jumps[round % jumps.length] ?? 0;
      // Served and refreshed in the background, and refreshed on request.
      await sessions.withFreshToken(withOpenid.id, never);
      await sessions.refresh(withOpenid.id, never);
    }
    await vi.waitFor(async () => {
      const stored = (await ports.store.get(withOpenid.id))?.session;
      expect(stored?.ended).toBeUndefined();
      expect(stored?.tokenSet.refreshToken).toBe(`refresh-${last}`);
    });
    expect(last).toBeGreaterThan(1);
  });
});
