import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { okta } from '../../../../src/shell/providers/okta.ts';
import { oktaConnection, oktaSession } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('okta: options', () => {
  test('is empty if no issuer is allowed', () => {
    expect(okta.options({ allowedIssuers: [] })).toEqual([]);
  });
});

describe('okta: mistypedOf', () => {
  test.each<[SignInErrorKind, ErrorDetails, string | undefined]>([
    ['registrationRefused', { code: 'invalid_client' }, 'clientId'],
    ['registrationRefused', { code: 'unauthorized_client' }, undefined],
    ['metadataMissing', {}, 'issuer'],
    ['metadataMismatch', {}, 'issuer'],
    ['network', { code: 'ENOTFOUND' }, 'issuer'],
    ['network', { code: 'ECONNRESET' }, undefined],
    ['denied', {}, undefined],
  ])('%s %o is about %s', (kind, details, input) => {
    expect(okta.mistypedOf(new SignInError(kind, details))).toBe(input);
  });
});

describe('okta: meaningOf', () => {
  test('a client ID rejected at sign-in is reported as unknown', () => {
    const refused = new SignInError('registrationRefused', { code: 'invalid_client', host: 'h' });
    const meaning = okta.meaningOf(refused);
    expect(meaning.details).toEqual({ code: 'invalid_client', host: 'h', reason: 'unknownClient' });
    expect(meaning.cause).toBe(refused);
  });

  test.each<[SignInErrorKind, ErrorDetails]>([
    ['registrationRefused', { code: 'unauthorized_client' }],
    ['registrationRefused', { code: 'invalid_client', reason: 'dpop' }],
    ['denied', { code: 'invalid_client' }],
  ])('%s %o is unchanged', (kind, details) => {
    const error = new SignInError(kind, details);
    expect(okta.meaningOf(error)).toBe(error);
  });
});

describe('okta: detailsOf', () => {
  const names = (session: typeof oktaSession) => okta.detailsOf(session, String).map(([name]) => name);

  test('have no callback after a device code', () => {
    expect(names(oktaSession)).toEqual(['Issuer', 'Client ID', 'Token endpoint']);
  });

  test.each(['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const)(
    'say which protection applies against another server’s callback: %s',
    (defense) => {
      const rows = okta.detailsOf(
        { ...oktaSession, redirect: { uri: 'http://localhost:1', defense } },
        String,
      );
      const [redirectUri, protection] = rows.slice(3);
      expect(redirectUri).toEqual(['Redirect URI', 'http://localhost:1']);
      expect(protection?.[1]).toMatch(/^(The (server|redirect URI)|Your organization|You trusted)/);
    },
  );
});

describe('okta: redirectUris', () => {
  test('use the ports of the connection before those of the setting', async () => {
    expect(await okta.redirectUris(oktaConnection, [8008])).toEqual(['http://localhost:8008/oauth/callback']);
    const own = { ...oktaConnection, redirectPorts: [9091, 2128] };
    expect(await okta.redirectUris(own, [8008])).toEqual([
      'http://localhost:9091/oauth/callback',
      'http://localhost:2128/oauth/callback',
    ]);
  });
});
