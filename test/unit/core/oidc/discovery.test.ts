import { describe, expect, test } from 'vitest';
import { isSameOrganization } from '../../../../src/adapters/node/publicSuffixes.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { checkMetadata, discover } from '../../../../src/core/oidc/discovery.ts';
import { authorizationServer, oktaConnection } from '../../fakes/examples.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const { issuer } = oktaConnection;
const never = new AbortController().signal;

/** The metadata of an issuer with endpoints below `base`. */
function metadataOf(base: string, at = base) {
  return {
    issuer: base,
    authorization_endpoint: `${at}/v1/authorize`,
    token_endpoint: `${at}/v1/token`,
    revocation_endpoint: `${at}/v1/revoke`,
    code_challenge_methods_supported: ['S256'],
  };
}
const check = (base: string, metadata: object) =>
  checkMetadata(base, { issuer: base, ...metadata }, isSameOrganization);
const refusalOf = async (base: string, metadata: object) => {
  const { kind, details } = (await rejectionOf(check(base, metadata))) as SignInError;
  return { kind, details };
};

describe('checkMetadata: the metadata of an authorization server', () => {
  test('with all endpoints on its own host is accepted', async () => {
    expect(await check(issuer, metadataOf(issuer))).toEqual(authorizationServer);
  });

  test('may lack a revocation endpoint', async () => {
    const { revocation_endpoint: _, ...metadata } = metadataOf(issuer);
    expect(await check(issuer, metadata)).not.toHaveProperty('revocationEndpoint');
  });

  test.each([null, '', false, 42, '/v1/revoke'])('may have %j for missing endpoints', async (nothing) => {
    const lacking = { revocation_endpoint: nothing, device_authorization_endpoint: nothing };
    const optional = { end_session_endpoint: nothing, jwks_uri: nothing };
    const server = await check(issuer, { ...metadataOf(issuer), ...lacking, ...optional });
    expect(server).not.toHaveProperty('revocationEndpoint');
    expect(server).not.toHaveProperty('deviceAuthorizationEndpoint');
    expect(
      (await refusalOf(issuer, { ...metadataOf(issuer), token_endpoint: nothing })).details,
    ).toMatchObject({
      reason: 'noEndpoint',
    });
  });

  test('may list iss in its redirects (RFC 9207)', async () => {
    const announced = { ...metadataOf(issuer), authorization_response_iss_parameter_supported: true };
    expect(await check(issuer, announced)).toMatchObject({ issParameter: true });
  });

  test.each([
    ['https://login.example.com/oauth2/aus1', 'https://id.example.com/oauth2/aus1'],
    ['https://login.example.co.uk/oauth2/aus1', 'https://id.example.co.uk/oauth2/aus1'],
    ['http://127.0.0.1:3000/oauth2/aus1', 'http://127.0.0.1:3000/oauth2/aus1'],
    ['http://localhost:3000/oauth2/aus1', 'http://localhost:3000/oauth2/aus1'],
  ])('of %s may have endpoints on %s', async (base, at) => {
    expect((await check(base, metadataOf(base, at))).tokenEndpoint).toBe(`${at}/v1/token`);
  });
});

describe('checkMetadata: metadata with a foreign endpoint', () => {
  const names = ['authorization_endpoint', 'token_endpoint', 'revocation_endpoint'];
  test.each(names)('as its %s is rejected, with the host', async (name) => {
    const foreign = { ...metadataOf(issuer), [name]: 'https://evil.example/v1/x' };
    expect(await refusalOf(issuer, foreign)).toEqual({
      kind: 'metadataMismatch',
      details: { operation: 'metadata', reason: 'foreignEndpoint', host: 'evil.example' },
    });
  });

  test.each([
    ["another customer of the vendor's", 'https://example.okta.com', 'https://evil.okta.com'],
    ['the same in the preview', 'https://example.oktapreview.com', 'https://evil.oktapreview.com'],
    ['the same in Europe', 'https://example.okta-emea.com', 'https://evil.okta-emea.com'],
    ['another vendor with shared names', 'https://example.auth0.com', 'https://evil.auth0.com'],
    ['a name that begins alike', 'https://login.example.com', 'https://login.example.com.evil.example'],
    ['a name that ends alike', 'https://login.example.com', 'https://evilexample.com'],
    ['the name above', 'https://login.example.com', 'https://example.com.evil.example'],
    ['another company of the country', 'https://example.com', 'https://evil.com'],
    ['another company under two labels', 'https://example.co.uk', 'https://evil.co.uk'],
    ['plain http elsewhere', 'https://login.example.com', 'http://id.example.com'],
    ['another port', 'https://login.example.com', 'https://login.example.com:8443'],
    ["another port of the organization's", 'https://login.example.com', 'https://id.example.com:8443'],
    ['user information', 'https://login.example.com', 'https://ada@login.example.com'],
    ['a password', 'https://login.example.com', 'https://:secret@login.example.com'],
    ['another address that ends alike', 'https://10.0.0.1', 'https://66.0.0.1'],
    ['plain http to another machine', 'http://127.0.0.1:3000', 'http://66.0.0.1'],
  ])('is rejected: %s', async (_, base, at) => {
    expect(await refusalOf(base, metadataOf(base, at))).toMatchObject({
      kind: 'metadataMismatch',
      details: { reason: 'foreignEndpoint' },
    });
  });
});

