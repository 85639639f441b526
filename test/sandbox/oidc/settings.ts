import { ownRedirectPath, redirectUriAt } from '../../../src/core/oidc/redirectUri.ts';
import { GUIDE_PORTS } from '../okta/settings.ts';
import type { OidcSettings } from './provider.ts';

/** Provider settings that differ from `exampleSettings`. */
export interface ExampleOptions extends Partial<Omit<OidcSettings, 'redirectUris'>> {
  /** The ports with a registered redirect URI; by default those of the guide. */
  readonly registeredPorts?: readonly number[];
}

/**
 * A correctly configured provider: a public client, the issuer's own redirect URI on every port, device grant,
 * rotation, revocation and an end-session page.
 */
export function exampleSettings({
  registeredPorts = GUIDE_PORTS,
  ...changes
}: ExampleOptions = {}): OidcSettings {
  return {
    issuerPath: '/realms/example',
    redirectUris: async (issuer) => {
      const path = await ownRedirectPath(issuer);
      return registeredPorts.map((port) => redirectUriAt(port, path));
    },
    anyPort: false,
    issParameter: false,
    revocation: true,
    deviceGrant: true,
    logout: true,
    refreshTokens: 'strict',
    idTokenClaims: ['preferred_username', 'email'],
    metadata: (document) => document,
    ...changes,
  };
}
