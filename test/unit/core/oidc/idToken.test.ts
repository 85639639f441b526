import { subtle } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { RefreshedTokens } from '../../../../src/core/oauth/tokenSet.ts';
import { readSignIn, refresh as refreshTokens } from '../../../../src/core/oidc/token.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { authorizationServer, january, oktaConnection, tokenSet } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { jwt } from '../../fakes/jwt.ts';
import { signingKey } from '../../fakes/signedJwt.ts';
import type { SigningKey } from '../../fakes/signedJwt.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const { clientId } = oktaConnection;
const jwksUri = `${oktaConnection.issuer}/v1/keys`;
const server = { ...authorizationServer, jwksUri, idTokenAlgorithms: ['RS256'] };
const scopes = ['openid', 'offline_access'];
const second = january / 1000;
const claims = {
  ...{ iss: server.issuer, aud: clientId, sub: '00u1', nonce: 'nonce-1' },
  ...{ iat: second, exp: second + 3600 },
};
const without = (name: keyof typeof claims): object => {
  const { [name]: _, ...rest } = claims;
  return rest;
};

let key: SigningKey;
let otherKey: SigningKey;
beforeAll(async () => {
  [key, otherKey] = await Promise.all([signingKey('key-1'), signingKey('key-1')]);
});

/** The server's keys and its refresh response, with a clock that is `apart` milliseconds off. */
function world({ apart = 0, keys, answer }: { apart?: number; keys?: unknown; answer?: object } = {}) {
  const { http, asked } = answeringHttp((url, { method }) => {
    if (method === 'POST') return Response.json(answer);
    expect(url.href).toBe(jwksUri);
    if (keys instanceof Error) throw keys;
    return keys instanceof Response ? keys : Response.json(keys ?? key.keys);
  });
  return { clock: fakeClock(january + apart), http, log: fakeLog(), asked };
}

const bearer = { access_token: 'access-2', token_type: 'Bearer', refresh_token: 'refresh-2' };