test.each(['http://login.example.com', 'http://login.example.com:8080'])(
  'checkMetadata: a server behind a proxy that lists %s was told as another host',
  async (at) => {
    const base = 'https://login.example.com';
    expect(await refusalOf(base, metadataOf(base, at))).toMatchObject({
      kind: 'metadataMismatch',
      details: { reason: 'plainHttp', host: new URL(at).host },
    });
  },
);

describe('checkMetadata: invalid metadata', () => {
  test.each([
    ['another issuer', { issuer: 'https://other.okta.com/oauth2/aus1' }, 'issuer'],
    ['its issuer with a query', { issuer: `${issuer}?a` }, 'issuer'],
    ['its issuer in other letters', { issuer: issuer.replace('aus', 'AUS') }, 'issuer'],
    ['its issuer over http', { issuer: issuer.replace('https', 'http') }, 'issuer'],
    ['an issuer that is not an address', { issuer: 'okta' }, 'issuer'],
    ['no token endpoint', { token_endpoint: undefined }, 'noEndpoint'],
    ['no authorization endpoint', { authorization_endpoint: undefined }, 'noEndpoint'],
    ['an endpoint that is not an address', { token_endpoint: '/v1/token' }, 'noEndpoint'],
    ['a number as endpoint', { token_endpoint: 42 }, 'noEndpoint'],
    ['no code challenge', { code_challenge_methods_supported: undefined }, 'noS256'],
    ['an empty list of code challenges', { code_challenge_methods_supported: [] }, 'noS256'],
    ['the plain code challenge only', { code_challenge_methods_supported: ['plain'] }, 'noS256'],
    ['a text for the list', { code_challenge_methods_supported: 'S256' }, 'noS256'],
  ])('has %s', async (_, wrong, reason) => {
    expect(await refusalOf(issuer, { ...metadataOf(issuer), ...wrong })).toMatchObject({
      kind: 'metadataMismatch',
      details: { operation: 'metadata', reason },
    });
  });
});

// Microsoft Entra ID supports PKCE with S256 without listing it.
describe('checkMetadata: metadata without PKCE', () => {
  const { code_challenge_methods_supported: announced, ...silent } = metadataOf(issuer);

  test('is accepted, except from Okta', async () => {
    const server = await checkMetadata(issuer, silent, isSameOrganization, 'partial');
    expect(server.authorizationEndpoint).toBe(silent.authorization_endpoint);
    const { http } = fakeHttp(silent);
    expect(await discover({ http, isSameOrganization }, issuer, never, 'partial')).toEqual(server);
    expect(announced).toEqual(['S256']);
  });

  test('is accepted from such a provider with null instead of the list', async () => {
    const metadata = { ...silent, code_challenge_methods_supported: null };
    const server = await checkMetadata(issuer, metadata, isSameOrganization, 'partial');
    expect(server.authorizationEndpoint).toBe(silent.authorization_endpoint);
    expect((await refusalOf(issuer, metadata)).details).toMatchObject({ reason: 'noS256' });
  });

  test.each([[[]], [['plain']], ['S256']])('is not accepted with %j', async (methods) => {
    const metadata = { ...silent, code_challenge_methods_supported: methods };
    const refusal = await rejectionOf(checkMetadata(issuer, metadata, isSameOrganization, 'partial'));
    expect(refusal).toMatchObject({ kind: 'metadataMismatch', details: { reason: 'noS256' } });
  });
});

