import { createPublicKey, type JsonWebKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import type { JWK, JWTStructured, KoaContextWithOIDC } from 'oidc-provider';
import type { Person } from '../people.ts';
import { nextRsaKey } from '../rsaKeys.ts';

/** Claims of an access token from a custom authorization server; times are epoch seconds. */
export interface AccessTokenClaims {
  readonly ver: number;
  readonly jti: string;
  readonly iss: string;
  readonly aud: string;
  /** The login. */
  readonly sub: string;
  readonly uid: string;
  readonly cid: string;
  readonly scp: readonly string[];
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
}

/** A private RS256 signing key as a JWK. */
export async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await nextRsaKey();
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

/** oidc-provider's `formats.customizers.jwt`: gives access tokens Okta's claims, and Okta's header without `typ`. */
export function customizeAccessToken(people: readonly Person[]) {
  return (ctx: KoaContextWithOIDC, _token: unknown, parts: JWTStructured): void => {
    const { jti, iss, aud, sub, iat, exp, client_id: cid, scope } = parts.payload;
    const { AuthorizationCode, DeviceCode, RefreshToken } = ctx.oidc.entities;
    parts.header = { typ: undefined };
    parts.payload = {
      ver: 1,
      jti: `AT.${String(jti)}`,
      iss,
      aud,
      iat,
      exp,
      cid,
      uid: people.find((person) => person.username === sub)?.uid,
      scp: typeof scope === 'string' ? scope.split(' ') : [],
      auth_time: (RefreshToken ?? AuthorizationCode ?? DeviceCode)?.authTime,
      sub,
    };
  };
}

/** The public part of a JWK, for verification. */
export function publicKeyOf(jwk: JWK): KeyObject {
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
}

/**
 * The claims of an unexpired access token signed with this key; otherwise `undefined`.
 * @param now epoch milliseconds
 */
export function verifyAccessToken(token: string, key: KeyObject, now: number): AccessTokenClaims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as AccessTokenClaims;
  return claims.exp * 1000 > now ? claims : undefined;
}
