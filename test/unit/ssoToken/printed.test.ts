import { describe, expect, test } from 'vitest';
import { printed } from '../../../src/ssoToken/printed.ts';

const token = {
  accessToken: 'access-1',
  expiresAt: Date.UTC(2026, 0, 1, 12, 0, 0, 500),
  scopes: ['api.read'],
  connection: 'My Okta',
  account: 'ada@example.com',
};

describe('printed', () => {
  test('the token, a line break and nothing else', () => {
    expect(printed('token', { token }, {})).toBe('access-1\n');
    expect(printed('header', { token }, {})).toBe('Authorization: Bearer access-1\n');
  });

  test('JSON for scripts', () => {
    expect(JSON.parse(printed('json', { token }, {}) ?? '')).toEqual({
      ...token,
      tokenType: 'Bearer',
      expiresAt: '2026-01-01T12:00:00Z',
    });
  });

  test.each([
    [undefined, 'v1'],
    ['{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential"}', 'v1'],
    ['{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"}', 'v1beta1'],
    ['{"apiVersion":"client.authentication.k8s.io/v9"}', 'v1'],
    ['no JSON', 'v1'],
  ])('an ExecCredential in the version that kubectl requests: %s', (info, version) => {
    expect(JSON.parse(printed('execCredential', { token }, { KUBERNETES_EXEC_INFO: info }) ?? '')).toEqual({
      apiVersion: `client.authentication.k8s.io/${version}`,
      kind: 'ExecCredential',
      status: { expirationTimestamp: '2026-01-01T12:00:00Z', token: 'access-1' },
    });
  });

  test('a list that marks the default', () => {
    const one = { connection: 'My Okta', account: 'ada', scopes: [], needsSignIn: false, isDefault: true };
    const other = { ...one, connection: 'Example AWS', account: 'd-1', needsSignIn: true, isDefault: false };
    expect(printed('list', { list: [one, other] }, {})).toBe(
      '* My Okta      ada\n  Example AWS  d-1  sign-in needed\n',
    );
    expect(JSON.parse(printed('json', { list: [one, other] }, {}) ?? '')).toEqual([one, other]);
  });

  test('credentials in credential_process format', () => {
    const awsCredentials = {
      accessKeyId: 'ASIA1',
      secretAccessKey: 's',
      sessionToken: 't',
      expiresAt: token.expiresAt,
    };
    expect(JSON.parse(printed('awsCredentials', { awsCredentials }, {}) ?? '')).toEqual({
      Version: 1,
      AccessKeyId: 'ASIA1',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: '2026-01-01T12:00:00Z',
    });
  });

  test('a username and password for Git, with the given username', () => {
    expect(printed('gitCredential', { token }, {})).toBe(
      `username=oauth2\npassword=access-1\npassword_expiry_utc=${Date.UTC(2026, 0, 1, 12) / 1000}\n`,
    );
    expect(printed('gitCredential', { token }, {}, 'ada')).toMatch(/^username=ada\n/);
  });

  test('nothing for an empty response', () => {
    expect(printed('token', {}, {})).toBeUndefined();
  });
});
