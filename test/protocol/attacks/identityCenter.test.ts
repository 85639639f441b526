import { expect, test } from 'vitest';
import { ana, approving } from '../people.ts';
import { noSignal } from '../scene.ts';
import { whileTimeFlies } from '../testClock.ts';
import { changed } from './changes.ts';
import { serviceRows } from './identityCenter.rows.ts';
import type { ServiceRow } from './identityCenter.rows.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { useWorld } from './world.ts';

const world = useWorld();
const paths = {
  registerClient: '/client/register',
  startDeviceAuthorization: '/device_authorization',
  createToken: '/token',
} as const;

function goWrong({ at, answers = [], forGood, change }: ServiceRow): void {
  const { faults } = world.scene.sandbox;
  answers.forEach((answer, index) =>
    faults.add({
      at: `identityCenter.${at}`,
      times: forGood === true && index === answers.length - 1 ? Infinity : 1,
      ...answer,
    }),
  );
  if (change !== undefined) world.awsProxy.tamper(paths[at], changed('identityCenter', change));
}

test.each(serviceRows)(title, async (row) => {
  goWrong(row);
  using product = world.window();
  const signIn = () => {
    const person =
      row.flow === 'deviceCode'
        ? approving(world.scene.sandbox, ana)
        : world.browsing(async (visit) => visit.follow(await world.authorize(visit.turn)));
    const signingIn = product.sessions.signIn(world.identityCenter, { flow: row.flow }, person, noSignal);
    return settled(product, whileTimeFlies(world.scene.clock, signingIn));
  };
  const registrations = (): number => world.scene.sandbox.identityCenter.stats().registrations;

  const before = registrations();
  expect((await signIn()).kind).toBe(row.outcome);
  expect([world.tokenRequests(), registrations() - before]).toEqual([row.tokenRequests, row.registrations]);
  if (row.again === undefined) return;
  const between = registrations();
  expect([(await signIn()).kind, registrations() - between]).toEqual(row.again);
});
