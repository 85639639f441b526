import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/core/connection.ts';
import { connectionKey } from '../../../../src/core/connection.ts';
import { accountOf, sessionId } from '../../../../src/core/session/account.ts';
import type { Account } from '../../../../src/core/session/session.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';

const at = (startUrl: string): Connection => ({ ...identityCenterConnection, startUrl });
const ada = { iss: oktaConnection.issuer, uid: '00u1', sub: 'ada@example.com' };

describe("a session's id", () => {
  const key = connectionKey(identityCenterConnection);

  test('is the same for the same connection and account, on every machine and in every version', async () => {
    expect(await sessionId('okta https://example.okta.com/oauth2/aus1 0oa1', 'iss 00u1')).toBe(
      '7a55339acef866444c2ad62e7f9c93ea',
    );
  });

  test('is 32 hex digits', async () => {
    expect(await sessionId(key, 'account')).toMatch(/^[\da-f]{32}$/);
  });

  test('differs by connection and by account', async () => {
    const ids = await Promise.all([
      sessionId(key, 'one'),
      sessionId(key, 'two'),
      sessionId(connectionKey(oktaConnection), 'one'),
    ]);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('the account at an Identity Center', () => {
  test.each([
    ['https://d-1234567890.awsapps.com/start', 'aws', 'd-1234567890.awsapps.com'],
    ['https://my-company.awsapps.com/start', 'aws', 'my-company.awsapps.com'],
    ['https://view.awsapps.com/start', 'aws', 'AWS Builder ID'],
    [
      'https://identitycenter.amazonaws.com/ssoins-7223f0a1b2c3d4e5',
      'aws',
      'identitycenter.amazonaws.com/ssoins-7223f0a1b2c3d4e5',
    ],
    [
      'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
      'aws-us-gov',
      'start.us-gov-home.awsapps.com/d-1234567890',
    ],
    ['https://sso.example.com/', 'aws', 'sso.example.com'],
  ])(
    'of %s has partition and start URL as id, and is called by its host and alias',
    (url, partition, label) => {
      expect(accountOf(at(url), 'opaque', [])).toEqual({ id: `${partition} ${url}`, label });
    },
  );

  test("has nothing of the connection's free name", () => {
    const named = { ...identityCenterConnection, name: 'Free name' };
    expect(accountOf(named, 'opaque', [])).toEqual(accountOf(identityCenterConnection, 'opaque', []));
  });

  test.each([
    ['https://sso.example.com/one', 'https://sso.example.com/two'],
    ['https://start.home.awsapps.cn/directory/home', 'https://start.home.awsapps.cn/directory/start'],
  ])('of %s is not called as that of %s', (one, two) => {
    const first = accountOf(at(one), 'opaque', []);
    const second = accountOf(at(two), 'opaque', [first]);
    expect(second.id).not.toBe(first.id);
    expect(second.label).not.toBe(first.label);
  });
});

describe('the account at an Okta', () => {
  const accountAt = (issuer: string, claims: object, taken: readonly Account[] = []) =>
    accountOf({ ...oktaConnection, issuer }, jwt(claims), taken);
  const { issuer } = oktaConnection;

  test('has issuer and user id as id, and is called by its login', () => {
    expect(accountAt(issuer, ada)).toEqual({ id: `${issuer} 00u1`, label: 'ada@example.com' });
  });

  test('is the same after a new login name', () => {
    expect(accountAt(issuer, { ...ada, sub: 'ada.l@example.com' }).id).toBe(accountAt(issuer, ada).id);
  });

  test.each([
    ['no claim', {}],
    ['an empty login', { sub: '' }],
  ])('whose token has %s is called by the host', (_, claims) => {
    expect(accountAt(issuer, claims).label).toBe('example.okta.com');
  });

  test('whose token is opaque is called by the host', () => {
    expect(accountOf(oktaConnection, 'opaque', [])).toEqual({
      id: `${issuer} example.okta.com`,
      label: 'example.okta.com',
    });
  });

  test('with a login that is taken has its host behind it', () => {
    const other = { id: 'https://other.okta.com/oauth2/aus1 00u9', label: 'ada@example.com' };
    expect(accountAt(issuer, ada, [other]).label).toBe('ada@example.com (example.okta.com)');
  });

  test('keeps its own login when it signs in again', () => {
    expect(accountAt(issuer, ada, [accountAt(issuer, ada)]).label).toBe('ada@example.com');
  });

  test('is called like no other, also at three authorization servers of one host', () => {
    const accounts: Account[] = [];
    for (const server of ['aus1', 'aus2', 'aus3']) {
      const iss = `https://example.okta.com/oauth2/${server}`;
      accounts.push(accountAt(iss, { ...ada, iss }, accounts));
    }
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(3);
    expect(new Set(accounts.map(({ label }) => label)).size).toBe(3);
  });

  test('is called by one line that runs in one direction', () => {
    const { label } = accountAt(issuer, { ...ada, sub: 'ada\n\u202emoc.elpmaxe\u0000' });
    expect(label).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  });
});
