import * as v from 'valibot';
import { defined } from '../defined.ts';
import { parseJson } from '../text/parseJson.ts';

/** A string claim; a value of another type counts as absent. */
export const textClaim = v.fallback(v.optional(v.string()), undefined);
const seconds = v.fallback(v.optional(v.number()), undefined);
/** An array at Okta; a space-separated string elsewhere (RFC 9068, 2.2.3). */
const scopes = v.union([
  v.array(v.string()),
  v.pipe(
    v.string(),
    v.transform((given) => given.split(/\s+/).filter((scope) => scope !== '')),
  ),
]);
const accessTokenSchema = v.object({
  iss: textClaim,
  aud: textClaim,
  /** The login at Okta, where `uid` identifies the user. */
  sub: textClaim,
  uid: textClaim,
  /** The client ID. */
  cid: textClaim,
  scp: v.fallback(v.optional(scopes), undefined),
  /** Epoch seconds, as are `exp` and `auth_time`. */
  iat: seconds,
  exp: seconds,
  auth_time: seconds,
});

/** Decodes the claims of an access token, unverified: for display and comparison only, never for a decision. */
export function decodeAccessToken(token: string): Partial<v.InferOutput<typeof accessTokenSchema>> {
  return decodeClaims(accessTokenSchema, token);
}

/** Decodes the claims of a JWT (RFC 7519) that a schema names, unverified; `{}` for an opaque or malformed token. */
export function decodeClaims<S extends v.GenericSchema<unknown, object>>(
  schema: S,
  token: string,
): Partial<v.InferOutput<S>> {
  const [, payload = '', signature, more] = token.split('.');
  const isJwt = signature !== undefined && more === undefined;
  const parsed = v.safeParse(schema, isJwt ? parseJson(decodeBase64Url(payload)) : undefined);
  return parsed.success ? defined(parsed.output) : {};
}

function decodeBase64Url(text: string): string {
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return '';
  }
}
