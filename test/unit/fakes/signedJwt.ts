import { subtle } from 'node:crypto';

/** A key that signs ID tokens as Okta does (RS256), and the JWKS with its public part. */
export interface SigningKey {
  readonly keys: { readonly keys: readonly object[] };
  readonly sign: (claims: object, header?: object) => Promise<string>;
}

export async function signingKey(kid: string): Promise<SigningKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pair = await subtle.generateKey(
    { ...algorithm, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const publicKey = await subtle.exportKey('jwk', pair.publicKey);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    keys: { keys: [{ ...publicKey, kid, use: 'sig', alg: 'RS256' }] },
    sign: async (claims, header = {}) => {
      const text = `${part({ alg: 'RS256', kid, ...header })}.${part(claims)}`;
      const signature = await subtle.sign(algorithm, pair.privateKey, Buffer.from(text));
      return `${text}.${Buffer.from(signature).toString('base64url')}`;
    },
  };
}
