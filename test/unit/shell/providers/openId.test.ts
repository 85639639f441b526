import { describe, expect, test, vi } from 'vitest';
import type { OidcConnection } from '../../../../src/core/connection/connection.ts';
import { ownRedirectPath } from '../../../../src/core/oidc/redirectUri.ts';
import { openId } from '../../../../src/shell/providers/openId.ts';
import { oktaConnection, oktaSession } from '../../fakes/examples.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const issuer = 'https://login.example.com/tenant';
const connection: OidcConnection = { type: 'oidc', name: 'Company', issuer, clientId: 'developer-sign-in' };
const ports = [8008, 9091];
const own = await ownRedirectPath(issuer);
const uris = (more: Partial<OidcConnection>) => openId.redirectUris({ ...connection, ...more }, ports);

describe('openId: redirectUris', () => {
  test('are the issuer’s own, followed by the shared ones', async () => {
    expect(await uris({})).toEqual([
      `http://localhost:8008${own}`,
      `http://localhost:9091${own}`,
      'http://localhost:8008/oauth/callback',
      'http://localhost:9091/oauth/callback',
    ]);
  });

  test('use the ports of the connection if it has any', async () => {
    expect(await uris({ redirectPorts: [2128] })).toEqual([
      `http://localhost:2128${own}`,
      'http://localhost:2128/oauth/callback',
    ]);
  });

  test.each([
    ['http://localhost:7777/signin', 'http://localhost:7777/signin'],
    ['http://127.0.0.1/signin', 'http://127.0.0.1/signin'],
    ['http://localhost', `http://localhost${own}`],
    ['http://127.0.0.1', `http://127.0.0.1${own}`],
    ['http://127.0.0.1:7777', `http://127.0.0.1:7777${own}`],
  ])('use the URI fixed by %s, without a port if it has none', async (redirectUri, registered) => {
    expect(await uris({ redirectUri })).toEqual([registered]);
  });
});

describe('openId: detailsOf', () => {
  const rows = (session: typeof oktaSession) => Object.fromEntries(openId.detailsOf(session));
  const values = (session: typeof oktaSession) => Object.values(rows(session));

  test('include the origin of the session, and no secret', () => {
    expect(values(oktaSession)).toEqual([
      oktaSession.server.issuer,
      oktaConnection.clientId,
      oktaSession.server.tokenEndpoint,
    ]);
  });

  test('have a different text for each protection', () => {
    const defenses = ['iss', 'okta', 'ownRedirectUri', 'policy', 'confirmed'] as const;
    const said = defenses.map((defense) =>
      values({ ...oktaSession, redirect: { uri: 'http://localhost:8008/oauth/callback', defense } }).at(-1),
    );
    expect(new Set(said).size).toBe(defenses.length);
  });
});

describe('openId: describe', () => {
  test('tells other tools the issuer and the client, and nothing secret', () => {
    expect(openId.describe(oktaSession)).toEqual({
      issuer: oktaConnection.issuer,
      clientId: oktaConnection.clientId,
    });
  });
});

describe('openId: registeredScopes', () => {
  test('are those of the connection, or the default of its type', () => {
    const scopes = ['openid', 'email'];
    expect(openId.registeredScopes({ ...oktaSession, connection: { ...oktaConnection, scopes } })).toEqual(
      scopes,
    );
    expect(openId.registeredScopes(oktaSession)).toContain('offline_access');
  });
});

describe('openId: placeOf', () => {
  test('is the host with its port, short enough to follow a name', () => {
    expect(openId.placeOf({ ...connection, issuer: 'https://login.example.com:8443/a/b' })).toBe(
      'login.example.com:8443',
    );
  });
});
