import * as v from 'valibot';

/** What an Okta access token says of itself: for display and comparison only, never for a decision. */
export interface AccessTokenClaims {
  readonly iss?: string;
  readonly aud?: string;
  /** The login. */
  readonly sub?: string;
  readonly uid?: string;
  /** The client id. */
  readonly cid?: string;
  readonly scp?: readonly string[];
  /** Seconds since the epoch. */
  readonly iat?: number;
  readonly exp?: number;
  readonly auth_time?: number;
}

const text = v.optional(v.fallback(v.optional(v.string()), undefined));
const seconds = v.optional(v.fallback(v.optional(v.number()), undefined));
const claimsSchema = v.object({
  iss: text,
  aud: text,
  sub: text,
  uid: text,
  cid: text,
  // A list at Okta; one text with spaces elsewhere (RFC 9068, 2.2.3).
  scp: v.optional(
    v.fallback(
      v.optional(
        v.union([
          v.array(v.string()),
          v.pipe(
            v.string(),
            v.transform((scopes) => scopes.split(/\s+/).filter((scope) => scope !== '')),
          ),
        ]),
      ),
      undefined,
    ),
  ),
  iat: seconds,
  exp: seconds,
  auth_time: seconds,
});

/** The claims of a JWT (RFC 7519) without looking at its signature; `{}` for an opaque or broken token. */
export function decodeAccessToken(token: string): AccessTokenClaims {
  const parsed = v.safeParse(claimsSchema, decodePayload(token));
  if (!parsed.success) return {};
  return Object.fromEntries(Object.entries(parsed.output).filter(([, value]) => value !== undefined));
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
