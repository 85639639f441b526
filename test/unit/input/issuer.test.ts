import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { parseClientId, parseIssuer } from '../../../src/input/issuer.ts';
import { anyString } from '../fakes/anyString.ts';
import { thrownBy } from '../fakes/thrownBy.ts';
import { quickest } from '../fakes/quickest.ts';

const issuers = [
  'https://example.okta.com/oauth2/aus1a2b3c4d5',
  'https://example.oktapreview.com/oauth2/default',
  'https://example.okta-emea.com/oauth2/aus1a2b3c4d5',
  'https://login.example.com/oauth2/aus1a2b3c4d5',
  'https://login.example.com',
  'https://login.example.com:8443/oauth2/aus1a2b3c4d5',
  'http://localhost:3000/oauth2/aus1a2b3c4d5',
  'http://127.0.0.1:3000/oauth2/aus1a2b3c4d5',
  'http://[::1]:3000/oauth2/aus1a2b3c4d5',
];

describe.each(issuers)('parseIssuer: %s', (issuer) => {
  const metadataUri = `${issuer}/.well-known/oauth-authorization-server`;
  test.each([
    ['as it is', issuer],
    ['with a slash', `${issuer}/`],
    ['with slashes', `${issuer}//`],
    ['with spaces around it', `\t ${issuer}\r\n`],
    ['in angle brackets', `<${issuer}>`],
    ['with its scheme in capitals', issuer.replace(/^https?/, (scheme) => scheme.toUpperCase())],
    ['as Metadata URI', metadataUri],
    ['as Metadata URI with a slash', `${metadataUri}/`],
    ['as its OpenID metadata', `${issuer}/.well-known/openid-configuration`],
    ['as Metadata URI with the OpenID path behind it', `${metadataUri}/.well-known/openid-configuration`],
  ])('accepts it %s', (_, written) => {
    expect(parseIssuer(written)).toBe(issuer);
  });
});

test('both well-known suffixes are removed, with any slashes between and after them', () => {
  const metadataUri = 'https://example.okta.com/oauth2/default/.well-known/oauth-authorization-server';
  const written = `${metadataUri}//.well-known/openid-configuration//`;
  expect(parseIssuer(written)).toBe('https://example.okta.com/oauth2/default');
});

test.each([
  ['example.okta.com/oauth2/default', 'https://example.okta.com/oauth2/default'],
  ['EXAMPLE.Okta.com/oauth2/Default', 'https://example.okta.com/oauth2/Default'],
  ['https://example.okta.com:443/oauth2/default', 'https://example.okta.com/oauth2/default'],
])('%s is %s', (written, issuer) => {
  expect(parseIssuer(written)).toBe(issuer);
});

test.each([
  'https://keycloak:8443/realms/dev',
  'https://sso/realms/dev',
  'https://[fd00::1]:8443/realms/dev',
])('parseIssuer: an issuer on an intranet or in containers: %s', (issuer) => {
  expect(parseIssuer(issuer)).toBe(issuer);
});

describe('parseIssuer: an IPv6 address without a port keeps its bracket (regression: it was lost)', () => {
  test.each(['https://[::1]', 'https://[::1]/', '<https://[::1]>', '(http://[::1])', ' “https://[::1]/”. '])(
    '%s',
    (text) => {
      expect(parseIssuer(text)).toMatch(/^https?:\/\/\[::1\]$/);
    },
  );

  test.each(['https://[2001:db8::1]', '[Okta](https://[2001:db8::1])'])('%s', (text) => {
    expect(parseIssuer(text)).toBe('https://[2001:db8::1]');
  });
});

