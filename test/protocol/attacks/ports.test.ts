import { expect, test } from 'vitest';
import { areFree } from '../ports.ts';
import { noSignal } from '../scene.ts';
import { portRows } from './ports.rows.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { makeTrouble } from './troubles.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test.each(portRows)(title, async ({ trouble, used, told, tokenRequests }) => {
  const { ports } = world.scene;
  await using troubles = new AsyncDisposableStack();
  for (const one of trouble) troubles.use(await makeTrouble(one, ports[one.port] ?? 0));
  using product = world.window();
  const person = world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));

  const { kind, failure } = await settled(product, product.sessions.signIn(world.okta, {}, person, noSignal));
  expect(kind).toBe(used === undefined ? 'portsUnavailable' : 'signedIn');
  expect(failure?.details.ports?.map(({ code }) => code)).toEqual(told);
  expect(failure?.details.ports?.map(({ port, address }) => `${address} ${port}`)).toEqual(
    told && trouble.map(({ port, on }) => `${on} ${ports[port]}`),
  );
  const redirectUris = person.turns.map(({ redirectUri }) => redirectUri);
  expect(redirectUris).toEqual(used === undefined ? [] : [`http://localhost:${ports[used]}/oauth/callback`]);
  expect(world.tokenRequests()).toBe(tokenRequests);
  await troubles.disposeAsync();
  expect(await areFree(ports)).toBe(true);
});
