import * as v from 'valibot';

/** The endpoints of one authorization server, checked. A session keeps those that issued it (docs/ARCHITECTURE.md, rule 6). */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
  /** RFC 8628; only where the server offers the device grant. */
  readonly deviceAuthorizationEndpoint?: string;
  /** Whether its redirects carry `iss` (RFC 9207); Okta's do not. */
  readonly issParameter: boolean;
  /** Where the keys are with which it signs ID tokens, where it says so. */
  readonly jwksUri?: string;
  /** The algorithms with which it signs ID tokens; absent means RS256 (OpenID Connect Core 1.0, 3.1.3.7). */
  readonly idTokenAlgorithms?: readonly string[];
}

/** The record's shape of an {@link AuthorizationServer}. */
export const authorizationServerSchema = v.object({
  issuer: v.string(),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  revocationEndpoint: v.exactOptional(v.string()),
  deviceAuthorizationEndpoint: v.exactOptional(v.string()),
  issParameter: v.boolean(),
  jwksUri: v.exactOptional(v.string()),
  idTokenAlgorithms: v.exactOptional(v.array(v.string())),
});

/** The reason to tell of, where an issuer has no path: Okta's org authorization server, which has no custom scopes. */
export function orgServerIn({ issuer }: AuthorizationServer): { readonly reason?: 'orgServer' } {
  return new URL(issuer).pathname === '/' ? { reason: 'orgServer' } : {};
}
