import { describe, expect, test } from 'vitest';
import {
  connectionKey,
  isPseudoScope,
  pseudoScope,
  scopesOf,
} from '../../../../src/core/connection/connection.ts';
import { isChosenBy } from '../../../../src/input/addresses.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';

describe('connectionKey: two connections', () => {
  test('are the same whatever their names, scopes and ports', () => {
    const other = { ...oktaConnection, name: 'Other', scopes: ['openid'], redirectPorts: [8008] };
    expect(connectionKey(other)).toBe(connectionKey(oktaConnection));
  });

  test.each([
    { ...oktaConnection, issuer: 'https://other.okta.com/oauth2/aus1' },
    { ...oktaConnection, clientId: '0oaOther' },
    identityCenterConnection,
    { ...identityCenterConnection, region: 'us-east-1' },
    { ...identityCenterConnection, startUrl: 'https://d-0987654321.awsapps.com/start' },
  ])('differ by type, address, client and region: %o', (other) => {
    const others = [oktaConnection, identityCenterConnection].filter((one) => one !== other);
    expect(others.map(connectionKey)).not.toContain(connectionKey(other));
  });
});

describe('pseudoScope: scopes', () => {
  test("are the connection's own, or the default of its kind", () => {
    expect(scopesOf(identityCenterConnection)).toEqual([
      'codewhisperer:completions',
      'codewhisperer:conversations',
    ]);
    expect(scopesOf(oktaConnection)).toEqual([
      'codewhisperer:completions',
      'codewhisperer:conversations',
      'offline_access',
    ]);
    expect(scopesOf({ ...oktaConnection, scopes: ['openid'] })).toEqual(['openid']);
  });

  test('a pseudo-scope names the connection by its address', () => {
    expect(pseudoScope(identityCenterConnection)).toBe('startUrl:https://d-1234567890.awsapps.com/start');
    expect(pseudoScope(oktaConnection)).toBe('issuer:https://example.okta.com/oauth2/aus1a2b3c4d5');
  });

  test.each([
    [pseudoScope(oktaConnection), true],
    [pseudoScope(identityCenterConnection), true],
    ['codewhisperer:completions', false],
    ['issuer', false],
    ['sso:account:access', false],
  ])('%s selects a connection: %o', (scope, expected) => {
    expect(isPseudoScope(scope)).toBe(expected);
  });
});

describe('isChosenBy: F8: a pseudo-scope selects its connection in every spelling of the address', () => {
  test.each([
    [oktaConnection, `issuer:${oktaConnection.issuer}`, true],
    [oktaConnection, `issuer:${oktaConnection.issuer}/`, true],
    [oktaConnection, `issuer:${oktaConnection.issuer}/.well-known/openid-configuration`, true],
    [oktaConnection, `issuer:${oktaConnection.issuer}/v1/authorize`, true],
    [oktaConnection, 'issuer:https://other.okta.com/oauth2/aus1', false],
    [oktaConnection, `startUrl:${oktaConnection.issuer}`, false],
    [oktaConnection, 'issuer:', false],
    [oktaConnection, oktaConnection.issuer, false],
    [identityCenterConnection, `startUrl:${identityCenterConnection.startUrl}`, true],
    [identityCenterConnection, `startUrl:${identityCenterConnection.startUrl}/#/`, true],
    [identityCenterConnection, `issuer:${identityCenterConnection.startUrl}`, false],
    [identityCenterConnection, 'startUrl:', false],
  ])('%o, %s: %s', (connection, scope, expected) => {
    expect(isChosenBy(connection, scope)).toBe(expected);
  });
});
