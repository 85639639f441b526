import { ownRedirectPath, redirectUriAt } from '../../src/core/oidc/mixUpDefense.ts';
import { startOidcProvider, type OidcProvider } from '../sandbox/oidc/provider.ts';
import { PLACE, type Scene } from './scene.ts';

/** An OpenID Connect provider with the issuer's own redirect URI at each port that the scene's settings name. */
export async function startOpenIdConnect(scene: Scene): Promise<OidcProvider> {
  const ports = scene.sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port));
  return startOidcProvider(
    {
      issuerPath: '/realms/example',
      redirectUris: async (issuer) => {
        const path = await ownRedirectPath(issuer);
        return ports.map((port) => redirectUriAt(port, path));
      },
      anyPort: false,
      issParameter: false,
      revocation: true,
      deviceGrant: false,
      refreshTokens: 'strict',
      idTokenClaims: ['preferred_username', 'email'],
      metadata: (document) => document,
    },
    PLACE,
  );
}
