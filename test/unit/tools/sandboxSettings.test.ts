import { expect, test } from 'vitest';
import type { SandboxDescription } from '../../sandbox/sandbox.ts';
import { sandboxSettings } from '../../tools/lib/sandboxSettings.ts';

const description = {
  okta: { issuer: 'http://[::1]:1/oauth2/aus1', clientId: '0oa1' },
  identityCenter: {
    startUrl: 'http://[::1]:2/start',
    region: 'us-east-1',
    endpoint: 'e',
    portalEndpoint: 'p',
  },
  openIdConnect: { issuer: 'http://[::1]:3/realms/example', metadataUri: 'm', clientId: 'app' },
} as unknown as SandboxDescription;
const namesIn = (settings: Readonly<Record<string, unknown>>): unknown =>
  (settings['developerSignIn.connections'] as readonly { name: string }[]).map(({ name }) => name);

test('the editor has a connection to each sandbox provider, before the user’s own', () => {
  const mine = { type: 'oidc', name: 'Mine', issuer: 'https://id.example.com', clientId: 'app' };
  const settings = sandboxSettings(description)({ 'developerSignIn.connections': [mine] });
  const again = sandboxSettings(description)(settings);
  const names = ['Sandbox Identity Center', 'Sandbox Okta', 'Sandbox OpenID Connect', 'Mine'];
  expect([namesIn(settings), namesIn(again)]).toEqual([names, names]);
  expect(settings['developerSignIn.connections']).toContainEqual({
    type: 'oidc',
    name: 'Sandbox OpenID Connect',
    issuer: 'http://[::1]:3/realms/example',
    clientId: 'app',
  });
});

test('a sandbox without an OpenID Connect provider has no connection to one', () => {
  const { openIdConnect: _, ...without } = description;
  expect(namesIn(sandboxSettings(without)({}))).toEqual(['Sandbox Identity Center', 'Sandbox Okta']);
});
