import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { connectionSchema } from '../../../../src/core/connection/connectionSchema.ts';
import { normalConnection } from '../../../../src/input/addresses.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';

const oidcConnection = { ...oktaConnection, type: 'oidc' };
const redirectAt = (port: string) => ({
  ...oidcConnection,
  redirectUri: `http://localhost${port}/oauth/callback`,
});
const accepts = (value: unknown) => v.is(connectionSchema, value);

describe("connectionSchema: a connection's shape", () => {
  test.each([
    ['an Identity Center with what it needs', identityCenterConnection],
    ['an Okta with what it needs', oktaConnection],
    ['its own scopes', { ...identityCenterConnection, scopes: ['sso:account:access'] }],
    ['a flow', { ...identityCenterConnection, flow: 'deviceCode' }],
    ['a section of the AWS CLI’s', { ...identityCenterConnection, awsCli: 'my-company' }],
    ['F6: one with a space in its name', { ...identityCenterConnection, awsCli: 'Acme Dev' }],
    ['F6: one with an umlaut and an ampersand', { ...identityCenterConnection, awsCli: 'R&D München' }],
    ['a redirect URI at the last port', redirectAt(':65535')],
    ['a redirect URI at any port', redirectAt('')],
    ['its own ports', { ...oktaConnection, redirectPorts: [1, 3128, 65535] }],
  ])('accepts %s', (_, value) => {
    expect(accepts(value)).toBe(true);
  });

  test.each([
    ['nothing', undefined],
    ['a text', 'okta'],
    ['another type', { ...oktaConnection, type: 'saml' }],
    ['an Okta without a client id', { type: 'okta', name: 'Example', issuer: oktaConnection.issuer }],
    ['an Identity Center without a region', { ...identityCenterConnection, region: undefined }],
    ['a blank name', { ...oktaConnection, name: '  ' }],
    ['a name of 101 letters', { ...oktaConnection, name: 'x'.repeat(101) }],
    ['an empty list of scopes', { ...oktaConnection, scopes: [] }],
    ['a scope with a space in it', { ...oktaConnection, scopes: ['openid email'] }],
    ['a scope with a quote in it', { ...oktaConnection, scopes: ['open"id'] }],
    ['an empty scope', { ...oktaConnection, scopes: [''] }],
    ['an unknown flow', { ...oktaConnection, flow: 'password' }],
    ['an empty list of ports', { ...oktaConnection, redirectPorts: [] }],
    ['port 0', { ...oktaConnection, redirectPorts: [0] }],
    ['port 65536', { ...oktaConnection, redirectPorts: [65536] }],
    ['half a port', { ...oktaConnection, redirectPorts: [80.5] }],
    ['an empty section of the AWS CLI’s', { ...identityCenterConnection, awsCli: '' }],
    ['one of spaces', { ...identityCenterConnection, awsCli: '  ' }],
    ['one on two lines', { ...identityCenterConnection, awsCli: 'a\nb' }],
    ['one with a NUL', { ...identityCenterConnection, awsCli: 'a\0b' }],
    ['a redirect URI at port 65536', redirectAt(':65536')],
    ['a redirect URI at port 99999', redirectAt(':99999')],
    ['a port in a string', { ...oktaConnection, redirectPorts: ['8008'] }],
  ])('rejects %s', (_, value) => {
    expect(accepts(value)).toBe(false);
  });

  test('trims the name, and drops unknown members', () => {
    const given = { ...oktaConnection, name: ' Example ', clientSecret: 'no' };
    expect(v.parse(connectionSchema, given)).toEqual(oktaConnection);
  });
});

