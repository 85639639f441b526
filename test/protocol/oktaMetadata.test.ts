import { describe, expect, test } from 'vitest';
import type { Metadata } from '../sandbox/okta/metadata.ts';
import { ana, personWho, signingInAtOkta } from './people.ts';
import { areFree } from './ports.ts';
import { noSignal, useSandbox } from './scene.ts';

const scene = useSandbox();

const without =
  (member: string) =>
  (document: Metadata): Metadata =>
    Object.fromEntries(Object.entries(document).filter(([name]) => name !== member));
const withMembers =
  (members: Metadata) =>
  (document: Metadata): Metadata => ({ ...document, ...members });

const refused: readonly [string, (document: Metadata) => Metadata, string, string?][] = [
  ['of another issuer', withMembers({ issuer: 'https://attacker.example' }), 'metadataMismatch', 'issuer'],
  ['without an issuer', without('issuer'), 'metadataMissing'],
  ['without S256', without('code_challenge_methods_supported'), 'metadataMismatch', 'noS256'],
  [
    'with PKCE plain only',
    withMembers({ code_challenge_methods_supported: ['plain'] }),
    'metadataMismatch',
    'noS256',
  ],
  [
    'with a foreign token endpoint',
    withMembers({ token_endpoint: 'http://[::1]:9/token' }),
    'metadataMismatch',
    'foreignEndpoint',
  ],
  [
    'with a foreign authorization endpoint',
    withMembers({ authorization_endpoint: 'https://attacker.example/authorize' }),
    'metadataMismatch',
    'foreignEndpoint',
  ],
  [
    'with a foreign revocation endpoint',
    withMembers({ revocation_endpoint: 'https://attacker.example/revoke' }),
    'metadataMismatch',
    'foreignEndpoint',
  ],
  ['without a token endpoint', without('token_endpoint'), 'metadataMismatch', 'noEndpoint'],
];

describe('metadata', () => {
  test.each(refused)(
    'with %s are rejected before anything else happens',
    async (_what, patch, kind, reason) => {
      scene.sandbox.okta.patchMetadata(patch);
      using product = scene.window();
      const person = personWho();
      const failure = await product.failureOf(product.sessions.signIn(product.okta, {}, person, noSignal));
      expect([failure.kind, failure.details.reason]).toEqual([kind, reason]);
      expect(scene.requests()).toEqual(['okta.metadata']);
      expect([person.turns, scene.clock.sleeping]).toEqual([[], 0]);
      expect(await areFree(scene.ports)).toBe(true);
    },
  );

  test('are reported as missing', async () => {
    using product = scene.window();
    const connection = { ...product.okta, issuer: `${scene.sandbox.okta.origin}/oauth2/ausnobodyhasthis` };
    const failure = await product.failureOf(product.sessions.signIn(connection, {}, personWho(), noSignal));
    expect([failure.kind, failure.details.status]).toEqual(['metadataMissing', 404]);
    expect(scene.requests()).toEqual(['okta.unknown']);
  });

  test('match an issuer that differs only by a trailing slash', async () => {
    scene.sandbox.okta.patchMetadata((document) => ({
      ...document,
      issuer: `${String(document['issuer'])}/`,
    }));
    using product = scene.window();
    const { connection } = await scene.signIn(product, 'okta');
    expect(connection).toMatchObject({ issuer: scene.sandbox.okta.issuer });
  });

  test('suffice for a sign-in without a revocation endpoint', async () => {
    scene.sandbox.okta.patchMetadata(without('revocation_endpoint'));
    using product = scene.window();
    const session = await scene.signIn(product, 'okta');
    const outcome = await product.sessions.signOut(session.id, noSignal);
    expect(outcome.notConfirmed?.kind).toBe('metadataMissing');
    expect((await product.sessions.list()).sessions).toEqual([]);
  });
});

test('do not change where a session is refreshed', async () => {
  using product = scene.window();
  const person = signingInAtOkta(scene.sandbox, ana);
  const session = await product.sessions.signIn(product.okta, {}, person, noSignal);
  scene.sandbox.okta.patchMetadata(withMembers({ token_endpoint: 'https://attacker.example/token' }));
  await product.sessions.refresh(session.id, noSignal);
  expect(scene.requests().slice(2)).toEqual(['okta.token:refresh_token']);
});
