import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBoundedFetch } from '../../../src/adapters/node/boundedFetch.ts';
import type { Connection } from '../../../src/core/connection/connection.ts';
import { parseConnectionLink } from '../../../src/features/connectionLink.ts';
import { ana, personWho } from '../people.ts';
import { noSignal, useSandbox } from '../scene.ts';
import type { Scene } from '../scene.ts';
import { startHostileIssuer } from './hostileIssuer.ts';
import type { HostileIssuer } from './hostileIssuer.ts';
import { forwardRows, mixUpRows } from './mixUp.rows.ts';
import { title } from './row.ts';
import { settled } from './settled.ts';
import { connectionOf, useWorld } from './world.ts';

const issuer = 'https://login.evil.example/oauth2/aus1';
const { origin: publicOrigin } = new URL(issuer);
const plain = useSandbox();
const announcing = useSandbox({ okta: { issParameter: true } });
const hostile = new Map<Scene, HostileIssuer>();

beforeAll(async () => {
  for (const scene of [plain, announcing]) {
    const { issuer: okta, clientId } = scene.sandbox.okta;
    const victim = { authorizationEndpoint: `${okta}/v1/authorize`, clientId };
    hostile.set(scene, await startHostileIssuer(issuer, victim));
  }
});
afterAll(() => Promise.all([...hostile.values()].map((one) => one.close())));

const byHand: Connection = { type: 'okta', name: 'Evil', issuer, clientId: '0oa1evil' };
const byLink = parseConnectionLink(
  '/connect',
  `type=okta&issuer=${issuer}&clientId=0oa1evil&name=Your company`,
);

describe.each([
  ['typed in', byHand],
  ['by a connection link', byLink],
])('01.20: a hostile issuer, %s,', (_, connection) => {
  test.each(forwardRows)(title, async (row) => {
    const scene = row.oktaSendsIss === true ? announcing : plain;
    const server = hostile.get(scene);
    if (server === undefined) throw new Error('The hostile issuer runs while tests do.');
    server.behave(row.hostility);
    const routed = (address: string) => address.replace(publicOrigin, server.origin);
    using product = scene.window({
      http: (fetchNow) =>
        createBoundedFetch(
          () => (input, init) => fetchNow()(routed(input as string), init),
          () => scene.clock.now(),
        ),
    });
    const pages: (string | undefined)[] = [];
    const person = personWho(async ({ url }) => {
      const forwarded = (await fetch(routed(url), { redirect: 'manual' })).headers.get('location') ?? '';
      expect(forwarded.startsWith(scene.sandbox.okta.issuer)).toBe(true);
      const { location } = await scene.sandbox.okta.authorize(forwarded, ana);
      pages.push(location);
      if (location === undefined)
        person.giveUp(); // The real Okta shows an error page.
      else await fetch(location);
    }, row.person === 'trusts');
    const signingIn = product.sessions.signIn(connection, {}, person, noSignal);
    const { kind, failure } = await settled(product, signingIn);

    expect({ kind, reason: failure?.details.reason }).toEqual({ kind: row.outcome, reason: row.reason });
    expect(person.asked).toHaveLength(row.person === 'unasked' ? 0 : 1);
    expect(person.turns).toHaveLength(row.opens ? 1 : 0);
    expect(server.received).toEqual([]);
    if (row.reason === 'mixUp') expect(pages[0]).toMatch(/[?&]code=/); // Okta did issue one.
    expect((await product.sessions.list()).sessions).toEqual([]);
  });
});

const usual = useWorld();
const withIss = useWorld({ okta: { issParameter: true } });

describe('10.10: after a callback with our state from another server', () => {
  test.each(mixUpRows)(title, async ({ parameters, at, tokenRequests }) => {
    const world = at === 'announcing' ? withIss : usual;
    using product = world.window();
    const person = world.browsing((visit) =>
      visit.follow(`http://localhost:${visit.port}${visit.target(parameters(visit))}`),
    );
    const before = world.scene.clock.now();
    const signingIn = product.sessions.signIn(connectionOf(world, 'okta'), {}, person, noSignal);
    const { kind, failure } = await settled(product, signingIn);
    expect([kind, failure?.details.reason]).toEqual(['invalidResponse', 'mixUp']);
    expect(world.scene.clock.now()).toBe(before);
    expect(world.tokenRequests()).toBe(tokenRequests);
  });
});
