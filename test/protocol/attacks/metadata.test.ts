import { expect, test } from 'vitest';
import { noSignal } from '../scene.ts';
import { changed } from './changes.ts';
import { metadataRows } from './metadata.rows.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test.each(metadataRows)(title, async ({ organization, change, outcome, reason, tokenRequests }) => {
  if (organization !== undefined) world.callOkta(organization);
  const { origin } = new URL(world.okta.issuer);
  world.oktaProxy.tamper('/.well-known/openid-configuration', changed('okta', change(origin)));
  using product = world.window();
  const person = world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));

  const { kind, failure } = await settled(product, product.sessions.signIn(world.okta, {}, person, noSignal));
  expect([kind, failure?.details.reason]).toEqual([outcome, reason]);
  expect(world.tokenRequests()).toBe(tokenRequests);
  if (outcome === 'signedIn') return;
  expect(world.scene.requests()).toEqual(['okta.metadata']);
  expect(person.turns).toEqual([]);
});
