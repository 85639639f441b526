import { describe, expect, test } from 'vitest';
import { callbackPorts } from '../../../src/features/callbackPorts.ts';
import type { Connection } from '../../../src/core/connection/connection.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';

const oidc = (more: object): Connection => ({
  type: 'oidc',
  name: 'Company',
  issuer: 'https://id.example.com',
  clientId: 'app',
  ...more,
});

describe('callbackPorts', () => {
  test.each<readonly [string, readonly Connection[], readonly number[]]>([
    ['no connection has its own', [identityCenterConnection, oktaConnection], [2128, 4649]],
    ['of Okta', [{ ...oktaConnection, redirectPorts: [4649, 9000] }], [2128, 4649, 9000]],
    ['of an OpenID Connect provider', [oidc({ redirectPorts: [8008, 9091] })], [2128, 4649, 8008, 9091]],
    [
      'in a redirect URI',
      [oidc({ redirectUri: 'http://localhost:8008/oauth/callback' })],
      [2128, 4649, 8008],
    ],
    ['of a redirect URI that takes any', [oidc({ redirectUri: 'http://127.0.0.1' })], [2128, 4649]],
  ])('%s', (_what, connections, ports) => {
    expect(callbackPorts([2128, 4649], connections)).toEqual(ports);
  });
});
