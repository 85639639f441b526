import * as v from 'valibot';
import type { Frozen } from '../defined.ts';

/**
 * Server demands that this client does not support: a client secret, a signed assertion (RFC 7523, 2.2), a client
 * certificate (RFC 8705), or tokens bound to a key (RFC 9449).
 */
const clientDemands = ['clientSecret', 'privateKeyJwt', 'clientCertificate', 'dpop'] as const;
/** An unsupported demand; the `reason` of the error that reports it. */
export type ClientDemand = (typeof clientDemands)[number];

/** Validated endpoints of an authorization server; a session keeps its issuer's (docs/ARCHITECTURE.md, rule 6). */
export const authorizationServerSchema = v.object({
  issuer: v.string(),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  revocationEndpoint: v.exactOptional(v.string()),
  /** Present only if the server offers the device grant (RFC 8628). */
  deviceAuthorizationEndpoint: v.exactOptional(v.string()),
  /** Whether redirects carry `iss` (RFC 9207); Okta's do not. */
  issParameter: v.boolean(),
  /** URL of the keys that sign ID tokens, if announced. */
  jwksUri: v.exactOptional(v.string()),
  /** Signing algorithms of ID tokens; absent means RS256 (OpenID Connect Core 1.0, 3.1.3.7). */
  idTokenAlgorithms: v.exactOptional(v.array(v.string())),
  /** URL that ends the browser's session (OpenID Connect RP-Initiated Logout 1.0), if announced. */
  endSessionEndpoint: v.exactOptional(v.string()),
  /** Demands that the metadata leaves open, likeliest first (`clientDemand.ts`); not determined for Okta. */
  mayDemand: v.exactOptional(v.array(v.picklist(clientDemands))),
});
/** A validated authorization server. */
export type AuthorizationServer = Frozen<v.InferOutput<typeof authorizationServerSchema>>;

/**
 * Normalizes the issuer in a server's metadata to the form of a connection's (`src/input/issuer.ts`). Some servers end
 * it with a slash, which matters only in `iss`. Returns text that is not a URL unchanged.
 */
export function normalIssuer(named: string): string {
  const url = URL.parse(named);
  return url === null ? named : `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** The error `reason` for an issuer without a path: Okta's org authorization server, which has no custom scopes. */
export function orgServerReason({ issuer }: AuthorizationServer): { readonly reason?: 'orgServer' } {
  return new URL(issuer).pathname === '/' ? { reason: 'orgServer' } : {};
}

/**
 * Defenses against another server's callback (RFC 9700, 4.4). `iss`: callbacks name the server (RFC 9207). `okta`: on
 * Okta's own domains, only Okta receives the code. `ownRedirectUri`: only this issuer uses the redirect URI. `policy`:
 * the organization's policy file names the issuer. `confirmed`: the user trusts it.
 */
const mixUpDefenses = ['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const;
/** A defense against another server's callback. */
export type MixUpDefense = (typeof mixUpDefenses)[number];

/** The redirect URI of a sign-in, and its defense against another server's callback. */
export const usedRedirectSchema = v.object({ uri: v.string(), defense: v.picklist(mixUpDefenses) });
/** The value of {@link usedRedirectSchema}. */
export type UsedRedirect = Frozen<v.InferOutput<typeof usedRedirectSchema>>;
