import type { Settings } from '../../host/settingsFile.ts';
import type { ChainDescription } from '../../sandbox/chain.ts';
import type { Cloud } from '../../sandbox/cloud.ts';
import type { SandboxDescription } from '../../sandbox/sandbox.ts';

const NAMES = {
  identityCenter: 'Sandbox Identity Center',
  federated: 'Sandbox Identity Center with Okta',
  okta: 'Sandbox Okta',
  openIdConnect: 'Sandbox OpenID Connect',
};

/** Settings that point the extension to a sandbox. Connections added by the user follow those of the sandbox. */
export function sandboxSettings({
  identityCenter,
  okta,
  openIdConnect,
}: SandboxDescription | ChainDescription): (current: Settings) => Settings {
  return (current) => ({
    'developerSignIn.connections': [
      {
        type: 'identityCenter',
        name: NAMES.identityCenter,
        startUrl: identityCenter.startUrl,
        region: identityCenter.region,
      },
      ...('federated' in identityCenter
        ? [
            {
              type: 'identityCenter',
              name: NAMES.federated,
              startUrl: identityCenter.federated.startUrl,
              region: identityCenter.federated.region,
            },
          ]
        : []),
      { type: 'okta', name: NAMES.okta, issuer: okta.issuer, clientId: okta.clientId },
      ...(openIdConnect === undefined
        ? []
        : [
            {
              type: 'oidc',
              name: NAMES.openIdConnect,
              issuer: openIdConnect.issuer,
              clientId: openIdConnect.clientId,
            },
          ]),
      ...ownConnections(current['developerSignIn.connections']),
    ],
    'developerSignIn.identityCenter.endpoint': identityCenter.endpoint,
    'developerSignIn.identityCenter.portalEndpoint': identityCenter.portalEndpoint,
  });
}

/** Settings that redirect VS Code's requests for AWS and Kiro hosts to the sandbox. */
export function proxySettings({ proxyUrl }: Pick<Cloud, 'proxyUrl'>): Settings {
  return { 'http.proxy': proxyUrl, 'http.noProxy': ['[::1]', '::1', '127.0.0.1', '127.0.0.2', 'localhost'] };
}

function ownConnections(setting: unknown): unknown[] {
  const all: unknown[] = Array.isArray(setting) ? setting : [];
  const names: unknown[] = Object.values(NAMES);
  return all.filter((one) => !names.includes((one as { name?: unknown } | null)?.name));
}
