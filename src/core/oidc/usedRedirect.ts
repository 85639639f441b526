import * as v from 'valibot';

/**
 * What keeps a callback that was meant for one server from another (RFC 9700, 4.4). `iss`: the server names itself in
 * its callbacks (RFC 9207). `okta`: on Okta's own domains the token endpoint is Okta's, and only that receives the
 * code. `ownRedirectUri`: this issuer's redirect URI is of no other. `policy`: the organization's policy file names
 * the issuer. `confirmed`: the person trusts it.
 */
const mixUpDefenses = ['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const;
/** One of the defenses above. */
export type MixUpDefense = (typeof mixUpDefenses)[number];

/** The redirect URI of a sign-in, and why no other server's callback can come in by it. */
export interface UsedRedirect {
  readonly uri: string;
  readonly defense: MixUpDefense;
}

/** The record's shape of a {@link UsedRedirect}. */
export const usedRedirectSchema = v.object({ uri: v.string(), defense: v.picklist(mixUpDefenses) });
