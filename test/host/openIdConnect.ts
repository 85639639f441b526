import { startOidcProvider, type OidcProvider } from '../sandbox/oidc/provider.ts';
import { exampleSettings } from '../sandbox/oidc/settings.ts';
import { PLACE, type Scene } from './scene.ts';

/** An OpenID Connect provider with the issuer-specific redirect URI on each port in the scene's settings. */
export async function startOpenIdConnect(scene: Scene): Promise<OidcProvider> {
  const registeredPorts = scene.sandbox.okta.settings.redirectUris.map((uri) => Number(new URL(uri).port));
  return startOidcProvider(exampleSettings({ deviceGrant: false, registeredPorts }), PLACE);
}