describe('checkMetadata: a server with pushed authorization requests', () => {
  test('that are required is rejected', async () => {
    const metadata = { ...metadataOf(issuer), require_pushed_authorization_requests: true };
    for (const style of ['complete', 'partial'] as const) {
      const refusal = await rejectionOf(checkMetadata(issuer, metadata, isSameOrganization, style));
      expect(refusal).toMatchObject({ kind: 'noFlow', details: { reason: 'par', operation: 'metadata' } });
    }
  });

  test.each([false, undefined, 'true'])('that are optional (%s) is accepted', async (required) => {
    const metadata = {
      ...metadataOf(issuer),
      pushed_authorization_request_endpoint: `${issuer}/v1/par`,
      require_pushed_authorization_requests: required,
    };
    expect(await check(issuer, metadata)).toEqual(await check(issuer, metadataOf(issuer)));
  });
});

test('rejects a server that accepts only signed authorization requests', async () => {
  const metadata = { ...metadataOf(issuer), require_signed_request_object: true };
  expect(await refusalOf(issuer, metadata)).toMatchObject({
    kind: 'noFlow',
    details: { reason: 'jar', operation: 'metadata' },
  });
});

describe('checkMetadata: a server with an end-session page', () => {
  test('is accepted with that page', async () => {
    const page = `${issuer}/v1/logout`;
    const server = await check(issuer, { ...metadataOf(issuer), end_session_endpoint: page });
    expect(server.endSessionEndpoint).toBe(page);
  });

  test.each([['https://evil.example/logout'], ['javascript:alert(1)'], [7]])(
    'at %s is accepted without that page',
    async (page) => {
      const metadata = { ...metadataOf(issuer), end_session_endpoint: page };
      expect(await check(issuer, metadata)).toEqual(authorizationServer);
    },
  );
});

describe("checkMetadata: a server's requirements for clients", () => {
  const metadata = { ...metadataOf(issuer), token_endpoint_auth_methods_supported: ['private_key_jwt'] };

  test('are checked for any OpenID Connect provider', async () => {
    const server = await checkMetadata(issuer, metadata, isSameOrganization, 'partial');
    expect(server.mayDemand).toEqual(['privateKeyJwt']);
  });

  test('are not checked for Okta', async () => {
    expect(await check(issuer, metadata)).toEqual(authorizationServer);
  });
});

