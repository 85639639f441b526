import type { Settings } from '../../host/settingsFile.ts';
import type { SandboxDescription } from '../../sandbox/sandbox.ts';

const NAMES = { identityCenter: 'Sandbox Identity Center', okta: 'Sandbox Okta' };

/** The settings that lead the extension to a sandbox. Connections that a person has added stay behind the sandbox's own. */
export function sandboxSettings({
  identityCenter,
  okta,
}: SandboxDescription): (current: Settings) => Settings {
  return (current) => ({
    'developerSignIn.connections': [
      {
        type: 'identityCenter',
        name: NAMES.identityCenter,
        startUrl: identityCenter.startUrl,
        region: identityCenter.region,
      },
      { type: 'okta', name: NAMES.okta, issuer: okta.issuer, clientId: okta.clientId },
      ...ownConnections(current['developerSignIn.connections']),
    ],
    'developerSignIn.identityCenter.endpoint': identityCenter.endpoint,
    'developerSignIn.identityCenter.portalEndpoint': identityCenter.portalEndpoint,
  });
}

function ownConnections(setting: unknown): unknown[] {
  const all: unknown[] = Array.isArray(setting) ? setting : [];
  const names: unknown[] = Object.values(NAMES);
  return all.filter((one) => !names.includes((one as { name?: unknown } | null)?.name));
}
