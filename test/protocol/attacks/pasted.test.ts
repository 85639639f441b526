import { describe, expect, test } from 'vitest';
import { takePasted } from '../../../src/input/pastedCallback.ts';
import { noSignal, providers } from '../scene.ts';
import { pastedRows } from './pasted.rows.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { connectionOf, useWorld } from './world.ts';

const world = useWorld();
const flow = { flow: 'authorizationCode' } as const;

describe.each(providers)('pasted at %s', (provider) => {
  test.each(pastedRows)(title, async ({ text, problem, atOkta, tokenRequests, ...row }) => {
    const outcome = (provider === 'okta' ? atOkta : undefined) ?? row.outcome ?? 'signedIn';
    using product = world.window();
    const seen: unknown[] = [];
    const person = world.browsing(async (visit) => {
      const right = await world.authorize(visit.turn);
      seen.push(takePasted(text(right, visit), visit.turn));
      if (problem === undefined) return;
      seen.push(world.tokenRequests());
      await visit.follow(right);
    });
    const connection = connectionOf(world, provider);
    const { kind } = await settled(product, product.sessions.signIn(connection, flow, person, noSignal));

    expect(seen).toEqual(problem === undefined ? [undefined] : [problem, tokenRequests]);
    expect(kind).toBe(outcome);
    expect(world.tokenRequests()).toBe(problem === undefined ? tokenRequests : tokenRequests + 1);
  });

  test('docs/PROTOCOL.md, 3: pasted, pasted again and redirected: exactly one counts', async () => {
    using product = world.window();
    const person = world.browsing(async (visit) => {
      const right = await world.authorize(visit.turn);
      takePasted(right, visit.turn);
      takePasted(right, visit.turn);
      await visit.follow(right).catch(() => undefined); // The listener may be closed by now.
    });
    const connection = connectionOf(world, provider);
    const { kind } = await settled(product, product.sessions.signIn(connection, flow, person, noSignal));
    expect([kind, world.tokenRequests()]).toEqual(['signedIn', 1]);
  });
});
