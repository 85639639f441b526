import { startOidcProvider, type OidcProvider } from '../sandbox/oidc/provider.ts';
import { exampleSettings } from '../sandbox/oidc/settings.ts';
import { PLACE, type Scene } from './scene.ts';

/** An OpenID Connect provider with the issuer's own redirect URI at each port that the scene's settings name. */
export async function startOpenIdConnect(scene: Scene): Promise<OidcProvider> {
  const registeredPorts = scene.sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port));
  return startOidcProvider(exampleSettings({ deviceGrant: false, registeredPorts }), PLACE);
}
