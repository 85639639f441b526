import { redirectPath } from '../core/oauth/userInteraction.ts';
import { isOktaOrganization } from '../core/oidc/oktaDomains.ts';
import { ownRedirectPath, redirectUriAt } from '../core/oidc/redirectUri.ts';

/**
 * The redirect URIs to register for an issuer without known metadata: the shared ones for an organization on an
 * Okta domain, the issuer's own first for any other.
 */
export async function redirectUrisFor(issuer: string, ports: readonly number[]): Promise<readonly string[]> {
  const shared = ports.map((port) => redirectUriAt(port, redirectPath));
  if (isOktaOrganization(new URL(issuer).hostname)) return shared;
  const path = await ownRedirectPath(issuer);
  return [...ports.map((port) => redirectUriAt(port, path)), ...shared];
}
