import { describe, expect, test } from 'vitest';
import { noSignal } from '../scene.ts';
import type { Provider } from '../scene.ts';
import { title } from './row.ts';
import { strangers } from './strangers.rows.ts';
import type { Stranger } from './strangers.rows.ts';
import { connectionOf, useWorld } from './world.ts';
import type { World } from './world.ts';

const usual = useWorld();

/** Signs in while another client connects first; returns the sign-in's state after the response to that client. */
async function signInAfter(world: World, provider: Provider, { send }: Stranger) {
  using product = world.window();
  let stranger = { answered: [] as readonly number[], page: '', tokenRequests: NaN };
  const person = world.browsing(async (visit) => {
    const answers = [await send(visit)].flat();
    const { location } = answers[0]?.headers ?? {};
    const shown = location === undefined ? answers[0] : await visit.get(location);
    stranger = {
      answered: answers.map(({ status }) => status),
      page: /<h1>(.*)<\/h1>/.exec(shown?.body ?? '')?.[1] ?? 'none',
      tokenRequests: world.tokenRequests(),
    };
    await visit.follow(await world.authorize(visit.turn));
  });
  const flow = { flow: 'authorizationCode' } as const;
  await product.sessions.signIn(connectionOf(world, provider), flow, person, noSignal);
  return stranger;
}

const tables: readonly (readonly [string, World, Provider, readonly Stranger[]])[] = [
  ['at Okta', usual, 'okta', strangers],
  ['at Identity Center', usual, 'identityCenter', strangers.filter(({ at }) => at === 'both')],
];

describe.each(tables)('%s: the sign-in continues after', (_where, world, provider, rows) => {
  test.each(rows)(title, async (row) => {
    const stranger = await signInAfter(world, provider, row);
    expect(stranger).toEqual({
      answered: row.answered,
      page: row.page ?? 'Nothing here',
      tokenRequests: row.tokenRequests,
    });
    expect(world.tokenRequests()).toBe(row.tokenRequests + 1);
  });
});
