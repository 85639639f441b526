import { createPrivateKey, sign } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import * as v from 'valibot';
import { parseJson } from '../../core/text/parseJson.ts';
import type { SignedJwt } from '../../setup/setupPorts.ts';

/** A private key in JWK form (RFC 7517), with the members that are used here. */
const jwkSchema = v.looseObject({
  kty: v.string(),
  d: v.optional(v.string()),
  kid: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
const keySetSchema = v.object({ keys: v.tuple([jwkSchema]) });

/**
 * Signs claims as a JWT (RFC 7519) with a key in PEM form (PKCS #8, PKCS #1 or SEC 1) or JWK form (RFC 7517),
 * which brings its `kid`. Accepts a PEM without line ends, as a single-line field returns it.
 */
export function signJwt(key: string, claims: Readonly<Record<string, string | number>>): SignedJwt {
  const read = readKey(key.trim());
  if ('problem' in read) return read;
  const { privateKey, kid } = read;
  const algorithm = algorithmOf(privateKey);
  if (algorithm === undefined) return { problem: 'keyUnsupported' };
  const [name, hash] = algorithm;
  const head = encoded({ alg: name, typ: 'JWT', ...(kid === undefined ? {} : { kid }) });
  const text = `${head}.${encoded(claims)}`;
  const signature = sign(hash, Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return { jwt: `${text}.${signature.toString('base64url')}` };
}

type ReadKey =
  | { readonly privateKey: KeyObject; readonly kid?: string | undefined }
  | Extract<SignedJwt, { readonly problem: unknown }>;

function readKey(text: string): ReadKey {
  const pem = /-----BEGIN ([A-Z0-9 ]{1,40})-----([\s\S]{0,20000})-----END \1-----/.exec(text);
  if (pem !== null) {
    const [, label = '', body = ''] = pem;
    if (label.includes('PUBLIC') || label === 'CERTIFICATE') return { problem: 'keyPublic' };
    if (label.includes('ENCRYPTED') || body.includes('ENCRYPTED')) return { problem: 'keyEncrypted' };
    const lines = body.replace(/\\n|[\s\\]/g, '').match(/.{1,64}/g) ?? [];
    return keyOr(() =>
      createPrivateKey([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')),
    );
  }
  const json = parseJson(text);
  const set = v.safeParse(keySetSchema, json);
  const jwk = v.safeParse(jwkSchema, set.success ? set.output.keys[0] : json);
  if (!jwk.success) return { problem: 'keyUnreadable' };
  const { d, kid } = jwk.output;
  if (d === undefined) return { problem: 'keyPublic' };
  return keyOr(() => createPrivateKey({ key: jwk.output as JsonWebKey, format: 'jwk' }), kid);
}

function keyOr(make: () => KeyObject, kid?: string): ReadKey {
  try {
    return { privateKey: make(), ...(kid === undefined ? {} : { kid }) };
  } catch {
    return { problem: 'keyUnreadable' };
  }
}

/** The signing algorithm of a key (RFC 7518, 3.1) and its hash; undefined for other kinds of keys. */
function algorithmOf({
  asymmetricKeyType,
  asymmetricKeyDetails,
}: KeyObject): readonly [name: string, hash: string] | undefined {
  if (asymmetricKeyType === 'rsa') return ['RS256', 'sha256'];
  if (asymmetricKeyType !== 'ec') return undefined;
  const curves: Readonly<Record<string, readonly [string, string]>> = {
    prime256v1: ['ES256', 'sha256'],
    secp384r1: ['ES384', 'sha384'],
    secp521r1: ['ES512', 'sha512'],
  };
  return curves[asymmetricKeyDetails?.namedCurve ?? ''];
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
