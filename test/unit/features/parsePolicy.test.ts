import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../../src/features/parsePolicy.ts';
import { anyString } from '../fakes/anyString.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';

const parse = (value: unknown) => parsePolicy(JSON.stringify(value));

describe('parsePolicy: a policy file', () => {
  test('has its addresses in normal form', () => {
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

  test('06.08: may list endpoints', () => {
    const allowedEndpoints = ['https://oidc.{region}.example.com', 'http://127.0.0.1:4000'];
    expect(parse({ allowedEndpoints })).toEqual({ policy: { allowedEndpoints }, unknownRules: [] });
  });

  test.each([
    'http://oidc.example.com',
    'https://user@oidc.example.com',
    'https://oidc.example.com/?a',
    '',
    'x',
  ])('is invalid with an invalid endpoint: %j', (endpoint) => {
    expect(parse({ allowedEndpoints: [endpoint] })).toEqual({
      kind: 'wrongValue',
      where: 'allowedEndpoints.0',
    });
  });

  test('may start with a byte order mark, as Windows editors write it', () => {
    expect(parsePolicy('\uFEFF{}')).toEqual({ policy: {}, unknownRules: [] });
  });

  test('reports an unknown rule and keeps the others', () => {
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
  ])('%j is invalid at %j', (value, where) => {
    expect(parse(value)).toEqual({ kind: 'wrongValue', where });
  });

  test.each(['', '{', '// rules\n{}', '{ allowCliCache: false }'])('%j is not JSON', (text) => {
    expect(parsePolicy(text)).toMatchObject({ kind: 'notJson' });
  });

  test('is a policy or a problem, whatever its content', () => {
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

describe('parsePolicy: connections that the organization provides', () => {
  const provided = (entry: object, variables?: Parameters<typeof parsePolicy>[1]) => {
    const parsed = parsePolicy(JSON.stringify({ connections: [entry] }), variables);
    return 'policy' in parsed ? parsed.policy.connections : parsed;
  };

  test('are entries as in the setting, in normal form', () => {
    expect(provided({ ...oktaConnection, issuer: `${oktaConnection.issuer}/` })).toEqual([oktaConnection]);
  });

  test.each([
    ['that names no issuer', { type: 'okta', name: 'Example', clientId: 'x' }],
    ['of an unknown type', { ...oktaConnection, type: 'saml' }],
  ])('one %s makes the file invalid, which reports where', (_, entry) => {
    expect(provided(entry)).toEqual({ kind: 'wrongValue', where: 'connections.0' });
  });

  test('a misspelled member of a connection was ignored without a word', () => {
    const misspelled = { ...oktaConnection, scope: ['openid'], redirectPort: [3128] };
    expect(parse({ allowTerminal: false, connections: [identityCenterConnection, misspelled] })).toEqual({
      policy: { allowTerminal: false, connections: [identityCenterConnection, oktaConnection] },
      unknownRules: ['connections.1.scope', 'connections.1.redirectPort'],
    });
  });

  test("fills in the user's login and environment variables in a loginHint", () => {
    const entry = { ...oktaConnection, loginHint: '${user}.${env:TEAM}@example.com' };
    expect(provided(entry, { user: 'ana', env: { TEAM: 'blue' } })).toEqual([
      { ...oktaConnection, loginHint: 'ana.blue@example.com' },
    ]);
  });

  test.each([
    ['is not set', {}],
    ['is empty', { TEAM: '' }],
  ])('omits a loginHint with a variable that %s', (_, env) => {
    expect(provided({ ...oktaConnection, loginHint: '${env:TEAM}@example.com' }, { env })).toEqual([
      oktaConnection,
    ]);
  });
});
