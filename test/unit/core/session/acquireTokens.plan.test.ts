import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { authorizeParameters, planOf } from '../../../../src/core/session/acquireTokens.ts';
import type { SignInRequest } from '../../../../src/core/session/acquireTokens.ts';
import { identityCenterConnection, oktaConnection, signInSettings } from '../../fakes/examples.ts';

const settings = { ...signInSettings, redirectPorts: [2128, 4649] };
const usual = planOf(oktaConnection, {}, settings);

describe('planOf: 04.07: the plan of a sign-in', () => {
  test('has the scopes of the connection and the request, without duplicates or pseudo-scopes', () => {
    const request = { scopes: ['okta.users.manage', 'offline_access', 'issuer:https://example.okta.com'] };
    expect(planOf(oktaConnection, request, settings).scopes).toEqual([...usual.scopes, 'okta.users.manage']);
  });

  test.each([
    ['the setting', oktaConnection, {}, [2128, 4649]],
    ['the connection', { ...oktaConnection, redirectPorts: [8008] }, {}, [8008]],
    ['the request', { ...oktaConnection, redirectPorts: [8008] }, { redirectPorts: [1] }, [1]],
    ['nothing where any port is free to take', identityCenterConnection, { redirectPorts: [1] }, []],
  ] as const)('has the ports of %s', (_, connection, request, ports) => {
    expect(planOf(connection, request, settings).redirectPorts).toEqual(ports);
  });

  test.each([
    ['of the host, at Okta', oktaConnection, {}, 'authorizationCode'],
    ['of the setting, at Identity Center', identityCenterConnection, {}, 'deviceCode'],
    ['of the connection', { ...oktaConnection, flow: 'deviceCode' }, {}, 'deviceCode'],
    [
      'of the request',
      { ...oktaConnection, flow: 'deviceCode' },
      { flow: 'authorizationCode' },
      'authorizationCode',
    ],
  ] as const)('has the flow %s', (_, connection, request, flow) => {
    expect(planOf(connection, request, settings).flow).toBe(flow);
  });
});

describe('authorizeParameters: the login hint of a sign-in', () => {
  const ana = { ...oktaConnection, loginHint: 'ana@example.com' };
  const hintOf = (connection: Connection, request: SignInRequest) =>
    authorizeParameters(connection.type, planOf(connection, request, settings));

  test.each([
    ['that of the connection', ana, {}, { login_hint: 'ana@example.com' }],
    ['that of the request instead', ana, { loginHint: 'ben' }, { login_hint: 'ben' }],
    ['none without one', oktaConnection, {}, {}],
    ['none of the connection where another account is meant', ana, { prompt: 'login' }, {}],
    ['that of such a request', ana, { prompt: 'login', loginHint: 'ben' }, { login_hint: 'ben' }],
  ] satisfies readonly (readonly [string, Connection, SignInRequest, object])[])(
    'is %s',
    (_, connection, request, parameters) => {
      expect(hintOf(connection, request)).toEqual(parameters);
    },
  );
});