describe('parseIssuer: F8: an issuer given by other addresses of its provider', () => {
  test.each([
    [
      'https://id.example.com/realms/dev/protocol/openid-connect/auth?x=1',
      'https://id.example.com/realms/dev',
    ],
    ['https://id.example.com/auth/realms/dev/account/#/', 'https://id.example.com/auth/realms/dev'],
    ['https://login.microsoftonline.com/t1/oauth2/v2.0/token', 'https://login.microsoftonline.com/t1/v2.0'],
    ['https://example.eu.auth0.com/.well-known/jwks.json', 'https://example.eu.auth0.com'],
    ['https://example.eu.auth0.com/authorize?audience=x', 'https://example.eu.auth0.com'],
    ['https://example.eu.auth0.com/oauth/token', 'https://example.eu.auth0.com'],
    ['https://gitlab.example.com/gitlab/oauth/authorize', 'https://gitlab.example.com/gitlab'],
    ['https://gitlab.com/oauth/discovery/keys', 'https://gitlab.com'],
    ['https://acme.zitadel.cloud/oauth/v2/token', 'https://acme.zitadel.cloud'],
    ['https://acme.my.salesforce.com/services/oauth2/authorize', 'https://acme.my.salesforce.com'],
    ['https://adfs.example.com/adfs/ls/', 'https://adfs.example.com/adfs'],
    ['https://adfs.example.com/adfs/oauth2/authorize/', 'https://adfs.example.com/adfs'],
    ['https://acme.onelogin.com/oidc/2/auth', 'https://acme.onelogin.com/oidc/2'],
    [
      'https://auth.pingone.eu/22222222-2222-2222-2222-222222222222/as/authorize',
      'https://auth.pingone.eu/22222222-2222-2222-2222-222222222222/as',
    ],
    ['https://id.example.com/admin/master/console/#/dev/clients', 'https://id.example.com/realms/dev'],
    [
      'https://id.example.com/auth/admin/master/console/#/realms/dev/clients',
      'https://id.example.com/auth/realms/dev',
    ],
    ['https://uaa.example.com/oauth/token', 'https://uaa.example.com/oauth/token'],
    ['https://manage.auth0.com/dashboard', 'https://manage.auth0.com/dashboard'],
    [
      '{"issuer":"https://id.example.com/","jwks_uri":"https://id.example.com/keys"}',
      'https://id.example.com',
    ],
  ])('%s', (text, issuer) => {
    expect(parseIssuer(text)).toBe(issuer);
  });
});

describe('parseIssuer: the addresses of version 1.0 at Entra ID are those of version 2.0', () => {
  const tenant = '11111111-1111-1111-1111-111111111111';
  const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`;
  test.each([
    `https://login.microsoftonline.com/${tenant}`,
    `https://login.microsoftonline.com/${tenant}/`,
    `https://login.microsoftonline.com/${tenant}/.well-known/openid-configuration`,
    `https://login.microsoftonline.com/${tenant}/oauth2/authorize`,
    `https://login.microsoftonline.com/${tenant}/oauth2/token`,
    `https://login.microsoftonline.com/${tenant}/oauth2/v2.0/devicecode`,
    `https://login.microsoftonline.com/${tenant}/discovery/v2.0/keys`,
    `https://login.microsoftonline.com/${tenant}/federationmetadata/2007-06/federationmetadata.xml`,
    `https://login.microsoftonline.com/${tenant}/v2.0/`,
    `https://sts.windows.net/${tenant}/`,
  ])('%s', (text) => {
    expect(parseIssuer(text)).toBe(issuer);
  });

  test.each([
    [
      'https://login.microsoftonline.us/contoso.us/oauth2/token',
      'https://login.microsoftonline.us/contoso.us/v2.0',
    ],
    ['https://login.microsoftonline.com/common', 'https://login.microsoftonline.com/common/v2.0'],
    ['https://login.microsoftonline.com', 'https://login.microsoftonline.com'],
    ['https://login.live.com/t1', 'https://login.live.com/t1'],
  ])('%s is %s', (text, parsed) => {
    expect(parseIssuer(text)).toBe(parsed);
  });
});

