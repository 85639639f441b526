import { describe, expect, test } from 'vitest';
import { readSignIn, refresh } from '../../../../src/core/oidc/token.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { authorizationServer, january, oktaConnection, tokenSet } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { jwt } from '../../fakes/jwt.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';

const never = new AbortController().signal;
const api = 'api://contoso-api/access';
const asked = ['openid', 'profile', 'offline_access', api];
const second = january / 1000;
const id_token = jwt({
  ...{ iss: authorizationServer.issuer, aud: oktaConnection.clientId, sub: '00u1', nonce: 'nonce-1' },
  ...{ iat: second, exp: second + 3600 },
});
const { jwksUri: _, ...server } = { ...authorizationServer, jwksUri: '' };

/** Signs in, or refreshes the session that has these scopes; the scopes that it has then. */
const scopesAfter = async (
  members: object,
  before?: readonly string[],
  issuer = server.issuer,
): Promise<readonly string[]> => {
  const given = { access_token: 'access-2', refresh_token: 'refresh-2', token_type: 'Bearer', ...members };
  const { http } = answeringHttp(() => Response.json(given));
  const client = oktaClient({ clock: fakeClock(january), http, log: fakeLog() }, { ...server, issuer });
  const old = { ...tokenSet, refreshToken: 'refresh-1', idToken: id_token, scopes: before ?? [] };
  if (before !== undefined) return (await refresh(client, old, asked, never)).tokenSet.scopes;
  const signIn = { members: given, sentAt: january, scopes: asked, nonce: 'nonce-1' };
  return (await readSignIn(client, signIn, never)).scopes;
};

describe('readSignIn: F18: Entra ID names the scopes of an API only, and each request for profile began a sign-in', () => {
  test('those of OpenID Connect that were asked for came with the ID token', async () => {
    expect(await scopesAfter({ id_token, scope: api })).toEqual([api, 'profile']);
  });

  test('a server that names some names all that it granted', async () => {
    expect(await scopesAfter({ id_token, scope: `openid ${api}` })).toEqual(['openid', api]);
    expect(await scopesAfter({ id_token, scope: `email ${api}` })).toEqual(['email', api]);
  });

  test('without an ID token, nothing came with it', async () => {
    expect(await scopesAfter({ scope: api })).toEqual([api]);
  });
});

describe('refresh: F18: Entra ID names the scopes of an API only, and each request for profile began a sign-in', () => {
  test('nor does a refresh take them away', async () => {
    expect(await scopesAfter({ id_token, scope: api }, [api, 'profile'])).toEqual([api, 'profile']);
    expect(await scopesAfter({ id_token, scope: `openid ${api}` }, [api, 'profile'])).toEqual([
      'openid',
      api,
    ]);
  });
});

describe.each([
  ['readSignIn', undefined],
  ['refresh', asked],
])('readSignIn and refresh (%s): a scope counts as the requested one', (_, before) => {
  test('at Entra ID, which leaves out the address of its API', async () => {
    const entra = 'https://login.microsoftonline.com/common/v2.0';
    expect(await scopesAfter({ scope: 'access' }, before, entra)).toEqual([api]);
  });

  test('nowhere else: it is another scope there', async () => {
    expect(await scopesAfter({ scope: 'access' }, before)).toEqual(['access']);
  });
});
