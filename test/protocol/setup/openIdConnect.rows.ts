import type { OidcConnection } from '../../../src/core/connection/connection.ts';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import type { HttpFetch } from '../../../src/core/ports.ts';
import { holdPort } from '../ports.ts';
import type { RunChanges } from './setupWorld.ts';
import { inMetadata } from './slip.ts';
import type { Slip, SlippedWorld } from './slip.ts';

const oidc = (change: Partial<OidcConnection>): RunChanges => ({
  inputs: ({ oidcClient: connection, ...inputs }) => ({
    ...inputs,
    ...(connection === undefined ? {} : { oidcClient: { ...connection, ...change } }),
  }),
});

const issuer = (change: (right: string) => string): RunChanges => ({
  inputs: ({ oidcClient: connection, ...inputs }) => ({
    ...inputs,
    ...(connection && { oidcClient: { ...connection, issuer: change(connection.issuer) } }),
  }),
});

const metadata = inMetadata(({ chain }) => chain.openIdConnect);
const announcing = (members: Record<string, unknown>) =>
  metadata((document) => ({ ...document, ...members }));

const keys =
  (status: number, body: object) =>
  ({ chain: { openIdConnect } }: SlippedWorld) => {
    openIdConnect?.answerKeys({ status, body });
    return () => openIdConnect?.answerKeys(undefined);
  };

/** Replaces the authorization endpoint's response to requests without a user. */
const atPage = (answer: (redirectUri: string) => Response | undefined): RunChanges => ({
  http: (http) => async (url, request) => {
    const asked = new URL(url).searchParams;
    const other = asked.get('prompt') === 'none' ? answer(asked.get('redirect_uri') ?? '') : undefined;
    return other ?? http(url, request);
  },
});
const redirected = (redirectUri: string, error: string, description = ''): Response =>
  new Response(null, {
    status: 302,
    headers: {
      location: `${redirectUri}?${new URLSearchParams({ error, error_description: description })}`,
    },
  });

/** Replaces the token endpoint's response for the given grant. */
const atToken = (grant: string, error: string, description = ''): RunChanges => ({
  http: (http: HttpFetch) => async (url, request) =>
    new URLSearchParams(request.body).get('grant_type') === grant
      ? Response.json({ error, error_description: description }, { status: 400 })
      : http(url, request),
});

