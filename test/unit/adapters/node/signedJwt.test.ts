import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signJwt } from '../../../../src/adapters/node/signedJwt.ts';

const claims = { iss: '0oa1', exp: 1_767_225_900 };
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey;
const p256 = ec('P-256');
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'sec1' = 'pkcs8'): string =>
  String(key.export({ format: 'pem', type }));
const jwk = (key: KeyObject, more: object = {}): string =>
  JSON.stringify({ ...key.export({ format: 'jwk' }), ...more });

/** The header of a JWT that the public key verifies. */
function verified(text: string, key: KeyObject): Record<string, unknown> {
  const signed = signJwt(text, claims);
  if ('problem' in signed) throw new Error(signed.problem);
  const [head = '', payload = '', signature = ''] = signed.jwt.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual(claims);
  const isGood = verify(
    `sha${String(header['alg']).slice(2)}`,
    Buffer.from(`${head}.${payload}`),
    { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  expect(isGood).toBe(true);
  return header;
}

describe('signJwt', () => {
  test.each<[string, string, KeyObject, string]>([
    ['PKCS #8', pem(rsa), rsa, 'RS256'],
    ['PKCS #1', pem(rsa, 'pkcs1'), rsa, 'RS256'],
    ['SEC 1', pem(p256, 'sec1'), p256, 'ES256'],
    ['JWK', jwk(rsa), rsa, 'RS256'],
    ['a PEM whose line ends a field took away', pem(rsa).replaceAll('\n', ''), rsa, 'RS256'],
    ['a PEM whose line ends are spaces', pem(rsa).replaceAll('\n', ' '), rsa, 'RS256'],
    ['a PEM out of a JSON file', pem(p256).replaceAll('\n', String.raw`\n`), p256, 'ES256'],
    ['a PEM with words around it', `key:\n${pem(p256)}\n(end)`, p256, 'ES256'],
  ])('signs with %s', (_, text, key, alg) => {
    expect(verified(text, key)).toEqual({ alg, typ: 'JWT' });
  });

  test.each([
    ['P-384', 'ES384'],
    ['P-521', 'ES512'],
  ])('signs with the curve %s', (curve, alg) => {
    const key = ec(curve);
    expect(verified(pem(key), key)).toMatchObject({ alg });
  });

  test('includes the key ID from a JWK', () => {
    expect(verified(jwk(p256, { kid: 'one', alg: 'ES256', use: 'sig' }), p256)).toMatchObject({ kid: 'one' });
    expect(verified(`{"keys":[${jwk(p256, { kid: 'one' })}]}`, p256)).toMatchObject({ kid: 'one' });
  });

  const publicKey = createPublicKey(p256);
  test.each<[string, string, string]>([
    ['nothing', '', 'keyUnreadable'],
    ['words', 'my private key', 'keyUnreadable'],
    ['JSON without a key', '{"a":1}', 'keyUnreadable'],
    ['a PEM that was cut', pem(rsa).replace(/.{64}\n/, ''), 'keyUnreadable'],
    ['a JWK that was cut', jwk(rsa).replace(/"dp":"[^"]*",/, ''), 'keyUnreadable'],
    ['a public PEM', String(publicKey.export({ format: 'pem', type: 'spki' })), 'keyPublic'],
    ['a public JWK', JSON.stringify(publicKey.export({ format: 'jwk' })), 'keyPublic'],
    [
      'a key behind a passphrase',
      String(rsa.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-128-cbc', passphrase: 'x' })),
      'keyEncrypted',
    ],
    ['a key that Okta does not take', pem(generateKeyPairSync('ed25519').privateKey), 'keyUnsupported'],
    ['a curve that Okta does not take', pem(ec('secp256k1')), 'keyUnsupported'],
  ])('reports what is wrong with %s', (_, text, problem) => {
    expect(signJwt(text, claims)).toEqual({ problem });
  });
});
