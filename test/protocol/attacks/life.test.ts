import { expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { areFree } from '../ports.ts';
import { ana, ben } from '../people.ts';
import { noSignal } from '../scene.ts';
import { until } from '../testClock.ts';
import { lifeRows } from './life.rows.ts';
import type { Hands } from './life.rows.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { connectionOf, useWorld } from './world.ts';

const world = useWorld();

test.each(lifeRows)(title, async ({ play, outcome, within, tokenRequests }) => {
  const { clock, ports, sandbox } = world.scene;
  using product = world.window();
  const caller = new AbortController();
  const hands: Hands = {
    authorize: async () => world.authorize(await shown.promise),
    giveUp: {
      caller: () => caller.abort(new SignInError('cancelled')),
      person: () => person.giveUp(),
      window: () => product.sessions[Symbol.dispose](),
    },
    hangTokens: () => sandbox.faults.add({ at: 'okta.token', hang: true }),
    tokenAsked: () => until(() => world.tokenRequests() === 1),
    tenMinutes: () => clock.wakeNext(Infinity),
  };
  const shown = Promise.withResolvers<Parameters<typeof world.authorize>[0]>();
  const played = Promise.withResolvers<number>();
  const person = world.browsing(async (visit) => {
    shown.resolve(visit.turn);
    await until(() => clock.sleeping === 1);
    await play(visit, hands);
    played.resolve(performance.now());
  });

  const { kind } = await settled(product, product.sessions.signIn(world.okta, {}, person, caller.signal));
  expect(await areFree(ports)).toBe(true);
  expect(kind).toBe(outcome);
  expect(performance.now() - (await played.promise)).toBeLessThan(within);
  expect([world.tokenRequests(), person.open, clock.sleeping]).toEqual([tokenRequests, 0, 0]);
});

test('RFC 6749, 10.12: the callback of an earlier sign-in gets a page that says so, and the later one continues', async () => {
  using product = world.window();
  const givenUp = new AbortController();
  let late = '';
  const earlier = world.browsing(async (visit) => {
    late = await world.authorize(visit.turn);
    givenUp.abort(new SignInError('cancelled'));
  });
  const failure = await product.failureOf(product.sessions.signIn(world.okta, {}, earlier, givenUp.signal));
  expect(failure.kind).toBe('cancelled');

  const later = world.browsing(async (visit) => {
    const { answer } = await visit.follow(late);
    expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('<h1>Ended</h1>')]);
    expect(world.tokenRequests()).toBe(0);
    await visit.follow(await world.authorize(visit.turn));
  });
  await product.sessions.signIn(world.okta, {}, later, noSignal);
  expect(later.turns[0]?.redirectUri).toBe(earlier.turns[0]?.redirectUri);
  expect(world.tokenRequests()).toBe(1);
});

test('RFC 8252, 7.3: a second sign-in gets the port of the first one as soon as that is canceled', async () => {
  using product = world.window();
  const givenUp = new AbortController();
  const started = Promise.withResolvers<void>();
  const first = world.browsing(() => started.resolve());
  const ending = product.failureOf(product.sessions.signIn(world.okta, {}, first, givenUp.signal));
  await started.promise;
  givenUp.abort(new SignInError('cancelled'));
  const second = world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));
  await product.sessions.signIn(world.okta, {}, second, noSignal);
  expect((await ending).kind).toBe('cancelled');
  expect(second.turns[0]?.redirectUri).toBe(first.turns[0]?.redirectUri);
  expect(world.tokenRequests()).toBe(1);
});

test.each([
  ['okta', 'okta'],
  ['okta', 'identityCenter'],
] as const)(
  'A17, RFC 6749, 10.12: two concurrent sign-ins (%s, %s) ignore each other’s callbacks and continue',
  async (...providers) => {
    const users = [ana, ben];
    const here = providers.map(() => Promise.withResolvers<string>());
    const addresses = Promise.all(here.map(({ promise }) => promise));
    const tried = providers.map(() => Promise.withResolvers<undefined>());
    const signIns = providers.map(async (provider, index) => {
      using product = world.window();
      const person = world.browsing(async (visit) => {
        here[index]?.resolve(await world.authorize(visit.turn, users[index]));
        const all = await addresses;
        const { pathname, search } = new URL(all[1 - index] ?? '');
        const { answer } = await visit.follow(`http://localhost:${visit.port}${pathname}${search}`);
        expect([answer.status, answer.body]).toEqual([404, expect.stringContaining('<h1>Ended</h1>')]);
        tried[index]?.resolve(undefined);
        await Promise.all(tried.map(({ promise }) => promise));
        expect(world.tokenRequests()).toBe(0);
        await visit.follow(all[index] ?? '');
      });
      const flow = { flow: 'authorizationCode' } as const;
      return await product.sessions.signIn(connectionOf(world, provider), flow, person, noSignal);
    });
    const sessions = await Promise.all(signIns);
    expect(sessions.map(({ connection }) => connection.type)).toEqual(providers);
    expect(sessions[0]?.account.name).toBe(ana);
    if (providers[1] === 'okta') expect(sessions[1]?.account.name).toBe(ben);
    expect(world.tokenRequests()).toBe(2);
  },
);