describe('connectionSchema: the normal form', () => {
  test('of an Identity Center connection has the normal start URL and Region', () => {
    const typed = {
      ...identityCenterConnection,
      startUrl: 'd-1234567890.awsapps.com/start/#/',
      region: ' eu-central-1 ',
    };
    expect(normalConnection(typed)).toEqual(identityCenterConnection);
  });

  test('of an Okta connection has the issuer and the client ID', () => {
    const typed = {
      ...oktaConnection,
      issuer: `${oktaConnection.issuer}/.well-known/oauth-authorization-server`,
      clientId: ` ${oktaConnection.clientId} `,
    };
    expect(normalConnection(typed)).toEqual(oktaConnection);
  });

  test('is itself in normal form', () => {
    expect(normalConnection(normalConnection(oktaConnection))).toEqual(oktaConnection);
    expect(normalConnection(normalConnection(identityCenterConnection))).toEqual(identityCenterConnection);
  });

  test.each([
    'EU-CENTRAL-1',
    ' eu-central-1 ',
    '"eu-central-1"',
    '\u200beu-central-1\u200b',
    'eu-central-1.',
    '`eu-central-1`',
  ])('F16: has a Region that was written as %j', (region) => {
    expect(normalConnection({ ...identityCenterConnection, region })).toMatchObject({
      region: 'eu-central-1',
    });
  });

  test('F12: reports an invisible character in a Region', () => {
    expect(
      thrownBy(() => normalConnection({ ...identityCenterConnection, region: 'eu-\u200bcentral-1' })),
    ).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'region', reason: 'character', character: 'U+200B' },
    });
  });

  test.each([
    ['https://d-1234567890.awsapps.com/start', 'us-gov-west-1'],
    ['https://start.us-gov-home.awsapps.com/directory/d-1234567890', 'us-east-1'],
    ['https://start.home.awsapps.cn/directory/d-1234567890', 'eu-central-1'],
    ['https://identitycenter.amazonaws.com/ssoins-1234567890abcdef', 'cn-north-1'],
    ['https://d-1234567890.awsapps.com/start', 'eusc-de-east-1'],
  ])('a region of another partition failed in the browser only: %s with %s', (startUrl, region) => {
    expect(thrownBy(() => normalConnection({ ...identityCenterConnection, startUrl, region }))).toMatchObject(
      {
        kind: 'invalidInput',
        details: { operation: 'region', reason: 'partition', input: region },
      },
    );
  });

  test.each([
    ['https://sso.example.com', 'us-gov-west-1'],
    ['d-1234567890', 'us-gov-west-1'],
    ['https://ssoins-1234567890abcdef.portal.us-gov-west-1.app.aws', 'us-east-1'],
  ])('accepts a Region that is not known to be wrong: %s with %s', (startUrl, region) => {
    expect(normalConnection({ ...identityCenterConnection, startUrl, region }).region).toBe('us-gov-west-1');
  });

  test('F16: has the Region of an address that names it, whatever else is given', () => {
    const startUrl = 'https://eu-west-1.signin.aws/platform/d-1234567890/login';
    expect(normalConnection({ ...identityCenterConnection, startUrl, region: '' })).toMatchObject({
      startUrl: 'https://d-1234567890.awsapps.com/start',
      region: 'eu-west-1',
    });
  });

  test.each([
    ['us-gov-west-1', 'https://start.us-gov-home.awsapps.com/directory/d-1234567890'],
    ['cn-north-1', 'https://start.home.awsapps.cn/directory/d-1234567890'],
    ['eu-west-1', 'https://d-1234567890.awsapps.com/start'],
  ])("F16: has a bare ID's address in the partition of %s", (region, startUrl) => {
    expect(normalConnection({ ...identityCenterConnection, startUrl: 'd-1234567890', region })).toMatchObject(
      { startUrl },
    );
  });

  test.each([
    [{ ...identityCenterConnection, region: 'Frankfurt' }, 'region'],
    [{ ...identityCenterConnection, region: '' }, 'region'],
    [{ ...identityCenterConnection, startUrl: 'ftp://d-1234567890.awsapps.com/start' }, 'startUrl'],
    [{ ...oktaConnection, issuer: '' }, 'issuer'],
    [{ ...oktaConnection, clientId: 'two words' }, 'clientId'],
  ])('does not exist: %o', (connection, operation) => {
    expect(thrownBy(() => normalConnection(connection))).toMatchObject({
      kind: 'invalidInput',
      details: { operation },
    });
  });
});

describe('connectionSchema: 10.03: the scopes of a connection', () => {
  const with_ = (scopes: unknown) => v.safeParse(connectionSchema, { ...oktaConnection, scopes }).success;

  test('are limited to 100 of 200 characters', () => {
    const many = Array.from({ length: 101 }, (_, index) => `s${index}`);
    expect(with_(many.slice(0, 100))).toBe(true);
    expect(with_(many)).toBe(false);
    expect(with_(['x'.repeat(200)])).toBe(true);
    expect(with_(['x'.repeat(201)])).toBe(false);
  });

  test.each(['', 'a b', 'a"b', 'a\\b', 'a\u200b', '\u00e4'])(
    'are scope-tokens (RFC 6749, 3.3), which %j is not',
    (scope) => {
      expect(with_([scope])).toBe(false);
    },
  );
});
