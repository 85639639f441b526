import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/core/connection/connection.ts';
import {
  allowedFlows,
  checkAllowed,
  checkCliCache,
  isAllowed,
  isProvided,
  canShareWithCli,
  templatesUnder,
  withProvided,
} from '../../../src/features/organizationPolicy.ts';
import type { OrganizationPolicy, OrganizationRules } from '../../../src/features/organizationPolicy.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';
import { thrownBy } from '../fakes/thrownBy.ts';

const file = '/etc/developer-sign-in/policy.json';
const rules = (policy: OrganizationPolicy): OrganizationRules => ({
  file,
  state: 'inForce',
  policy,
  files: [{ file, policy, unknownRules: [] }],
});

describe('isAllowed: without a rule', () => {
  test.each([identityCenterConnection, oktaConnection])('$type is allowed', (connection) => {
    expect(isAllowed({}, connection)).toBe(true);
    expect(isAllowed({ allowedFlows: [], allowCliCache: false }, connection)).toBe(true);
  });

  test('every flow is allowed, and so is the cache', () => {
    expect(allowedFlows(rules({}), ['authorizationCode', 'deviceCode'])).toEqual([
      'authorizationCode',
      'deviceCode',
    ]);
    expect(canShareWithCli(rules({}))).toBe(true);
  });
});

describe('allowedFlows: with a rule', () => {
  const policy = {
    allowedIssuers: [oktaConnection.issuer],
    allowedStartUrls: [identityCenterConnection.startUrl],
  };

  test.each<[string, boolean, Connection]>([
    ['the issuer', true, oktaConnection],
    ['the issuer with another client id', true, { ...oktaConnection, clientId: 'other' }],
    [
      'another server of the same host',
      false,
      { ...oktaConnection, issuer: 'https://example.okta.com/oauth2/default' },
    ],
    ['an issuer that only begins so', false, { ...oktaConnection, issuer: `${oktaConnection.issuer}x` }],
    ['the issuer, of any OpenID Connect provider', true, { ...oktaConnection, type: 'oidc' }],
    [
      'any OpenID Connect provider that is not named',
      false,
      { ...oktaConnection, type: 'oidc', issuer: 'https://id.example.com' },
    ],
    ['the start URL', true, identityCenterConnection],
    ['the start URL in another region', true, { ...identityCenterConnection, region: 'us-east-1' }],
    ['AWS Builder ID', false, { ...identityCenterConnection, startUrl: 'https://view.awsapps.com/start' }],
  ])('%s: %s', (_, allowed, connection) => {
    expect(isAllowed(policy, connection)).toBe(allowed);
  });

  test('an empty list allows nothing of its kind, and does not restrict others', () => {
    expect(isAllowed({ allowedIssuers: [] }, oktaConnection)).toBe(false);
    expect(isAllowed({ allowedIssuers: [] }, identityCenterConnection)).toBe(true);
  });

  test('the blocked value is reported with the file', () => {
    const none = rules({ allowedIssuers: [], allowedStartUrls: [], allowedFlows: [], allowCliCache: false });
    const fact = (details: object) => ({ kind: 'blockedByOrganization', details: { file, ...details } });
    expect(thrownBy(() => checkAllowed(none, oktaConnection))).toEqual(
      fact({ operation: 'signIn', reason: 'issuer', input: oktaConnection.issuer }),
    );
    expect(thrownBy(() => checkAllowed(none, identityCenterConnection))).toEqual(
      fact({ operation: 'signIn', reason: 'startUrl', input: identityCenterConnection.startUrl }),
    );
    expect(thrownBy(() => allowedFlows(none, ['deviceCode']))).toEqual(
      fact({ operation: 'signIn', reason: 'flow', input: 'deviceCode' }),
    );
    expect(thrownBy(() => checkCliCache(none))).toEqual(fact({ operation: 'cliCache', reason: 'cliCache' }));
  });

  test('flows keep their order, and an unavailable flow is not blamed on the rule', () => {
    const one = rules({ allowedFlows: ['deviceCode'] });
    expect(allowedFlows(one, ['authorizationCode', 'deviceCode'])).toEqual(['deviceCode']);
    expect(allowedFlows(one, [])).toEqual([]);
  });
});

test('a rule can only restrict: both of two rules must allow something', () => {
  const urls = fc.subarray([identityCenterConnection.startUrl, 'https://view.awsapps.com/start']);
  fc.assert(
    fc.property(
      urls,
      urls,
      fc.constantFrom(identityCenterConnection.startUrl, 'https://x.awsapps.com/start'),
      (a, b, startUrl) => {
        const to = { ...identityCenterConnection, startUrl };
        const both = a.filter((one) => b.includes(one));
        const allowedBoth = isAllowed({ allowedStartUrls: both }, to);
        return (
          allowedBoth === (isAllowed({ allowedStartUrls: a }, to) && isAllowed({ allowedStartUrls: b }, to))
        );
      },
    ),
  );
});

describe('templatesUnder', () => {
  test('06.08: includes the listed endpoints if start URLs are restricted', () => {
    const templates = { oidc: 'https://oidc.example.com', portal: '' };
    const allowedEndpoints = ['https://oidc.{region}.example.com', 'http://127.0.0.1:4000'];
    expect(templatesUnder(rules({}), templates)).toEqual(templates);
    expect(templatesUnder(rules({ allowedIssuers: [] }), templates)).toEqual(templates);
    expect(templatesUnder(rules({ allowedStartUrls: ['x'] }), templates)).toEqual({
      ...templates,
      allowed: [],
    });
    expect(templatesUnder(rules({ allowedStartUrls: ['x'], allowedEndpoints }), templates)).toEqual({
      ...templates,
      allowed: allowedEndpoints,
    });
  });
});

describe('withProvided', () => {
  test('lists the organization’s first; they replace the user’s own for the same address', () => {
    const policy = { connections: [oktaConnection] };
    const own = { ...oktaConnection, name: 'Mine' };
    expect(withProvided(policy, [identityCenterConnection, own])).toEqual([
      oktaConnection,
      identityCenterConnection,
    ]);
    expect(isProvided(policy, own)).toBe(true);
    expect(isProvided(policy, identityCenterConnection)).toBe(false);
    expect(withProvided({}, [own])).toEqual([own]);
  });
});
