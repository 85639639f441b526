import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/errors.ts';
import { parseClientId, parseIssuer } from '../../../../src/core/okta/issuer.ts';
import { anyString } from '../../fakes/anyString.ts';
import { thrownBy } from '../../fakes/thrownBy.ts';

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

describe.each(issuers)('%s', (issuer) => {
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
  ])('is understood %s', (_, written) => {
    expect(parseIssuer(written)).toBe(issuer);
  });
});

test('both well-known paths go, with any slashes between and behind them', () => {
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

describe('a text that is no issuer', () => {
  test.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['example', 'notUrl'],
    ['https://', 'notUrl'],
    ['https://exa mple.okta.com', 'notUrl'],
    ['https://example.okta.com/oauth2/a b', 'notUrl'],
    ['javascript:alert(1)', 'notUrl'],
    ['http://example.okta.com/oauth2/default', 'notHttps'],
    ['http://localhost.example.com/oauth2/default', 'notHttps'],
    ['ftp://127.0.0.1/oauth2/default', 'notHttps'],
    ['https://example.okta.com/oauth2/default?client_id=1', 'queryOrFragment'],
    ['https://example.okta.com/oauth2/default#settings', 'queryOrFragment'],
  ])('%j: %s', (text, reason) => {
    expect(thrownBy(() => parseIssuer(text))).toEqual({
      kind: 'invalidInput',
      facts: { operation: 'issuer', input: text, reason },
    });
  });

  test.each([
    'https://ada@example.okta.com/oauth2/default',
    'https://:secret@example.okta.com/oauth2/default',
    'https://example.okta.com@evil.example/oauth2/default',
  ])('%s: userInfo', (text) => {
    expect(thrownBy(() => parseIssuer(text)).facts.reason).toBe('userInfo');
  });

  test('does not put its password into the error', () => {
    const { facts } = thrownBy(() => parseIssuer('https://ada:hunter2@example.okta.com/'));
    expect(JSON.stringify(facts)).not.toContain('hunter2');
  });
});

describe('any text', () => {
  const nearIssuer = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...['https://', 'http://', '//', '/', '.', ':', '@', '#', '?', '<', '>', ' ', '%2e', '\\', '..'],
          ...['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '.well-known'],
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

  test('is an issuer or invalid input, nothing else', () => {
    always((text) => {
      const issuer = tryParse(text) ?? 'https://none.example';
      const isIssuer = /^(https:\/\/|http:\/\/(localhost|127\.[\d.]+|\[::1\])(?=[:/]|$))[^?#\s]*$/;
      return isIssuer.test(issuer) && !issuer.endsWith('/');
    });
  });

  test('is an issuer whose normal form is its own', () => {
    always((text) => {
      const issuer = tryParse(text);
      return issuer === undefined || parseIssuer(issuer) === issuer;
    });
  });
});

describe('a client id', () => {
  test.each([
    ['0oa1b2c3d4E5f6G7h8i9', '0oa1b2c3d4E5f6G7h8i9'],
    [' 0oa1b2c3d4E5f6G7h8i9\n', '0oa1b2c3d4E5f6G7h8i9'],
    ['a', 'a'],
  ])('%j is %s', (text, clientId) => {
    expect(parseClientId(text)).toBe(clientId);
  });

  test.each([
    ['', 'empty'],
    ['\t', 'empty'],
    ['0oa1 b2c3', 'spaces'],
    ['https://example.okta.com', 'notClientId'],
    ['0oa1\u0000', 'notClientId'],
    ['größe', 'notClientId'],
    ['x'.repeat(201), 'notClientId'],
  ])('is not %j: %s', (text, reason) => {
    expect(thrownBy(() => parseClientId(text))).toMatchObject({
      kind: 'invalidInput',
      facts: { operation: 'clientId', reason },
    });
  });
});
