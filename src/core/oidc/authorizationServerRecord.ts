import * as v from 'valibot';
import type { Frozen } from '../defined.ts';

/**
 * Demands of a server that this product cannot meet: a secret, a signed assertion (RFC 7523, 2.2), a certificate (RFC
 * 8705), or tokens bound to a key (RFC 9449).
 */
const clientDemands = ['clientSecret', 'privateKeyJwt', 'clientCertificate', 'dpop'] as const;
/** One of the demands above; the `reason` of the error that names it. */
export type ClientDemand = (typeof clientDemands)[number];

/** The endpoints of one authorization server, checked. A session keeps those that issued it (docs/ARCHITECTURE.md, rule 6). */
export const authorizationServerSchema = v.object({
  issuer: v.string(),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  revocationEndpoint: v.exactOptional(v.string()),
  /** RFC 8628; only where the server offers the device grant. */
  deviceAuthorizationEndpoint: v.exactOptional(v.string()),
  /** Whether its redirects carry `iss` (RFC 9207); Okta's do not. */
  issParameter: v.boolean(),
  /** Where the keys are with which it signs ID tokens, where it says so. */
  jwksUri: v.exactOptional(v.string()),
  /** The algorithms with which it signs ID tokens; absent means RS256 (OpenID Connect Core 1.0, 3.1.3.7). */
  idTokenAlgorithms: v.exactOptional(v.array(v.string())),
  /** Where a browser ends its session there (OpenID Connect RP-Initiated Logout 1.0), where it says so. */
  endSessionEndpoint: v.exactOptional(v.string()),
  /** Demands that its metadata leave open, the likeliest first (`clientDemand.ts`); not looked at for Okta. */
  mayDemand: v.exactOptional(v.array(v.picklist(clientDemands))),
});
/** An authorization server that was checked. */
export type AuthorizationServer = Frozen<v.InferOutput<typeof authorizationServerSchema>>;

/**
 * The issuer that a server names for itself, in the normal form of a connection's (`src/input/issuer.ts`): some end it with a slash, which
 * belongs to its name in `iss` and nowhere else. What is not an address stays as it is.
 */
export function normalIssuer(named: string): string {
  const url = URL.parse(named);
  return url === null ? named : `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The reason to tell of, where an issuer has no path: Okta's org authorization server, which has no custom scopes. */
export function orgServerIn({ issuer }: AuthorizationServer): { readonly reason?: 'orgServer' } {
  return new URL(issuer).pathname === '/' ? { reason: 'orgServer' } : {};
}

/**
 * Defenses against another server's callback (RFC 9700, 4.4). `iss`: the server names itself in its callbacks (RFC
 * 9207). `okta`: on Okta's own domains only Okta receives the code. `ownRedirectUri`: this issuer alone has the
 * redirect URI. `policy`: the organization's policy file names the issuer. `confirmed`: the person trusts it.
 */
const mixUpDefenses = ['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const;
/** One of the defenses above. */
export type MixUpDefense = (typeof mixUpDefenses)[number];

/** The redirect URI of a sign-in, and why no other server's callback can come in by it. */
export const usedRedirectSchema = v.object({ uri: v.string(), defense: v.picklist(mixUpDefenses) });
/** How the code of a sign-in came back. */
export type UsedRedirect = Frozen<v.InferOutput<typeof usedRedirectSchema>>;
