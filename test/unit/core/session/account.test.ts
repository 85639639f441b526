import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { connectionKey } from '../../../../src/core/connection/connection.ts';
import { accountOf, sessionId } from '../../../../src/core/session/account.ts';
import { identifiesPerson } from '../../../../src/core/session/namedAccount.ts';
import type { Account } from '../../../../src/core/session/session.ts';
import { identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { jwt } from '../../fakes/jwt.ts';

const at = (startUrl: string): Connection => ({ ...identityCenterConnection, startUrl });
const ada = { iss: oktaConnection.issuer, uid: '00u1', sub: 'ada@example.com' };

describe("sessionId: a session's id", () => {
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

describe('accountOf an Identity Center', () => {
  const tokens = { accessToken: 'opaque' };

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
  ])('of %s has partition and start URL as ID, and its address as label', (url, partition, label) => {
    expect(accountOf(at(url), tokens)).toEqual({ id: `${partition} ${url}`, label });
  });

  test("does not contain the connection's name", () => {
    const named = { ...identityCenterConnection, name: 'Free name' };
    expect(accountOf(named, tokens)).toEqual(accountOf(identityCenterConnection, tokens));
  });

  test.each([
    ['https://sso.example.com/one', 'https://sso.example.com/two'],
    ['https://start.home.awsapps.cn/directory/home', 'https://start.home.awsapps.cn/directory/start'],
  ])('of %s has a different label than that of %s, without knowing it', (one, two) => {
    expect(accountOf(at(one), tokens).label).not.toBe(accountOf(at(two), tokens).label);
  });

  test('F15: a second user has a separate ID and label, with the given name', () => {
    const first = accountOf(identityCenterConnection, tokens);
    const second = accountOf(identityCenterConnection, tokens, [first], 'Admin');
    expect(second).toEqual({
      id: `${first.id} name:Admin`,
      label: 'Admin (d-1234567890.awsapps.com)',
      name: 'Admin',
    });
    expect([first, second].map(identifiesPerson)).toEqual([false, false]);
  });
});

describe('accountOf an Okta', () => {
  const accountAt = (issuer: string, claims: object, taken: readonly Account[] = []) =>
    accountOf({ ...oktaConnection, issuer }, { accessToken: jwt(claims) }, taken);
  const { issuer } = oktaConnection;
  const address = 'example.okta.com/oauth2/aus1a2b3c4d5';

  test('has issuer and user ID as ID, and login and issuer as label', () => {
    expect(accountAt(issuer, ada)).toEqual({
      id: `${issuer} 00u1`,
      label: `ada@example.com (${address})`,
      name: 'ada@example.com',
    });
    expect(identifiesPerson(accountAt(issuer, ada))).toBe(true);
  });

  test('stays the same after a change of the login name', () => {
    expect(accountAt(issuer, { ...ada, sub: 'ada.l@example.com' }).id).toBe(accountAt(issuer, ada).id);
  });

  test('is the same from an ID token, whose subject is the user ID', () => {
    const tokens = { accessToken: 'opaque', idToken: jwt({ iss: issuer, sub: '00u1' }) };
    expect(accountOf(oktaConnection, tokens).id).toBe(accountAt(issuer, ada).id);
  });

  test.each([
    ['no claim', {}],
    ['an empty login', { sub: '' }],
  ])('with %s in the token has the address as label', (_, claims) => {
    expect(accountAt(issuer, claims)).toEqual({ id: `${issuer} example.okta.com`, label: address });
  });

  test('with an opaque token has the address as label, and a given name is not a subject', () => {
    const tokens = { accessToken: 'opaque' };
    expect(accountOf(oktaConnection, tokens)).toEqual({ id: `${issuer} example.okta.com`, label: address });
    const named = accountOf(oktaConnection, tokens, [], '00u1');
    expect(named.id).not.toBe(accountAt(issuer, ada).id);
    expect(identifiesPerson(named)).toBe(false);
  });

  test('with a user ID and no login is named by the user ID', () => {
    expect(accountAt(issuer, { uid: '00u1', sub: '' })).toMatchObject({ id: `${issuer} 00u1`, name: '00u1' });
  });

  test('07.01: a token with another issuer and user ID keeps the ID and label of its own connection', () => {
    const victim = accountAt(issuer, ada);
    const hostile = accountAt('https://login.evil.example', { ...ada, iss: issuer });
    expect(hostile.id).not.toBe(victim.id);
    expect(hostile.label).toBe('ada@example.com (login.evil.example)');
  });

  test.each([
    ['another host', 'https://other.okta.com/oauth2/aus1a2b3c4d5'],
    ['another server of one host', 'https://example.okta.com/oauth2/aus2'],
    ['the org server', 'https://example.okta.com'],
    ['another port', 'https://example.okta.com:8443/oauth2/aus1a2b3c4d5'],
    ['a path without oauth2', 'https://example.okta.com/aus1a2b3c4d5'],
  ])('07.06: the label distinguishes %s, without knowing the other account', (_, other) => {
    expect(accountAt(other, ada).label).not.toBe(accountAt(issuer, ada).label);
  });

  test.each([`ada@example.com (${address})`, `ada@example.com (${address}) `, `ada@example.com (${address}`])(
    '07.02: a login that ends like another label (%s) does not produce that label',
    (sub) => {
      expect(accountAt('https://login.evil.example', { uid: '1', sub }).label).toMatch(
        / \(login\.evil\.example\)$/,
      );
    },
  );

  test.each(['\u00ad', '\ufe0f', '\u200b', '\u202e', '\u2066', '\u3164', '\u{e0041}', '\u2028', '\u0007'])(
    '07.02: a login with invisible characters (%j) has a label without them',
    (unseen) => {
      const { label } = accountAt(issuer, { uid: '1', sub: `${unseen}ada@example.com${unseen}` });
      expect(label).toBe(`ada@example.com (${address})`);
    },
  );

  test('of an HTTP issuer on this machine says so', () => {
    expect(accountAt('http://127.0.0.1:8080/oauth2/a', ada).label).toBe(
      'ada@example.com (http://127.0.0.1:8080/oauth2/a)',
    );
  });

  test('with a label that another user ID has includes its own user ID', () => {
    const other = accountAt(issuer, { ...ada, uid: '00u9' });
    expect(accountAt(issuer, ada, [other]).label).toBe(`ada@example.com, 00u1 (${address})`);
    expect(accountAt(issuer, ada, [accountAt(issuer, ada)]).label).toBe(`ada@example.com (${address})`);
  });

  test('A05: gets an unused label if its second one would be another’s', () => {
    const one = accountAt(issuer, { ...ada, sub: 'ada', uid: '00u1' });
    const posing = accountAt(issuer, { ...ada, sub: 'ada, 00u2', uid: '00u3' }, [one]);
    expect(posing.label).toBe(`ada, 00u2 (${address})`);
    const two = accountAt(issuer, { ...ada, sub: 'ada', uid: '00u2' }, [one, posing]);
    expect(two.label).toBe(`ada, 00u2, 3 (${address})`);
    const unseen = accountAt(issuer, { ...ada, sub: 'ada', uid: '00u2\u2060' }, [one, posing, two]);
    expect([one.label, posing.label, two.label]).not.toContain(unseen.label);
  });

  test('A05: named by a user gets a unique label, too', () => {
    const one = accountAt(issuer, ada);
    const named = accountOf(
      { ...oktaConnection, issuer },
      { accessToken: 'opaque' },
      [one],
      'ada@example.com',
    );
    expect(named.label).not.toBe(one.label);
    expect(named.name).toBe('ada@example.com');
  });

  test('has a label of one line and one text direction', () => {
    const { label } = accountAt(issuer, { ...ada, sub: 'ada\n\u202emoc.elpmaxe\u0000' });
    expect(label).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
  });
});
