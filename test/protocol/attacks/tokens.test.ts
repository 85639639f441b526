import { describe, expect, test } from 'vitest';
import { GUIDE_SCOPES } from '../../sandbox/okta/settings.ts';
import { noSignal, providers } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { changed, proxyOf } from './changes.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { tokenRows } from './tokens.rows.ts';
import { connectionOf, useWorld } from './world.ts';

const openid = ['openid', ...GUIDE_SCOPES];
const world = useWorld({ okta: { allowedScopes: openid, refreshGraceSeconds: 0 } });
const flow = { flow: 'authorizationCode' } as const;
const signInWith = (
  product: ReturnType<typeof world.window>,
  provider: Provider,
  scopes?: readonly string[],
) => {
  const connection = connectionOf(world, provider);
  const person = world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));
  const asking = connection.type === 'okta' && scopes !== undefined ? { ...connection, scopes } : connection;
  return product.sessions.signIn(asking, flow, person, noSignal);
};

describe.each(providers)('at %s, to a code', (provider) => {
  const rows = tokenRows.filter((row) => row[provider] !== undefined);
  test.each(rows)(title, async ({ change, kept = {}, tokenRequests, ...row }) => {
    const scopesAsked = row.openid === true ? openid : undefined;
    proxyOf(world, provider).tamper('/token', changed(provider, change(world.elsewhere.origin)));
    using product = world.window();
    const { kind, session } = await settled(product, signInWith(product, provider, scopesAsked));
    expect(kind).toBe(row[provider]);
    expect(world.tokenRequests()).toBe(tokenRequests);
    if (session === undefined) return;
    const { scopes, seconds, refreshToken } = kept;
    const { tokenSet } = session;
    if (scopes !== undefined) expect(tokenSet.scopes).toEqual(scopes);
    if (seconds !== undefined) expect((tokenSet.expiresAt - tokenSet.obtainedAt) / 1000).toBe(seconds);
    if (refreshToken === false) expect(tokenSet.refreshToken).toBeUndefined();
    expect(tokenSet.idToken).toBeUndefined();
  });
});

describe.each(providers)('at %s, to a refresh, which the session outlives', (provider) => {
  const rows = tokenRows.filter(
    (row) => !['signedIn', 'codeExpired', undefined].includes(row[provider]) && row.openid === undefined,
  );
  test.each(rows)(title, async ({ change, tokenRequests, refreshRequests, ...row }) => {
    using product = world.window();
    const { id, tokenSet } = await signInWith(product, provider);
    const done = change(world.elsewhere.origin);
    proxyOf(world, provider).tamper('/token', changed(provider, done));

    const failure = await product.failureOf(product.sessions.refresh(id, noSignal));
    expect(failure.kind).toBe(row[provider]);
    expect(world.tokenRequests()).toBe(1 + (refreshRequests?.[provider] ?? tokenRequests));
    const [stored] = (await product.sessions.list()).sessions;
    expect(stored?.ended).toBeUndefined();
    if ('answer' in done) {
      expect(stored?.tokenSet).toEqual(tokenSet);
      return;
    }
    // The response's refresh token is stored and works, whatever else is wrong with the response.
    const kept = stored?.tokenSet.refreshToken;
    expect(kept).not.toBe(tokenSet.refreshToken);
    expect(stored?.tokenSet).toEqual({ ...tokenSet, refreshToken: kept });
    proxyOf(world, provider).reset();
    const refreshed = await product.sessions.refresh(id, noSignal);
    expect(refreshed.tokenSet.accessToken).not.toBe(tokenSet.accessToken);
  });
});

describe('at okta, to a refresh, whose tokens are kept without the ID token', () => {
  test.each(tokenRows.filter((row) => row.openid === true))(title, async ({ change }) => {
    const proxy = proxyOf(world, 'okta');
    proxy.tamper('/token', changed('okta', { members: { id_token: undefined } }));
    using product = world.window();
    const { id, tokenSet } = await signInWith(product, 'okta', openid);
    proxy.tamper('/token', changed('okta', change(world.elsewhere.origin)));

    const refreshed = await product.sessions.refresh(id, noSignal);
    expect(refreshed.tokenSet.refreshToken).not.toBe(tokenSet.refreshToken);
    const [stored] = (await product.sessions.list()).sessions;
    expect([stored?.tokenSet, stored?.ended]).toEqual([refreshed.tokenSet, undefined]);
    expect(stored?.tokenSet.idToken).toBeUndefined();
  });
});
