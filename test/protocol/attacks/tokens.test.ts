import { describe, expect, test } from 'vitest';
import { noSignal, providers } from '../scene.ts';
import { changed, proxyOf } from './changes.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { tokenRows } from './tokens.rows.ts';
import { connectionOf, useWorld } from './world.ts';

const world = useWorld();

describe.each(providers)('at %s, to a code', (provider) => {
  const rows = tokenRows.filter((row) => row[provider] !== undefined);
  test.each(rows)(title, async ({ change, kept = {}, tokenRequests, ...row }) => {
    proxyOf(world, provider).tamper('/token', changed(provider, change(world.elsewhere.origin)));
    using product = world.window();
    const person = world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));
    const flow = { flow: 'authorizationCode' } as const;
    const signingIn = product.sessions.signIn(connectionOf(world, provider), flow, person, noSignal);

    const { kind, session } = await settled(product, signingIn);
    expect(kind).toBe(row[provider]);
    expect(world.tokenRequests()).toBe(tokenRequests);
    if (session === undefined) return;
    const { scopes, seconds, refreshToken } = kept;
    const { tokenSet } = session;
    if (scopes !== undefined) expect(tokenSet.scopes).toEqual(scopes);
    if (seconds !== undefined) expect((tokenSet.expiresAt - tokenSet.obtainedAt) / 1000).toBe(seconds);
    if (refreshToken === false) expect(tokenSet.refreshToken).toBeUndefined();
  });
});

describe.each(providers)('at %s, to a refresh, which the session outlives', (provider) => {
  const rows = tokenRows.filter((row) => row[provider] === 'invalidResponse' && row.codesOnly !== true);
  test.each(rows)(title, async ({ change, tokenRequests, ...row }) => {
    using product = world.window();
    const person = world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));
    const flow = { flow: 'authorizationCode' } as const;
    const connection = connectionOf(world, provider);
    const { id, tokenSet } = await product.sessions.signIn(connection, flow, person, noSignal);
    proxyOf(world, provider).tamper('/token', changed(provider, change(world.elsewhere.origin)));

    const failure = await product.failureOf(product.sessions.refresh(id, noSignal));
    expect(failure.kind).toBe(row[provider]);
    expect(world.tokenRequests()).toBe(1 + tokenRequests);
    const [stored] = (await product.sessions.list()).sessions;
    expect([stored?.tokenSet, stored?.ended]).toEqual([tokenSet, undefined]);
  });
});
