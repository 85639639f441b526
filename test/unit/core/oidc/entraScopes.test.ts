import { describe, expect, test } from 'vitest';
import { asRequested } from '../../../../src/core/oidc/entraScopes.ts';

const tenant = '9f8d1b2c-0000-4000-8000-1234567890ab';
const entra = `https://login.microsoftonline.com/${tenant}/v2.0`;
const api = 'api://contoso-api';
const azureDevOps = '499b84ac-1321-427f-aa17-267ca6975798';

describe('asRequested: at Microsoft Entra ID', () => {
  test.each([
    entra,
    `https://login.microsoftonline.us/${tenant}/v2.0`,
    `https://login.partner.microsoftonline.cn/${tenant}/v2.0`,
    `https://${tenant}.ciamlogin.com/${tenant}/v2.0`,
    `https://contoso.b2clogin.com/${tenant}/v2.0`,
  ])('%s, a scope in another case is the requested one', (issuer) => {
    expect(asRequested(issuer, ['openid', 'User.Read'], ['openid', 'user.read'])).toEqual([
      'openid',
      'user.read',
    ]);
  });

  test.each<readonly [string, string, string]>([
    ['without the address of its API', 'access', `${api}/access`],
    ['without the ID of its API', 'user_impersonation', `${azureDevOps}/user_impersonation`],
  ])('a scope %s is the requested one', (_, granted, requested) => {
    expect(asRequested(entra, [granted, 'openid'], ['openid', requested])).toEqual([requested, 'openid']);
  });

  test('.default is granted with what it stands for', () => {
    const requested = ['openid', `${api}/.default`];
    expect(asRequested(entra, [`${api}/access`], requested)).toEqual([`${api}/access`, `${api}/.default`]);
  });

  test.each([
    ['another API', 'access', ['api://contoso-api/no-access']],
    ['a scope with a plain path', 'read', ['files/read']],
    ['a longer one', 'user.read', ['user.read.all']],
    ['one of two APIs', 'read', ['https://one.example/read', 'https://two.example/read']],
  ])('a scope is not taken for %s', (_, granted, requested) => {
    expect(asRequested(entra, [granted], requested)).toEqual([granted]);
  });
});

describe('asRequested: a server that grants less was taken for one that granted what was requested', () => {
  test.each([
    'https://example.okta.com/oauth2/aus1',
    'https://auth.example.com',
    'https://login.microsoftonline.com.example.com/common/v2.0',
    'https://evil-b2clogin.com/v2.0',
  ])('at %s, each scope is the one that it names', (issuer) => {
    const requested = ['Admin', 'https://api.example.com/read', 'https://api.example.com/.default'];
    expect(asRequested(issuer, ['admin', 'read'], requested)).toEqual(['admin', 'read']);
  });
});
