import { describe, expect, test } from 'vitest';
import type { OidcSettings } from '../sandbox/oidc/provider.ts';
import { failureOf, sceneAt, standard } from './oidcScene.ts';
import type { Vendor } from './oidcScene.ts';

type Changes = Partial<OidcSettings>;

const members =
  (more: Record<string, unknown>): OidcSettings['metadata'] =>
  (document) => ({ ...document, ...more });

/** A provider with an issuer-specific redirect URI, and a connection without one. */
const vendorWith = (changes: Changes): Pick<Vendor, 'settings' | 'connection'> => ({
  settings: { ...standard, issParameter: false, ...changes },
  connection: {},
});

const withoutNone = members({
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
});

describe('before the browser opens, a sign-in is rejected for a provider that', () => {
  test.each<readonly [string, Changes, string, string]>([
    [
      'announces PKCE without S256',
      { metadata: members({ code_challenge_methods_supported: ['plain'] }) },
      'metadataMismatch',
      'noS256',
    ],
    [
      'requires pushed authorization requests',
      { metadata: members({ require_pushed_authorization_requests: true }) },
      'noFlow',
      'par',
    ],
    [
      'requires signed authorization requests',
      { metadata: members({ require_signed_request_object: true }) },
      'noFlow',
      'jar',
    ],
    [
      'demands a client secret',
      { clientAuthentication: 'client_secret_basic' },
      'registrationRefused',
      'clientSecret',
    ],
    [
      'demands a signed assertion',
      { clientAuthentication: 'private_key_jwt' },
      'registrationRefused',
      'privateKeyJwt',
    ],
    [
      'announces nothing of client authentication and demands a secret',
      {
        clientAuthentication: 'client_secret_basic',
        metadata: members({ token_endpoint_auth_methods_supported: undefined }),
      },
      'registrationRefused',
      'clientSecret',
    ],
  ])('%s', async (_what, changes, kind, reason) => {
    const { provider, signIn } = await sceneAt(vendorWith(changes));
    expect(await failureOf(signIn())).toMatchObject({ kind, reason, isGeneric: true });
    expect(provider.authorizeRequests).toEqual([]);
    expect(provider.grants).toEqual([]);
  });
});

test('a provider that accepts public clients without listing them is probed, and the sign-in works', async () => {
  const { provider, signIn } = await sceneAt(vendorWith({ metadata: withoutNone }));
  expect((await signIn()).type).toBe('oidc');
  expect(provider.refused.map((asked) => asked.get('grant_type'))).toEqual(['authorization_code']);
  expect(provider.grants).toEqual(['authorization_code']);
});

test('a provider that lists public clients is not probed', async () => {
  const { provider, signIn } = await sceneAt(vendorWith({}));
  await signIn();
  expect(provider.refused).toEqual([]);
});

test('a secret that is required only at the code exchange is reported there', async () => {
  const { provider, sessions, signIn } = await sceneAt(
    vendorWith({
      clientAuthentication: 'client_secret_basic',
      metadata: members({ token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'] }),
    }),
  );
  expect(await failureOf(signIn())).toMatchObject({
    kind: 'registrationRefused',
    reason: 'clientSecret',
    isGeneric: true,
  });
  expect(provider.authorizeRequests).toHaveLength(1);
  expect((await sessions.list()).sessions).toEqual([]);
});

test('a client that must use pushed authorization requests gets the reason on the callback page', async () => {
  const { provider, signIn } = await sceneAt(vendorWith({ pushedRequests: true }));
  expect(await failureOf(signIn())).toMatchObject({ kind: 'noFlow', reason: 'par', isGeneric: true });
  expect(provider.grants).toEqual([]);
});

test('an unregistered redirect URI does not reveal why a client is rejected: it may be unknown', async () => {
  const { provider, signIn } = await sceneAt(
    vendorWith({
      clientAuthentication: 'client_secret_basic',
      issParameter: true,
      redirectUris: async () => ['http://localhost:1/oauth/callback'],
    }),
  );
  void signIn().catch(() => undefined);
  await expect.poll(() => provider.authorizeRequests.length).toBe(1);
  expect(provider.refused).toHaveLength(1);
});