const withoutTrust: RunChanges = {
  http: (http) => async (url, request) => {
    if (!url.includes('/.well-known/')) return http(url, request);
    throw new SignInError('certificate', { host: new URL(url).host, code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  },
};

export const openIdConnectSlips: readonly Slip[] = [
  {
    slip: 'A web page was entered as the issuer',
    check: 'oidc.https',
    reason: 'notIssuer',
    changes: oidc({ issuer: 'a page' }),
  },
  {
    slip: 'This computer doesn’t trust the certificate',
    check: 'oidc.https',
    reason: 'certificateNotTrusted',
    changes: withoutTrust,
  },
  {
    slip: 'The provider is behind a proxy and doesn’t know its public address',
    check: 'oidc.https',
    reason: 'plainHttp',
    make: announcing({ jwks_uri: 'http://id.example.com/keys' }),
  },
  {
    slip: 'The issuer belongs to another realm',
    check: 'oidc.metadata',
    reason: 'noMetadata',
    changes: issuer((right) => right.replace(/[^/]+$/, 'other')),
  },
  {
    slip: 'The address of a page below the issuer was entered',
    check: 'oidc.metadata',
    reason: 'metadataAbove',
    changes: issuer((right) => `${right}/home`),
  },
  {
    slip: 'The metadata names another issuer',
    check: 'oidc.metadata',
    reason: 'issuerDiffers',
    make: announcing({ issuer: 'https://id.example.com/realms/example' }),
  },
  {
    slip: 'The metadata lists PKCE only with plain',
    check: 'oidc.announced',
    reason: 'noS256',
    make: announcing({ code_challenge_methods_supported: ['plain'] }),
  },
  {
    slip: 'The metadata doesn’t mention PKCE, as at Microsoft Entra ID',
    check: 'oidc.announced',
    reason: 'pkceNotAnnounced',
    state: 'warning',
    make: announcing({ code_challenge_methods_supported: undefined }),
  },
  {
    slip: 'The token endpoint is on another host',
    check: 'oidc.announced',
    reason: 'foreignEndpoint',
    make: announcing({ token_endpoint: 'https://evil.example/token' }),
  },
  {
    slip: 'The metadata has no token endpoint',
    check: 'oidc.announced',
    reason: 'endpointMissing',
    make: announcing({ token_endpoint: undefined }),
  },
  {
    slip: 'The metadata lists only the implicit flow',
    check: 'oidc.announced',
    reason: 'codeNotAnnounced',
    make: announcing({ response_types_supported: ['id_token'] }),
  },
  {
    slip: 'The provider requires pushed authorization requests',
    check: 'oidc.announced',
    reason: 'pushedRequests',
    make: announcing({ require_pushed_authorization_requests: true }),
  },
  {
    slip: 'The provider requires signed authorization requests',
    check: 'oidc.announced',
    reason: 'signedRequests',
    make: announcing({ require_signed_request_object: true }),
  },
  {
    slip: 'The metadata has no jwks_uri',
    check: 'oidc.keys',
    reason: 'noKeysAddress',
    make: announcing({ jwks_uri: undefined }),
  },
  {
    slip: 'ID tokens are signed with a client secret',
    check: 'oidc.keys',
    reason: 'algorithmsUnsupported',
    make: announcing({ id_token_signing_alg_values_supported: ['HS256'] }),
  },
  {
    slip: 'The keys aren’t at their address',
    check: 'oidc.keys',
    reason: 'keysMissing',
    make: keys(404, {}),
  },
  {
    slip: 'The only keys are for encryption',
    check: 'oidc.keys',
    reason: 'noUsableKey',
    make: keys(200, { keys: [{ kty: 'RSA', use: 'enc', n: 'AQAB', e: 'AQAB' }] }),
  },
  {
    slip: 'A URL was entered as the client ID',
    check: 'oidc.client',
    reason: 'notClientId',
    changes: oidc({ clientId: 'https://id.example.com' }),
  },
  {
    slip: 'The client ID is mistyped',
    check: 'oidc.client',
    reason: 'clientUnknown',
    changes: oidc({ clientId: 'sandbox-native-ap' }),
  },
  {
    slip: 'The application is a web application with a client secret',
    check: 'oidc.client',
    reason: 'clientSecret',
    options: { openIdConnect: { clientAuthentication: 'client_secret_basic' } },
  },
  {
    slip: 'The application authenticates with a private key',
    check: 'oidc.client',
    reason: 'privateKeyJwt',
    options: { openIdConnect: { clientAuthentication: 'private_key_jwt' } },
  },
  {
    slip: 'The application authenticates with a client certificate',
    check: 'oidc.client',
    reason: 'clientCertificate',
    changes: atToken('authorization_code', 'invalid_client', 'client certificate was not provided'),
  },
  {
    slip: 'The application requires DPoP',
    check: 'oidc.client',
    reason: 'dpop',
    changes: atToken('authorization_code', 'invalid_dpop_proof'),
  },
  {
    slip: 'The application must push its authorization requests',
    check: 'oidc.client',
    reason: 'par',
    options: { openIdConnect: { pushedRequests: true } },
  },
  {
    slip: 'The application must sign its authorization requests',
    check: 'oidc.client',
    reason: 'jar',
    // The server redirects to every redirect URI, as if registered.
    hides: ['oidc.redirectUris'],
    changes: atPage((uri) =>
      redirected(uri, 'invalid_request', 'Request Object must be used by this client'),
    ),
  },
  {
    slip: 'The application isn’t allowed to use the code flow',
    check: 'oidc.client',
    reason: 'codeGrantMissing',
    changes: atToken('authorization_code', 'unauthorized_client', 'This grant type is not allowed.'),
  },
  {
    slip: 'The application can’t use device codes, and sign-ins here begin with one',
    check: 'oidc.client',
    reason: 'deviceGrantMissing',
    state: 'warning',
    make: announcing({ device_authorization_endpoint: undefined }),
    changes: { ports: (ports) => ({ ...ports, beginsWithDeviceCode: true }) },
  },
  {
    slip: 'The provider has no revocation endpoint, as at Microsoft Entra ID',
    check: 'oidc.revocation',
    reason: 'revocationNotAnnounced',
    state: 'warning',
    make: announcing({ revocation_endpoint: undefined }),
  },
  {
    slip: 'The revocation endpoint requires a client secret',
    check: 'oidc.revocation',
    reason: 'revocationRefused',
    state: 'warning',
    changes: {
      http: (http) => async (url, request) =>
        new URLSearchParams(request.body).get('token_type_hint') === 'refresh_token'
          ? Response.json({ error: 'invalid_client' }, { status: 401 })
          : http(url, request),
    },
  },
  {
    slip: 'No redirect URI was added',
    check: 'oidc.redirectUris',
    reason: 'redirectUrisMissing',
    options: { openIdConnect: { registeredPorts: [9] } },
  },
  {
    slip: 'The redirect URIs have a port, but the connection uses any port',
    check: 'oidc.redirectUris',
    reason: 'redirectUrisMissing',
    changes: oidc({ redirectUri: 'http://localhost' }),
  },
  {
    slip: 'Only the shared redirect URIs are registered, not the issuer’s own',
    check: 'oidc.redirectUris',
    reason: 'ownRedirectUrisMissing',
    state: 'warning',
    // The server always shows its own page, which does not tell what the application requires.
    hides: ['oidc.client'],
    changes: {
      ports: (ports) => {
        const { signIn: _signIn, ...others } = ports;
        return others;
      },
      ...atPage((uri) =>
        uri.endsWith('/oauth/callback')
          ? redirected(uri, 'login_required')
          : new Response('<p>', { status: 400 }),
      ),
    },
  },
  {
    slip: 'The provider shows its sign-in page for any redirect URI',
    check: 'oidc.redirectUris',
    reason: 'redirectUrisNotKnown',
    state: 'inconclusive',
    changes: atPage(() => new Response('<form>', { status: 200 })),
  },
  {
    slip: 'Other programs use every callback port',
    check: 'oidc.loopbackPorts',
    reason: 'portsTaken',
    changes: {
      ports: (ports) => ({
        ...ports,
        loopbackPorts: async (all) => all.map((port) => ({ port, address: '::1', code: 'EADDRINUSE' })),
      }),
    },
  },
  {
    slip: 'Another program uses one callback port',
    check: 'oidc.loopbackPorts',
    reason: 'somePortsTaken',
    state: 'warning',
    make: async ({ ports }) => {
      const held = await holdPort('127.0.0.1', ports[0]);
      return () => held[Symbol.asyncDispose]();
    },
  },
  {
    slip: 'The provider refuses a scope',
    check: 'oidc.scopes',
    reason: 'scopeRefused',
    hides: ['oidc.redirectUris'],
    changes: atPage((uri) => redirected(uri, 'invalid_scope')),
  },
  {
    slip: 'The metadata doesn’t list a scope',
    check: 'oidc.scopes',
    reason: 'scopesNotAnnounced',
    state: 'warning',
    changes: oidc({ scopes: ['openid', 'profile', 'offline_access', 'api:write'] }),
  },
  {
    slip: 'The metadata lists no scopes, and the provider checks them after the sign-in',
    check: 'oidc.scopes',
    reason: 'scopesNotSeen',
    state: 'inconclusive',
    make: announcing({ scopes_supported: undefined }),
  },
  {
    slip: 'The provider refuses the code',
    check: 'oidc.signIn',
    reason: 'signInFailed',
    changes: {
      http: (http) => {
        let asked = 0;
        return async (url, request) => {
          const isCode = new URLSearchParams(request.body).get('grant_type') === 'authorization_code';
          // The first response is for the client's check.
          if (!isCode || ++asked === 1) return http(url, request);
          return Response.json({ error: 'unauthorized_client' }, { status: 400 });
        };
      },
    },
  },
  {
    slip: 'The connection doesn’t request openid',
    check: 'oidc.idToken',
    reason: 'openidNotAsked',
    state: 'warning',
    changes: oidc({ scopes: ['profile', 'offline_access'] }),
  },
  {
    slip: 'The response has no ID token',
    check: 'oidc.idToken',
    reason: 'noIdToken',
    changes: {
      http: (http) => async (url, request) => {
        const response = await http(url, request);
        if (request.method !== 'POST' || !response.ok) return response;
        const { id_token: _, ...body } = (await response.json()) as Record<string, unknown>;
        return Response.json(body);
      },
    },
  },
  {
    slip: 'The ID token has no name',
    check: 'oidc.idToken',
    reason: 'nameMissing',
    state: 'warning',
    options: { openIdConnect: { idTokenClaims: [] } },
  },
  {
    slip: 'The provider issues no refresh tokens',
    check: 'oidc.refresh',
    reason: 'noRefreshToken',
    options: { openIdConnect: { refreshTokens: 'none' } },
  },
  {
    slip: 'The provider refuses its refresh tokens',
    check: 'oidc.refresh',
    reason: 'refreshFailed',
    changes: atToken('refresh_token', 'invalid_grant'),
  },
];