describe('parseIssuer: F8: one issuer in different spellings', () => {
  const issuer = 'https://example.okta.com/oauth2/aus1a2b3c4d5';
  const path = '/oauth2/aus1a2b3c4d5';
  const host = 'https://example.okta.com';
  const admin = 'https://example-admin.okta.com';
  test.each([
    `${host}/.well-known/oauth-authorization-server${path}`,
    `${host}/.well-known/oauth-authorization-server${path}/`,
    `${host}/.well-known/openid-configuration${path}`,
    `${issuer}/.well-known/openid-configuration?client_id=0oa1`,
    `${issuer}/.well-known/oauth-authorization-server#top`,
    `${issuer}/v1`,
    `${issuer}/v1/authorize`,
    `${issuer}/v1/authorize?client_id=0oa1&scope=a%20b`,
    `${issuer}/v1/token`,
    `${issuer}/v1/keys`,
    `${issuer}/v1/userinfo`,
    `${issuer}/v1/introspect`,
    `${issuer}/v1/revoke`,
    `${issuer}/v1/logout`,
    `${issuer}/v1/device/authorize`,
    `${admin}/admin/oauth2/as/aus1a2b3c4d5`,
    `${admin}/admin/oauth2/as/aus1a2b3c4d5#tab-settings`,
    `${admin}/admin/oauth2/as/aus1a2b3c4d5/`,
    `${host}/admin/oauth2/as/aus1a2b3c4d5`,
    `${host}/api/v1/authorizationServers/aus1a2b3c4d5/policies`,
    `${admin}${path}`,
    `${admin}${path}/v1/authorize`,
    `http://example.okta.com${path}`,
    `http://example.okta.com:80${path}`,
    `//example.okta.com${path}`,
    `example.okta.com${path}`,
    `https://EXAMPLE.OKTA.COM${path}`,
    `https://example.okta.com:443${path}`,
    `https://example.okta.com.${path}`,
    `${issuer}?`,
    `${issuer}#`,
    `${issuer}?fromURI=x#y`,
    `${host}//oauth2//aus1a2b3c4d5//`,
    `"${issuer}"`,
    `\u201c${issuer}\u201d`,
    `'${issuer}'`,
    `<${issuer}>`,
    `(${issuer})`,
    `${issuer}.`,
    `${issuer},`,
    `${issuer}/.`,
    `${issuer}/,`,
    `${issuer};`,
    `[Issuer](${issuer})`,
    `<${issuer}|Issuer>`,
    `Issuer URI: ${issuer}`,
    `issuer = "${issuer}"`,
    `${issuer}\u200b`,
    `\ufeff${issuer}`,
    `\u00a0${issuer}\u2028`,
    `${issuer}%E2%80%8B`,
    `${issuer}/%E2%80%8B`,
    `${issuer}%20`,
  ])('%j', (written) => {
    expect(parseIssuer(written)).toBe(issuer);
  });

  test.each([
    `${host}/oauth2/v1/authorize`,
    `${host}/oauth2/v1/token?x=1`,
    `${host}/.well-known/openid-configuration`,
    `${host}/.well-known/oauth-authorization-server`,
    admin,
    `${admin}/`,
  ])("the organization's own server: %j", (written) => {
    expect(parseIssuer(written)).toBe(host);
  });

  test.each([
    `${host}/app/UserHome?iss=https%3A%2F%2Fexample.okta.com&session_hint=AUTHENTICATED`,
    `${host}/login/login.htm?fromURI=%2Foauth2`,
    `${host}/signin`,
    `${host}/home/oidc_client/0oa1/aln1`,
    `${host}/enduser/settings`,
    `${host}/oauth2`,
    `${host}/.well-known/okta-organization`,
    `${admin}/admin/dashboard`,
    `${admin}/admin/oauth2/as`,
    `${admin}/admin/app/oidc_client/instance/0oa1/#tab-general`,
    `${host}%20`,
  ])('a page of the organization means its own server: %j', (written) => {
    expect(parseIssuer(written)).toBe(host);
  });

  test.each([
    `${issuer}/oauth-authorization-server`,
    `${issuer}/v1/interact`,
    `${issuer}/authorize`,
    `${host}/OAuth2/aus1a2b3c4d5`,
    issuer.replace('://', '//'),
    issuer.replace('://', ':/'),
    issuer.replace('://', ':\\\\'),
    issuer.replace('://', '\uff1a\uff0f\uff0f'),
    issuer.replace('example', '\uff45xample'),
    `Issuer URI: example.okta.com${path}`,
    `Issuer\n${issuer}`,
    `"issuer":"${issuer}",`,
    `https://eur01.safelinks.protection.outlook.com/?url=${encodeURIComponent(issuer)}&data=05`,
    `https://urldefense.com/v3/__${issuer}__;!!abc`,
    `https://www.google.com/url?q=${issuer}&sa=D`,
  ])('as spelled by other programs: %j', (written) => {
    expect(parseIssuer(written)).toBe(issuer);
  });

  test("a word processor's hyphen counts as a hyphen", () => {
    expect(parseIssuer('https://dev\u2011123456\u2013admin.okta.com')).toBe('https://dev-123456.okta.com');
  });

  test.each([
    ['https://login.example.com/app/UserHome', 'https://login.example.com'],
    ['https://login.example.com/app/example_tool_1/exk1a2b3/sso/saml', 'https://login.example.com'],
    ['https://login.example.com/home/oidc_client/0oa1a2b3/aln1', 'https://login.example.com'],
    ['https://login.example.com/app/tools/oidc', 'https://login.example.com/app/tools/oidc'],
    ['https://login.example.com/login/login.htm', 'https://login.example.com'],
    ['https://login.example.com/tenant/login', 'https://login.example.com/tenant/login'],
    ['https://login.example.com/oauth2/default/v1/keys', 'https://login.example.com/oauth2/default'],
    ['https://acme-admin.example.com/oauth2/default', 'https://acme-admin.example.com/oauth2/default'],
    ['https://login.example.com/realms/v1/token', 'https://login.example.com/realms/v1/token'],
    ['https://m\u00fcnchen.example/oauth2/default', 'https://xn--mnchen-3ya.example/oauth2/default'],
  ])('on a domain of the organization, %j is %s', (written, expected) => {
    expect(parseIssuer(written)).toBe(expected);
  });

  test.each([
    `https://example.ok\u200bta.com${path}`,
    `${host}/oauth2/aus1\u200b2`,
    `${host}/oauth2/aus1%E2%80%8B2`,
  ])('F12: reports the invisible character inside %j', (written) => {
    expect(thrownBy(() => parseIssuer(written))).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'issuer', reason: 'character', character: 'U+200B' },
    });
  });

  test('parses a megabyte in linear time', () => {
    for (const text of ['https://', ' ', 'a/', 'v1/', '-admin', '%E2%80%8B']) {
      const long = `https://example.okta.com/${text.repeat(1024 * 1024)}x`;
      expect(quickest(() => parseIssuer(long), 1000)).toBeLessThan(1000);
    }
  });
});

