import { describe, expect, test } from 'vitest';
import { providerOfUrl } from '../../../src/input/providerOfUrl.ts';

describe('providerOfUrl', () => {
  test.each([
    ['https://example.okta.com/oauth2/default', 'okta'],
    ['https://example-admin.okta.com/admin/apps', 'okta'],
    ['https://example.oktapreview.com', 'okta'],
    ['d-1234567890', 'identityCenter'],
    ['d-1234567890.awsapps.com/start', 'identityCenter'],
    ['https://ssoins-1234567890abcdef.portal.us-east-1.app.aws', 'identityCenter'],
    ['https://login.microsoftonline.com/common/v2.0', 'oidc'],
    ['https://accounts.google.com', 'oidc'],
    ['https://example.eu.auth0.com/', 'oidc'],
    ['https://example.onelogin.com/oidc/2', 'oidc'],
    ['https://auth.pingone.com.au/00000000-0000-0000-0000-000000000000/as', 'oidc'],
    ['https://example.b2clogin.com/example.onmicrosoft.com/v2.0', 'oidc'],
    ['https://example.auth.us-east-1.amazoncognito.com', 'oidc'],
    ['https://cognito-idp.us-east-1.amazonaws.com/us-east-1_A1b2C3d4E', 'oidc'],
  ])('%s is for %s', (url, type) => {
    expect(providerOfUrl(url)).toBe(type);
  });

  // A custom domain may belong to any provider, and a single word may be the beginning of a URL.
  test.each([
    ...['', 'example', 'localhost:8443', 'http://127.0.0.1:9000', 'ana@example.com'],
    ...['https://sso.example.com/start', 'https://login.example.com', 'https://okta.com.example.com'],
  ])('“%s” may be for any provider', (text) => {
    expect(providerOfUrl(text)).toBeUndefined();
  });
});
