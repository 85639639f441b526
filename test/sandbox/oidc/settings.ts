import { ownRedirectPath, redirectUriAt } from '../../../src/core/oidc/redirectUri.ts';
import { GUIDE_PORTS } from '../okta/settings.ts';
import type { OidcSettings } from './provider.ts';

/** What a provider is asked for that `exampleSettings` has otherwise. */
export interface ExampleOptions extends Partial<Omit<OidcSettings, 'redirectUris'>> {
  /** The ports whose redirect URI is registered; those of the guide unless given. */
  readonly registeredPorts?: readonly number[];
}

/**
 * A provider as an administrator leaves it who did everything right: a public client, the issuer's own redirect URI at
 * every port, a device grant, rotation, revocation and a page to sign out.
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
