import { describe, expect, test } from 'vitest';
import { openIdProviderChecks } from '../../../../src/setup/checks/openIdProvider.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';

const oidc = {
  type: 'oidc',
  name: 'My company',
  issuer: 'https://login.example.com',
  clientId: 'developer-sign-in',
} as const;

/** The result of the check of signing keys, at a provider with one key and this list of algorithms. */
async function keysFound(key: object, algorithms?: readonly string[]) {
  const { http } = answeringHttp((url) =>
    url.pathname === '/keys'
      ? Response.json({ keys: [key] })
      : Response.json({
          issuer: oidc.issuer,
          authorization_endpoint: `${oidc.issuer}/authorize`,
          token_endpoint: `${oidc.issuer}/token`,
          jwks_uri: `${oidc.issuer}/keys`,
          ...(algorithms === undefined ? {} : { id_token_signing_alg_values_supported: algorithms }),
        }),
  );
  const row = openIdProviderChecks.find(({ id }) => id === 'oidc.keys');
  const result = await row?.run?.(checkContext({ inputs: { oidcClient: oidc }, ports: { http } }));
  return [result?.state, result?.reason];
}

describe('openIdProviderChecks: oidc.keys', () => {
  const ec = { kty: 'EC', crv: 'P-256', use: 'sig', kid: 'one' };

  test.each([
    ['RSA', { kty: 'RSA', use: 'sig' }],
    ['EC', ec],
    ['EC with its algorithm', { ...ec, alg: 'ES256' }],
    ['OKP', { kty: 'OKP', crv: 'Ed25519' }],
  ])(
    'a key that a sign-in accepts was called unusable if the provider lists no algorithms: %s',
    async (_, key) => {
      expect(await keysFound(key)).toEqual(['pass', undefined]);
    },
  );

  test.each([
    ['its type fits no listed algorithm', ec, ['RS256']],
    ['it is for encryption', { ...ec, use: 'enc' }, undefined],
    ['it is symmetric', { kty: 'oct', alg: 'HS256' }, undefined],
  ])('a key is unusable if %s', async (_, key, algorithms) => {
    expect(await keysFound(key, algorithms)).toEqual(['fail', 'noUsableKey']);
  });
});
