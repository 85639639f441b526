import * as v from 'valibot';
import { defined } from '../defined.ts';
import { parseJson } from '../text/parseJson.ts';

/** A claim of another type is as good as absent. */
export const textClaim = v.fallback(v.optional(v.string()), undefined);
const seconds = v.fallback(v.optional(v.number()), undefined);
/** A list at Okta; one text with spaces elsewhere (RFC 9068, 2.2.3). */
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
  /** The login at Okta, where `uid` is the person. */
  sub: textClaim,
  uid: textClaim,
  /** The client ID. */
  cid: textClaim,
  scp: v.fallback(v.optional(scopes), undefined),
  /** Seconds since the epoch, as the two below. */
  iat: seconds,
  exp: seconds,
  auth_time: seconds,
});

/** The claims of an access token: for display and comparison only, never for a decision. */
export function decodeAccessToken(token: string): Partial<v.InferOutput<typeof accessTokenSchema>> {
  return decodeClaims(accessTokenSchema, token);
}

/** The claims of a JWT (RFC 7519) that a schema names, its signature unseen; `{}` for an opaque or broken token. */
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
