import { redirectPath } from '../core/oauth/userInteraction.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import { ownRedirectPath, redirectUriAt } from '../core/oidc/redirectUri.ts';

/**
 * The redirect URIs that an administrator registers for an issuer whose metadata is not known: for an Okta
 * organization on Okta's own domain the shared ones, for any other issuer its own first.
 */
export async function redirectUrisFor(issuer: string, ports: readonly number[]): Promise<readonly string[]> {
  const shared = ports.map((port) => redirectUriAt(port, redirectPath));
  if (isOktaOrganization(new URL(issuer).hostname)) return shared;
  const path = await ownRedirectPath(issuer);
  return [...ports.map((port) => redirectUriAt(port, path)), ...shared];
}