describe('parseIssuer: text that is not an issuer', () => {
  test.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['example', 'notUrl'],
    ['https://example', 'notUrl'],
    ['keycloak:8443/realms/dev', 'notUrl'],
    // Regression: these were invalid, or got https where the server does not support TLS.
    ['http://keycloak:8080/realms/dev', 'notHttps'],
    ['http://keycloak.example.com:8080/realms/dev', 'notHttps'],
    ['http://[2001:db8::1]:8080/realms/dev', 'notHttps'],
    ['https://', 'notUrl'],
    ['https://exa mple.okta.com', 'notUrl'],
    ['https://example.okta.com/oauth2/a b', 'notUrl'],
    ['javascript:alert(1)', 'notUrl'],
    ['ftp://127.0.0.1/oauth2/default', 'notHttps'],
  ])('%j: %s', (text, reason) => {
    expect(thrownBy(() => parseIssuer(text))).toEqual({
      kind: 'invalidInput',
      details: { operation: 'issuer', input: text, reason },
    });
  });

  test.each([
    'https://ada@example.okta.com/oauth2/default',
    'https://:secret@example.okta.com/oauth2/default',
    'https://example.okta.com@evil.example/oauth2/default',
  ])('%s: userInfo', (text) => {
    expect(thrownBy(() => parseIssuer(text)).details.reason).toBe('userInfo');
  });

  test('does not include its password in the error', () => {
    const { details } = thrownBy(() => parseIssuer('https://ada:hunter2@example.okta.com/'));
    expect(JSON.stringify(details)).not.toContain('hunter2');
  });
});

describe('parseIssuer: any text', () => {
  const nearIssuer = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...['https://', 'http://', '//', '/', '.', ':', '@', '#', '?', '<', '>', ' ', '%2e', '\\', '..'],
          ...['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '.well-known'],
          ...['/v1/authorize', '/v1', '/admin/oauth2/as/', '-admin', '?a=b', '%E2%80%8B', '"', ','],
          ...['example.okta.com', 'login.example.com', 'localhost', '127.0.0.1', '[::1]', '/oauth2/', 'aus1'],
        ),
        anyString(3),
      ),
      { maxLength: 10 },
    )
    .map((pieces) => pieces.join(''));
  const wellFormed = fc
    .tuple(
      fc.constantFrom('https://example.okta.com', 'login.example.com', 'http://localhost:3000'),
      fc.array(
        fc.constantFrom('/', '/oauth2', '/aus1', '/.well-known/openid-configuration', '/.well-known/x'),
        { maxLength: 5 },
      ),
    )
    .map(([origin, path]) => origin + path.join(''));
  const anyText = fc.oneof(nearIssuer, wellFormed, fc.webUrl(), anyString());
  const always = (law: (text: string) => boolean) =>
    fc.assert(fc.property(anyText, law), {
      numRuns: 10_000,
      examples: [['https://example.okta.com/.well-known/openid-configuration//']],
    });
  const tryParse = (text: string): string | undefined => {
    try {
      return parseIssuer(text);
    } catch (error) {
      if (error instanceof SignInError && error.kind === 'invalidInput') return undefined;
      throw error;
    }
  };

  test('is an issuer or invalid input, and nothing else', () => {
    always((text) => {
      const issuer = tryParse(text) ?? 'https://none.example';
      const isIssuer = /^(https:\/\/|http:\/\/(localhost|127\.[\d.]+|\[::1\])(?=[:/]|$))[^?#\s]*$/;
      return isIssuer.test(issuer) && !issuer.endsWith('/');
    });
  });

  test('is an issuer whose normal form is itself', () => {
    always((text) => {
      const issuer = tryParse(text);
      return issuer === undefined || parseIssuer(issuer) === issuer;
    });
  });
});

