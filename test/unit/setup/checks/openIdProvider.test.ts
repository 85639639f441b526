import { describe, expect, test } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import { textOf } from '../../../../src/setup/checks/resultTexts.ts';
import { openIdProviderChecks } from '../../../../src/setup/checks/openIdProvider.ts';
import { english } from '../../../../src/setup/translator.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { checkContext } from '../../fakes/checkContext.ts';

const issuer = 'https://login.example.com';
const oidcClient = { type: 'oidc', name: 'My company', issuer, clientId: 'developer-sign-in' } as const;

/** The modulus of an RSA key with so many bits, in base64url. */
const modulus = (bits: number): string => Buffer.alloc(bits / 8, 0xff).toString('base64url');

/** The result of a check at a provider with this metadata at these addresses, and these keys. */
async function found(
  id: (typeof openIdProviderChecks)[number]['id'],
  metadata: Readonly<Record<string, object>>,
  { keys = [], typed = issuer }: { readonly keys?: readonly object[]; readonly typed?: string } = {},
) {
  const { http } = answeringHttp(({ pathname }) => {
    if (pathname === '/keys') return Response.json({ keys });
    const at = pathname.replace('/.well-known/openid-configuration', '');
    const document = metadata[at];
    return document === undefined ? new Response('Not found', { status: 404 }) : Response.json(document);
  });
  const inputs = { oidcClient: { ...oidcClient, issuer: typed } };
  const row = openIdProviderChecks.find((one) => one.id === id);
  return row?.run?.(checkContext({ inputs, ports: { http } }));
}

const documentOf = (path: string, more: object = {}) => ({
  issuer: `${issuer}${path}`,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  code_challenge_methods_supported: ['S256'],
  ...more,
});

/** The result of the check of signing keys, at a provider with one key and this list of algorithms. */
async function keysFound(key: object, algorithms?: readonly string[]) {
  const listed = algorithms === undefined ? {} : { id_token_signing_alg_values_supported: algorithms };
  const result = await found('oidc.keys', { '': documentOf('', listed) }, { keys: [key] });
  return [result?.state, result?.reason];
}

describe('openIdProviderChecks: oidc.announced', () => {
  test('a provider that lists no refresh tokens passed', async () => {
    const announced = async (grants?: readonly string[]) => {
      const more = grants === undefined ? {} : { grant_types_supported: grants };
      const result = await found('oidc.announced', { '': documentOf('', more) });
      return [result?.state, result?.reason];
    };
    expect(await announced(['authorization_code'])).toEqual(['warning', 'grantsNotAnnounced']);
    for (const grants of [undefined, ['authorization_code', 'refresh_token']])
      expect(await announced(grants)).toEqual(['pass', undefined]);
  });
});

describe('openIdProviderChecks: oidc.metadata', () => {
  test('the placeholder of Microsoft Entra ID’s common was the issuer to use', async () => {
    const metadata = { '': documentOf('', { issuer: `${issuer}/{tenantid}/v2.0` }) };
    const result = await found('oidc.metadata', metadata);
    const row = checksOf.openIdConnect.find(({ id }) => id === 'oidc.metadata');
    if (result === undefined || row === undefined) throw new Error('The check was renamed.');
    expect(textOf(row, result, english, () => ({ found: '' })).next).toContain('your tenant ID');
  });
});

describe('openIdProviderChecks: oidc.keys', () => {
  const ec = { kty: 'EC', crv: 'P-256', use: 'sig', kid: 'one' };

  test.each([
    ['a key without a type', { use: 'sig' }],
    ['text instead of a key', 'key'],
    ['members that are null', { ...ec, alg: null, use: null, n: null }],
  ])('all keys were missing because of %s beside them', async (_, odd) => {
    const result = await found('oidc.keys', { '': documentOf('') }, { keys: [odd, ec] as never });
    expect([result?.state, result?.reason]).toEqual(['pass', undefined]);
  });

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

describe('openIdProviderChecks: oidc.keys', () => {
  test.each<[what: string, algorithm: string, key: object, state: string]>([
    ['an RSA key of 1024 bits', 'RS256', { kty: 'RSA', n: modulus(1024) }, 'fail'],
    ['a curve of another algorithm', 'ES256', { kty: 'EC', crv: 'P-521' }, 'fail'],
    ['Ed448', 'EdDSA', { kty: 'OKP', crv: 'Ed448' }, 'fail'],
    ['an algorithm that its type contradicts', 'RS256', { kty: 'EC', crv: 'P-256', alg: 'RS256' }, 'fail'],
    ['an RSA key of 2048 bits', 'RS256', { kty: 'RSA', n: modulus(2048) }, 'pass'],
    ['the curve of ES384', 'ES384', { kty: 'EC', crv: 'P-384' }, 'pass'],
    ['Ed25519', 'EdDSA', { kty: 'OKP', crv: 'Ed25519' }, 'pass'],
  ])('%s for %s: %j is %s', async (_what, algorithm, key, state) => {
    const document = documentOf('', { id_token_signing_alg_values_supported: [algorithm] });
    const result = await found('oidc.keys', { '': document }, { keys: [key] });
    expect(result?.state).toBe(state);
    if (state === 'fail') expect(result?.reason).toBe('noUsableKey');
  });
});

describe('openIdProviderChecks: oidc.metadata', () => {
  test('the address of a page below the issuer hid where the issuer is', async () => {
    const result = await found('oidc.metadata', { '': documentOf('') }, { typed: `${issuer}/home/settings` });
    expect(result).toMatchObject({ state: 'fail', reason: 'metadataAbove' });
    expect(result?.evidence).toContainEqual({ name: 'namedIssuer', value: issuer });
  });

  test.each(['/realms/other', '/am/oauth2/alpha', '/tenants/b', '/application/o/app'])(
    'another server above %s is not the issuer that was meant',
    async (path) => {
      const servers = {
        '': documentOf(''),
        '/am': documentOf('/am'),
        '/application': documentOf('/application'),
      };
      const result = await found('oidc.metadata', servers, { typed: `${issuer}${path}` });
      expect(result).toMatchObject({ state: 'fail', reason: 'noMetadata' });
    },
  );

  test('metadata above that names another issuer is not used', async () => {
    const result = await found('oidc.metadata', { '': documentOf('/other') }, { typed: `${issuer}/home` });
    expect(result).toMatchObject({ state: 'fail', reason: 'noMetadata' });
  });
});
