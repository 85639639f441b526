import { once } from 'node:events';
import { expect, test } from 'vitest';
import { areFree } from '../ports.ts';
import { noSignal } from '../scene.ts';
import { crowdRows } from './crowds.rows.ts';
import { answersOn, openSocket } from './rawHttp.ts';
import type { RawAnswer } from './rawHttp.ts';
import { expectHarmless } from './harmless.ts';
import { title } from './row.ts';
import { useWorld } from './world.ts';

const world = useWorld();

test.each(crowdRows)(title, async ({ come, tokenRequests }) => {
  using product = world.window();
  const left: Promise<unknown>[] = [];
  const person = world.browsing(async (visit) => {
    const sockets = await come(visit.port);
    left.push(...sockets.filter((socket) => !socket.closed).map((socket) => once(socket, 'close')));
    expect(world.tokenRequests()).toBe(0);
    await visit.follow(await world.authorize(visit.turn));
  });
  await product.sessions.signIn(world.okta, {}, person, noSignal);
  expect(world.tokenRequests()).toBe(tokenRequests);
  expect(await areFree(world.scene.ports)).toBe(true);
  await Promise.all(left); // All connections end when the port is released.
});

test('RFC 9110, 15.5.9: the listener ends a request that never completes, and keeps running', async () => {
  using product = world.window();
  let answers: readonly RawAnswer[] = [];
  const person = world.browsing(async (visit) => {
    answers = await answersOn(await openSocket(visit.port), 'GET /oauth/callback HTTP/1.1\r\nHost: local');
    expect(world.tokenRequests()).toBe(0);
    await visit.follow(await world.authorize(visit.turn));
  });
  await product.sessions.signIn(world.okta, {}, person, noSignal);
  expect(answers.map(({ status }) => status)).toEqual([408]);
  answers.forEach(expectHarmless);
  expect(world.tokenRequests()).toBe(1);
});