describe('signedInIdToken: the ID token of a sign-in', () => {
  const signIn = (ports: ReturnType<typeof world>, id_token: unknown) => {
    const asked = { sentAt: january, scopes, nonce: 'nonce-1' };
    return readSignIn(oktaClient(ports, server), { members: { ...bearer, id_token }, ...asked }, never);
  };

  test('is stored if valid', async () => {
    const idToken = await key.sign(claims);
    const ports = world();
    expect(await signIn(ports, idToken)).toMatchObject({ accessToken: 'access-2', idToken });
    expect(ports.asked.map(([url]) => url.href)).toEqual([jwksUri]);
  });

  test("is accepted with this machine's clock off by five minutes, either way", async () => {
    const idToken = await key.sign({ ...claims, nbf: second, exp: second + 60 });
    for (const apart of [-299_000, 359_000]) {
      expect(await signIn(world({ apart }), idToken)).toMatchObject({ idToken });
    }
  });

  test('is accepted if it names us as the authorized party among several', async () => {
    const idToken = await key.sign({ ...claims, aud: [clientId, 'another'], azp: clientId });
    expect(await signIn(world(), idToken)).toMatchObject({ idToken });
  });

  test('is verified by a key with null or mistyped members if they do not matter', async () => {
    const idToken = await key.sign(claims);
    const odd = { use: null, alg: null, key_ops: null, x5c: null, x5t: null, ext: 1 };
    for (const more of [odd, { ...odd, kid: 1 }, { ...odd, kid: null }]) {
      const keys = { keys: [null, { ...key.keys.keys[0], ...more }] };
      expect(await signIn(world({ keys }), idToken)).toMatchObject({ idToken });
      const forged = signIn(world({ keys: { keys: [{ ...otherKey.keys.keys[0], ...more }] } }), idToken);
      expect(await rejectionOf(forged)).toMatchObject({
        kind: 'invalidResponse',
        details: { reason: 'idToken' },
      });
    }
  });

  test('may use any asymmetric algorithm if the server does not list any', async () => {
    const { idTokenAlgorithms: _, ...silent } = server;
    const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const sign = async (header: object): Promise<string> => {
      const text = `${part({ kid: 'ec', ...header })}.${part(claims)}`;
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      const bytes = await subtle.sign(algorithm, pair.privateKey, Buffer.from(text));
      return `${text}.${Buffer.from(bytes).toString('base64url')}`;
    };
    const keys = { keys: [{ ...(await subtle.exportKey('jwk', pair.publicKey)), kid: 'ec', use: 'sig' }] };
    const asked = { sentAt: january, scopes, nonce: 'nonce-1' };
    const signedBy = async (header: object) => {
      const answer = { ...bearer, id_token: await sign(header) };
      return readSignIn(oktaClient(world({ keys }), silent), { members: answer, ...asked }, never);
    };
    expect(await signedBy({ alg: 'ES256' })).toHaveProperty('idToken');
    for (const alg of ['none', 'HS256', 'RS256'])
      expect(await rejectionOf(signedBy({ alg }))).toMatchObject({ details: { reason: 'idToken' } });
  });

  test('is verified with the current keys, including one added by rotation', async () => {
    const next = await signingKey('key-2');
    const idToken = await next.sign(claims);
    const keys = { keys: [...key.keys.keys, ...next.keys.keys] };
    expect(await signIn(world({ keys }), idToken)).toMatchObject({ idToken });
  });

  test.each<readonly [string, (own: object, other: object) => readonly unknown[], object]>([
    ['the token does not name its key among several', (own, other) => [other, own], { kid: undefined }],
    ['two keys have one ID', (own, other) => [other, own], {}],
    [
      'the keys have no IDs',
      (own, other) => [
        { ...other, kid: undefined },
        { ...own, kid: undefined },
      ],
      {},
    ],
    ['there are other things beside the key', (own) => [null, 'key', { kid: 'key-1' }, own], {}],
  ])('F9: is verified with the matching key if %s', async (_, keysOf, header) => {
    const idToken = await key.sign(claims, header);
    const [own = {}, other = {}] = [...key.keys.keys, ...otherKey.keys.keys];
    const ports = world({ keys: { keys: keysOf(own, other) } });
    expect(await signIn(ports, idToken)).toMatchObject({ idToken });
    expect(ports.asked).toHaveLength(1);
    const foreign = await rejectionOf(signIn(world({ keys: { keys: [other, other] } }), idToken));
    expect(foreign).toMatchObject({ details: { reason: 'idToken', code: 'OAUTH_KEY_SELECTION_FAILED' } });
  });

  test.each<readonly [string, () => Promise<unknown>, string]>([
    ['another issuer', () => key.sign({ ...claims, iss: 'https://evil.example.com' }), 'iss'],
    ['another audience', () => key.sign({ ...claims, aud: 'another' }), 'aud'],
    ['more audiences', () => key.sign({ ...claims, aud: [clientId, 'another'] }), 'aud'],
    ['another authorized party', () => key.sign({ ...claims, azp: 'another' }), 'azp'],
    ['another nonce', () => key.sign({ ...claims, nonce: 'nonce-2' }), 'nonce'],
    ['no nonce', () => key.sign(without('nonce')), 'OAUTH_INVALID_RESPONSE'],
    ['no subject', () => key.sign(without('sub')), 'OAUTH_INVALID_RESPONSE'],
    ['no end', () => key.sign(without('exp')), 'OAUTH_INVALID_RESPONSE'],
    ['a signature of another key', () => otherKey.sign(claims), 'OAUTH_INVALID_RESPONSE'],
    ['a key that is not there', () => key.sign(claims, { kid: 'other' }), 'OAUTH_KEY_SELECTION_FAILED'],
    [
      'no signature',
      async () => `${jwt(claims).split('.').slice(0, 2).join('.')}.`,
      'OAUTH_INVALID_RESPONSE',
    ],
    ['the algorithm none', () => key.sign(claims, { alg: 'none' }), 'OAUTH_INVALID_RESPONSE'],
    ['a shared secret for a key', () => key.sign(claims, { alg: 'HS256' }), 'OAUTH_INVALID_RESPONSE'],
    [
      'a key that it brings along, or says where to find',
      () => otherKey.sign(claims, { jwk: otherKey.keys.keys[0], jku: 'https://evil.example.com/keys' }),
      'OAUTH_INVALID_RESPONSE',
    ],
    [
      'a demand on its reader',
      () => key.sign(claims, { crit: ['b64'], b64: false }),
      'OAUTH_UNSUPPORTED_OPERATION',
    ],
    ['no JWT', async () => 'opaque', 'OAUTH_INVALID_RESPONSE'],
    ['five parts', async () => 'a.b.c.d.e', 'OAUTH_UNSUPPORTED_OPERATION'],
  ])('rejects the sign-in with %s', async (_, make, code) => {
    const idToken = await make();
    const failure = await rejectionOf(signIn(world(), idToken));
    expect(failure).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'idToken', host: 'example.okta.com', reason: 'idToken', code },
    });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(String(idToken));
  });

  test.each([
    ['an hour ahead and more', 3600_000 + 301_000, {}],
    ['behind', -301_000, { nbf: second }],
  ])('F9: rejects the sign-in and blames the clock if this machine is %s', async (_, apart, more) => {
    const failure = await rejectionOf(signIn(world({ apart }), await key.sign({ ...claims, ...more })));
    expect(failure).toMatchObject({ kind: 'invalidResponse', details: { reason: 'idTokenTimes' } });
  });

  test('does not blame the clock if more is wrong', async () => {
    const idToken = await key.sign({ ...claims, exp: 1, aud: 'another' });
    expect(await rejectionOf(signIn(world(), idToken))).toMatchObject({
      details: { reason: 'idToken', code: 'aud' },
    });
  });

  test.each([undefined, null, '', 42])('F9: may be missing: %o', async (id_token) => {
    expect(await signIn(world(), id_token)).not.toHaveProperty('idToken');
  });

  test('is ignored if it was not requested', async () => {
    const asked = { sentAt: january, scopes: ['offline_access'] };
    const answer = { ...bearer, id_token: 'opaque' };
    expect(
      await readSignIn(oktaClient(world(), server), { members: answer, ...asked }, never),
    ).not.toHaveProperty('idToken');
  });

  test.each([
    ['cannot be reached', new SignInError('network')],
    ['are not there', new Response(null, { status: 404 })],
    ['are a page', new Response('<p>')],
    ['are not keys', { keys: 'none' }],
    ['are missing from their document', { keys: [] }],
  ])('is dropped, and the tokens kept, if the keys %s', async (_, keys) => {
    const ports = world({ keys });
    const signedIn = await signIn(ports, await key.sign(claims));
    expect(signedIn).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    expect(signedIn).not.toHaveProperty('idToken');
    expect(ports.log.lines).toHaveLength(1);
  });

  test('is trusted because of TLS if the server has no keys', async () => {
    const { jwksUri: _, ...noKeys } = server;
    const asked = { sentAt: january, scopes, nonce: 'nonce-1' };
    const id_token = jwt(claims);
    const read = (token: string) =>
      readSignIn(oktaClient(world(), noKeys), { members: { ...bearer, id_token: token }, ...asked }, never);
    expect(await read(id_token)).toMatchObject({ idToken: id_token });
    await expect(read(jwt({ ...claims, aud: 'another' }))).rejects.toThrow('invalidResponse');
  });
});

