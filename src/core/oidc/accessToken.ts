import * as v from 'valibot';
import { defined } from '../defined.ts';
import type { Defined, Frozen } from '../defined.ts';

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const seconds = v.optional(v.fallback(v.optional(v.number()), undefined));
/** A list at Okta; one text with spaces elsewhere (RFC 9068, 2.2.3). */
const scopes = v.union([
  v.array(v.string()),
  v.pipe(
    v.string(),
    v.transform((given) => given.split(/\s+/).filter((scope) => scope !== '')),
  ),
]);
const claimsSchema = v.object({
  iss: text,
  aud: text,
  /** The login. */
  sub: text,
  uid: text,
  /** The client ID. */
  cid: text,
  scp: v.optional(v.fallback(v.optional(scopes), undefined)),
  /** Seconds since the epoch, as the two below. */
  iat: seconds,
  exp: seconds,
  auth_time: seconds,
});

/** What an Okta access token says of itself: for display and comparison only, never for a decision. */
export type AccessTokenClaims = Defined<Frozen<v.InferOutput<typeof claimsSchema>>>;

/** The claims of a JWT (RFC 7519) without looking at its signature; `{}` for an opaque or broken token. */
export function decodeAccessToken(token: string): AccessTokenClaims {
  const parsed = v.safeParse(claimsSchema, decodePayload(token));
  if (!parsed.success) return {};
  return defined(parsed.output);
}

/** What the payload of a JWT says, unverified; undefined for an opaque or broken token. */
export function decodePayload(token: string): unknown {
  const parts = token.split('.');
  const payload = parts[1];
  if (payload === undefined || parts.length !== 3) return undefined;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return undefined;
  }
}
