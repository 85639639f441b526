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
  parsePolicy,
  templatesUnder,
  withProvided,
} from '../../../src/features/organizationPolicy.ts';
import type { OrganizationPolicy, OrganizationRules } from '../../../src/features/organizationPolicy.ts';
import { anyString } from '../fakes/anyString.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';
import { thrownBy } from '../fakes/thrownBy.ts';

const file = '/etc/developer-sign-in/policy.json';
const rules = (policy: OrganizationPolicy): OrganizationRules => ({
  file,
  state: 'inForce',
  policy,
  files: [{ file, policy, unknownRules: [] }],
});
const parse = (value: unknown) => parsePolicy(JSON.stringify(value));

describe('allowedFlows: a policy file', () => {
  test('is read with its addresses in normal form', () => {
    const issuer = `${oktaConnection.issuer}/.well-known/oauth-authorization-server`;
    const startUrl = ` ${identityCenterConnection.startUrl}/#/?tab=accounts`;
    const said = { allowedIssuers: [issuer], allowedStartUrls: [startUrl], allowedFlows: ['deviceCode'] };
    expect(parse({ $schema: 'x', ...said, allowCliCache: false })).toEqual({
      policy: {
        allowedIssuers: [oktaConnection.issuer],
        allowedStartUrls: [identityCenterConnection.startUrl],
        allowedFlows: ['deviceCode'],
        allowCliCache: false,
      },
      unknownRules: [],
    });
  });

  test('06.08: may name endpoints, and binds them with a rule about start URLs', () => {
    const templates = { oidc: 'https://oidc.example.com', portal: '' };
    const allowedEndpoints = ['https://oidc.{region}.example.com', 'http://127.0.0.1:4000'];
    expect(parse({ allowedEndpoints })).toEqual({ policy: { allowedEndpoints }, unknownRules: [] });
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

  test.each([
    'http://oidc.example.com',
    'https://user@oidc.example.com',
    'https://oidc.example.com/?a',
    '',
    'x',
  ])('with an invalid endpoint is broken: %j', (endpoint) => {
    expect(parse({ allowedEndpoints: [endpoint] })).toEqual({
      kind: 'wrongValue',
      where: 'allowedEndpoints.0',
    });
  });

  test('may begin with a byte order mark, as editors on Windows write it', () => {
    expect(parsePolicy('\uFEFF{}')).toEqual({ policy: {}, unknownRules: [] });
  });

  test('with a rule that is not known keeps the others, and names it', () => {
    expect(parse({ allowedBrowsers: ['x'], allowCliCache: false })).toEqual({
      policy: { allowCliCache: false },
      unknownRules: ['allowedBrowsers'],
    });
  });

  test.each([
    [{ allowedIssuers: 'https://example.okta.com' }, 'allowedIssuers'],
    [{ allowedIssuers: [oktaConnection.issuer, 'ftp://example.okta.com'] }, 'allowedIssuers.1'],
    [{ allowedStartUrls: ['https://console.aws.amazon.com'] }, 'allowedStartUrls.0'],
    [{ allowedFlows: ['password'] }, 'allowedFlows.0'],
    [{ allowCliCache: 'no' }, 'allowCliCache'],
    [[], ''],
    [null, ''],
    ['{}', ''],
  ])('%j is wrong at %j', (value, where) => {
    expect(parse(value)).toEqual({ kind: 'wrongValue', where });
  });

  test.each(['', '{', '// rules\n{}', '{ allowCliCache: false }'])('%j is not JSON', (text) => {
    expect(parsePolicy(text)).toMatchObject({ kind: 'notJson' });
  });

  test('is a policy or a problem, whatever is in it', () => {
    const rule = fc.constantFrom(
      ...['allowedIssuers', 'allowedStartUrls', 'allowedFlows', 'allowCliCache', '__proto__', 'other'],
    );
    const value = fc.oneof(
      fc.array(anyString(8), { maxLength: 3 }),
      fc.constantFrom<unknown>(true, null, 1, {}, [oktaConnection.issuer], ['deviceCode'], [[]]),
    );
    const json = fc.dictionary(rule, value, { maxKeys: 4 }).map((said) => JSON.stringify(said));
    fc.assert(
      fc.property(fc.oneof(json, anyString()), (text) => {
        const found = parsePolicy(text);
        return 'kind' in found || found.unknownRules.every((name) => name.length <= 40);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('isAllowed: without a rule', () => {
  test.each([identityCenterConnection, oktaConnection])('$type is allowed', (connection) => {
    expect(isAllowed({}, connection)).toBe(true);
    expect(isAllowed({ allowedFlows: [], allowCliCache: false }, connection)).toBe(true);
  });

  test('every flow is allowed, and the cache', () => {
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

  test('an empty list allows nothing of its kind, and all of the other', () => {
    expect(isAllowed({ allowedIssuers: [] }, oktaConnection)).toBe(false);
    expect(isAllowed({ allowedIssuers: [] }, identityCenterConnection)).toBe(true);
  });

  test('what is refused is named, with the file', () => {
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

  test('flows keep their order, and none that works does not concern the rule', () => {
    const one = rules({ allowedFlows: ['deviceCode'] });
    expect(allowedFlows(one, ['authorizationCode', 'deviceCode'])).toEqual(['deviceCode']);
    expect(allowedFlows(one, [])).toEqual([]);
  });
});

test('a rule only narrows: what two rules allow, each of them allows', () => {
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

describe('parsePolicy: connections that the organization provides', () => {
  const provided = (entry: object, variables?: Parameters<typeof parsePolicy>[1]) => {
    const parsed = parsePolicy(JSON.stringify({ connections: [entry] }), variables);
    return 'policy' in parsed ? parsed.policy.connections : parsed;
  };

  test('are entries as in the setting, in their normal form', () => {
    expect(provided({ ...oktaConnection, issuer: `${oktaConnection.issuer}/` })).toEqual([oktaConnection]);
  });

  test.each([
    ['that names no issuer', { type: 'okta', name: 'Example', clientId: 'x' }],
    ['of an unknown type', { ...oktaConnection, type: 'saml' }],
  ])('one %s breaks the file, which says where', (_, entry) => {
    expect(provided(entry)).toEqual({ kind: 'wrongValue', where: 'connections.0' });
  });

  test('a loginHint has the login of the person and variables of the environment filled in', () => {
    const entry = { ...oktaConnection, loginHint: '${user}.${env:TEAM}@example.com' };
    expect(provided(entry, { user: 'ana', env: { TEAM: 'blue' } })).toEqual([
      { ...oktaConnection, loginHint: 'ana.blue@example.com' },
    ]);
  });

  test.each([
    ['is not set', {}],
    ['is empty', { TEAM: '' }],
  ])('a loginHint with a variable that %s is left out', (_, env) => {
    expect(provided({ ...oktaConnection, loginHint: '${env:TEAM}@example.com' }, { env })).toEqual([
      oktaConnection,
    ]);
  });

  test('come first, and a person’s own for the same place is the organization’s', () => {
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