describe('discover: discovery', () => {
  test("requests the issuer's own OpenID metadata, once", async () => {
    const { http, asked } = fakeHttp(metadataOf(issuer));
    expect(await discover({ http, isSameOrganization }, issuer, never)).toEqual(authorizationServer);
    expect(asked.map(([request]) => request)).toEqual([`GET ${issuer}/.well-known/openid-configuration`]);
  });

  test('works over HTTP on this machine', async () => {
    const local = 'http://127.0.0.1:3000/oauth2/aus1';
    const { http } = fakeHttp(metadataOf(local));
    expect(await discover({ http, isSameOrganization }, local, never)).toMatchObject({ issuer: local });
  });

  test.each([
    ['is of another issuer', Response.json(metadataOf('https://other.okta.com')), 'metadataMismatch'],
    [
      'names a foreign endpoint',
      Response.json(metadataOf(issuer, 'https://evil.example')),
      'metadataMismatch',
    ],
    ['is not there', Response.json({ errorCode: 'E0000007' }, { status: 404 }), 'metadataMissing'],
    ['is not there, without a word', new Response(null, { status: 404 }), 'metadataMissing'],
    ['is forbidden by the server', Response.json({ error: 'no' }, { status: 403 }), 'metadataMissing'],
    ['F11: is forbidden in words', new Response('no', { status: 403 }), 'proxy'],
    ['F11: is refused without a word', new Response(null, { status: 401 }), 'proxy'],
    ['F11: is behind a sign-in page', redirectTo('/login/login.htm?fromURI=x'), 'invalidResponse'],
    ['F11: is elsewhere, without an address', new Response(null, { status: 307 }), 'invalidResponse'],
    ['F11: is not changed', new Response(null, { status: 304 }), 'invalidResponse'],
    ['F11: has no content', new Response(null, { status: 204 }), 'invalidResponse'],
    ['F11: is cut off', new Response('{"issuer":"https://example.okta.com/oau'), 'invalidResponse'],
    ['F11: is cut off after its bracket', new Response('\n ['), 'invalidResponse'],
    ['F11: is a page', new Response('<p>Hello', { headers: { 'content-type': 'text/html' } }), 'proxy'],
    ['F11: is words', new Response('Welcome to our network'), 'proxy'],
    ['F11: is nothing', new Response(null), 'proxy'],
    ['is a list', Response.json([]), 'metadataMissing'],
  ])('reports if the metadata %s', async (_, answer, kind) => {
    const { http } = fakeHttp(answer);
    expect(await rejectionOf(discover({ http, isSameOrganization }, issuer, never))).toMatchObject({
      name: 'SignInError',
      kind,
      details: { operation: 'metadata' },
    });
  });

  test.each([
    ['a slash', 'openid-configuration/', `${new URL(issuer).pathname}/.well-known/openid-configuration/`],
    [
      'its own path',
      '/index.php/apps/oidc/openid-configuration',
      '/index.php/apps/oidc/openid-configuration',
    ],
  ])('reads metadata that the server moved behind %s', async (_, location, path) => {
    const { http, asked } = answeringHttp((url) =>
      url.pathname === path ? Response.json(metadataOf(issuer)) : redirectTo(location, 301),
    );
    expect(await discover({ http, isSameOrganization }, issuer, never)).toEqual(authorizationServer);
    expect(asked).toHaveLength(2);
  });

  test('F11: follows one redirect only', async () => {
    const { http, asked } = answeringHttp(() => redirectTo('openid-configuration/', 301));
    expect(await rejectionOf(discover({ http, isSameOrganization }, issuer, never))).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'metadata', status: 301 },
    });
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['another host', 'https://login.example.com/.well-known/openid-configuration'],
    ['another port', 'https://example.okta.com:8443/.well-known/openid-configuration'],
    ['plain http', 'http://example.okta.com/.well-known/openid-configuration'],
    ['a page', '/login/login.htm?fromURI=/.well-known/openid-configuration'],
  ])('does not follow a redirect to %s', async (_, location) => {
    const { http, asked } = answeringHttp(() => redirectTo(location));
    await rejectionOf(discover({ http, isSameOrganization }, issuer, never));
    expect(asked).toHaveLength(1);
  });

  test('F9: reads it with any content type, and with a byte order mark', async () => {
    const text = `\ufeff${JSON.stringify(metadataOf(issuer))}`;
    for (const type of ['text/plain', 'text/html', 'application/octet-stream']) {
      const { http } = fakeHttp(new Response(text, { headers: { 'content-type': type } }));
      expect(await discover({ http, isSameOrganization }, issuer, never)).toEqual(authorizationServer);
    }
  });

  test('F11: reports a proxy that intercepted the metadata request', async () => {
    const { http } = fakeHttp(new SignInError('proxy', { host: 'example.okta.com', status: 302 }));
    expect(await rejectionOf(discover({ http, isSameOrganization }, issuer, never))).toMatchObject({
      kind: 'proxy',
      details: { operation: 'metadata', host: 'example.okta.com', status: 302 },
    });
  });

  test('B22: keeps the issuer in the document', async () => {
    const namedIssuer = 'https://acme.okta.com/oauth2/aus1';
    const { http } = fakeHttp(metadataOf(namedIssuer));
    expect(await rejectionOf(discover({ http, isSameOrganization }, issuer, never))).toMatchObject({
      kind: 'metadataMismatch',
      details: { reason: 'issuer', namedIssuer },
    });
  });

  test.each([
    'https://acme.example. Your session has ended: sign in at https://evil.example',
    'https://acme.example.\u00a0Your session has ended',
    'Okta. Your session has ended.',
    'https://acme.example.\u3164Your session',
    `https://acme.example/${'a'.repeat(400)}`,
  ])('an issuer in the document continued our sentence: %s', async (named) => {
    const { http } = fakeHttp(metadataOf(named));
    const error = await rejectionOf(discover({ http, isSameOrganization }, issuer, never));
    const { details } = error as SignInError;
    expect([details.reason, details.namedIssuer]).toEqual(['issuer', undefined]);
  });

  test.each([
    `${issuer}/`,
    issuer.replace('example.okta', 'EXAMPLE.Okta'),
    issuer.replace('.com', '.com:443'),
  ])("F8: uses the server's own spelling: %s", async (named) => {
    const { http } = fakeHttp({ ...metadataOf(issuer), issuer: named });
    expect(await discover({ http, isSameOrganization }, issuer, never)).toMatchObject({ issuer: named });
  });

  test('reports the status and the host', async () => {
    const { http } = fakeHttp(new Response(null, { status: 404 }));
    const failure = await rejectionOf(discover({ http, isSameOrganization }, issuer, never));
    expect(failure).toMatchObject({ details: { host: 'example.okta.com', status: 404 } });
  });

  test("keeps the transport's error", async () => {
    const failure = new SignInError('network', { code: 'ECONNREFUSED' });
    expect(
      await rejectionOf(discover({ http: fakeHttp(failure).http, isSameOrganization }, issuer, never)),
    ).toBe(failure);
  });
});