describe('parseClientId: a client ID', () => {
  test.each([
    ['0oa1b2c3d4E5f6G7h8i9', '0oa1b2c3d4E5f6G7h8i9'],
    [' 0oa1b2c3d4E5f6G7h8i9\n', '0oa1b2c3d4E5f6G7h8i9'],
    ['a', 'a'],
    ['"0oa1b2c3"', '0oa1b2c3'],
    ['\u201c0oa1b2c3\u201d', '0oa1b2c3'],
    ['0oa1b2c3,', '0oa1b2c3'],
    ['0oa1b2c3.', '0oa1b2c3'],
    ['\u200b0oa1b2c3\ufeff', '0oa1b2c3'],
    ['\u00a00oa1b2c3\u00a0', '0oa1b2c3'],
    ['`0oa1b2c3`', '0oa1b2c3'],
    ['Client ID: 0oa1b2c3', '0oa1b2c3'],
    ['client_id=0oa1b2c3', '0oa1b2c3'],
    ['Client ID\n0oa1b2c3', '0oa1b2c3'],
    ['client-id 0oa1b2c3', '0oa1b2c3'],
    ['"client_id": "0oa1b2c3",', '0oa1b2c3'],
    ['{"client_id":"0oa1b2c3"}', '0oa1b2c3'],
    ['\uff10oa1b2c3', '0oa1b2c3'],
    ['Client ID\uff1a0oa1b2c3', '0oa1b2c3'],
    ['https://example-admin.okta.com/admin/app/oidc_client/instance/0oa1b2c3/#tab-general', '0oa1b2c3'],
    ['https://example-admin.okta.com/admin/app/oidc_client/instance/0oa1b2c3', '0oa1b2c3'],
    ['https://example.okta.com/home/oidc_client/0oa1b2c3/aln1', '0oa1b2c3'],
    ['https://example.okta.com/oauth2/default/v1/authorize?scope=a&client_id=0oa1b2c3&x=1', '0oa1b2c3'],
  ])('F12: %j is %s', (text, clientId) => {
    expect(parseClientId(text)).toBe(clientId);
  });

  test.each([
    ['', 'empty'],
    ['\t', 'empty'],
    ['0oa1 b2c3', 'notClientId'],
    ['https://example.okta.com', 'notClientId'],
    ['0oa1\u0000b2c3', 'character'],
    ['0oa1\u200bb2c3', 'character'],
    ['größe', 'notClientId'],
    ['{"client_id":"0oa1","client_secret":"x"}', 'notClientId'],
    ['https://example.okta.com/?client_id=%', 'notClientId'],
    ['x'.repeat(201), 'notClientId'],
  ])('is not %j: %s', (text, reason) => {
    expect(thrownBy(() => parseClientId(text))).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'clientId', reason },
    });
  });
});

describe('parseIssuer: a placeholder from a vendor’s documentation', () => {
  test.each([
    'https://{yourOktaDomain}/oauth2/default',
    'https://${yourOktaDomain}/oauth2/${authorizationServerId}/.well-known/openid-configuration',
    'https://dev-123456.okta.com/oauth2/{authorizationServerId}',
    'https://login.microsoftonline.com/{tenantid}/v2.0',
    'https://login.microsoftonline.com/%7Btenantid%7D/v2.0',
    'https://<tenant>.auth0.com',
    'https://cognito-idp.<region>.amazonaws.com/<pool>',
    'https://kc.example.com/realms/<realm>/.well-known/openid-configuration',
  ])('%s is not an address yet', (text) => {
    expect(thrownBy(() => parseIssuer(text))).toMatchObject({ details: { reason: 'notUrl' } });
  });
});