describe('refreshedIdToken: the ID token of a refresh', () => {
  const first = jwt(claims);
  const before = { ...tokenSet, refreshToken: 'refresh-1', idToken: first };
  const refresh = async (
    answer: object,
    { apart = 0, keys, old = before }: { apart?: number; keys?: unknown; old?: typeof before } = {},
  ) => {
    const ports = world({ apart, keys, answer: { ...bearer, ...answer } });
    const done: RefreshedTokens = await refreshTokens(oktaClient(ports, server), old, scopes, never);
    return { ...done, log: ports.log, read: await done.idToken?.() };
  };

  test('replaces the previous one if valid', async () => {
    const idToken = await key.sign({ ...claims, exp: second + 7200 });
    const { tokenSet: stored, read } = await refresh({ id_token: idToken });
    expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2', idToken: first });
    expect(read).toBe(idToken);
  });

  test.each<readonly [string, () => Promise<unknown>]>([
    ['expired', () => key.sign({ ...claims, exp: second - 301 })],
    ['of another issuer (a custom domain)', () => key.sign({ ...claims, iss: 'https://id.example.com' })],
    ['for another audience', () => key.sign({ ...claims, aud: 'another' })],
    ['for another authorized party', () => key.sign({ ...claims, azp: 'another' })],
    ['with another nonce', () => key.sign({ ...claims, nonce: 'nonce-2' })],
    ['signed by another key', () => otherKey.sign(claims)],
    ['without a subject', () => key.sign(without('sub'))],
    ['opaque', async () => 'opaque'],
  ])('F9: that is %s is dropped, and the tokens are kept', async (_, make) => {
    const { tokenSet: stored, refused, read, log } = await refresh({ id_token: await make() });
    expect(refused).toBeUndefined();
    expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2', idToken: first });
    expect(read).toBeUndefined();
    expect(log.lines).toHaveLength(1);
  });

  test.each([null, '', 42, {}, [], undefined])('F9: that is %o does not cost a token', async (id_token) => {
    const { tokenSet: stored, read } = await refresh({ id_token });
    expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2', idToken: first });
    expect(read).toBeUndefined();
  });

  test('F9: accepts a machine clock that is wrong by hours', async () => {
    for (const apart of [2 * 3600_000, -3600_000]) {
      const { tokenSet: stored } = await refresh({ id_token: await key.sign(claims) }, { apart });
      expect(stored).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    }
  });

  test('never fails because of missing keys', async () => {
    const { tokenSet: stored, read } = await refresh(
      { id_token: await key.sign(claims) },
      { keys: new SignInError('proxy') },
    );
    expect(stored.refreshToken).toBe('refresh-2');
    expect(read).toBeUndefined();
  });

  test.each([
    ['the ID token before', before],
    [
      'the access token before',
      { ...before, accessToken: jwt({ sub: 'ana@example.com', uid: '00u1' }), idToken: 'x' },
    ],
  ])('of another user, by %s, rejects the whole response', async (_, old) => {
    const id_token = await key.sign({ ...claims, sub: '00u2' });
    const failure = await rejectionOf(refresh({ id_token }, { old }));
    expect(failure).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'refresh', host: 'example.okta.com', reason: 'otherSubject' },
    });
  });

  test("matches the session by either of Okta's IDs for a user", async () => {
    const accessToken = jwt({ sub: 'ana@example.com', uid: '00u1' });
    const { idToken: _, ...old } = { ...before, accessToken };
    for (const sub of ['00u1', 'ana@example.com']) {
      const id_token = await key.sign({ ...claims, sub });
      const ports = world({ answer: { ...bearer, id_token } });
      const done = await refreshTokens(oktaClient(ports, server), old, scopes, never);
      expect(await done.idToken?.()).toBe(id_token);
    }
  });

  test('is ignored if it was not requested, whatever its subject', async () => {
    const ports = world({ answer: { ...bearer, id_token: jwt({ ...claims, sub: '00u2' }) } });
    const done = await refreshTokens(oktaClient(ports, server), before, ['offline_access'], never);
    expect(done.idToken).toBeUndefined();
    expect(done.tokenSet.refreshToken).toBe('refresh-2');
  });
});
