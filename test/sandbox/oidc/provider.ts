import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import {
  type Configuration,
  interactionPolicy,
  type JWK,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import { createSigningKey } from '../okta/accessTokens.ts';
import { createStorage, type Storage } from '../okta/adapter.ts';
import { type Arrival, type Browser, createBrowser } from '../okta/browser.ts';
import { pagesOf } from '../okta/pages.ts';
import { SIGN_IN_PATH } from '../okta/routes.ts';
import { createSignInPages } from '../okta/signInPages.ts';
import { people, type Person } from '../people.ts';
import { startServer } from '../server.ts';
import type { SecretsSeen } from '../secretsSeen.ts';
import type { PreferredPlace } from '../server.ts';

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Differences between OpenID Connect providers that a public client can observe. */
export interface OidcSettings {
  /** Path after the origin: `/realms/x`; empty for an issuer without a path. */
  readonly issuerPath: string;
  /** The registered redirect URIs, computed once the issuer is known. */
  readonly redirectUris: (issuer: string) => Promise<readonly string[]>;
  /** Whether a registered loopback redirect URI matches any port. */
  readonly anyPort: boolean;
  /** Whether callbacks carry `iss` (RFC 9207) and the metadata declare it. */
  readonly issParameter: boolean;
  readonly revocation: boolean;
  readonly deviceGrant: boolean;
  /** Whether it has an end-session endpoint (RP-Initiated Logout 1.0) and lists it in the metadata. */
  readonly logout?: boolean;
  /** Authentication method of its one client; a public client by default. */
  readonly clientAuthentication?: 'client_secret_basic' | 'private_key_jwt';
  /** Whether its client must push authorization requests (RFC 9126); the metadata do not mention it. */
  readonly pushedRequests?: boolean;
  /**
   * `strict`: reuse of a refresh token ends the grant; `lenient`: the old token keeps working next to the new
   * one.
   */
  readonly refreshTokens: 'none' | 'kept' | 'lenient' | 'strict';
  /** Claims of the ID token besides `sub`. */
  readonly idTokenClaims: readonly ('preferred_username' | 'email')[];
  /** Adjusts the metadata to this vendor's. */
  readonly metadata: (document: Record<string, unknown>) => Record<string, unknown>;
}

/** Differs from the product's name, which made-up codes start with: a search for secrets would confuse them. */
export const CLIENT_ID = 'sandbox-native-app';
/** The name on its pages. */
const NAME = 'Example ID';
const pages = pagesOf(NAME);

/** A running provider; the caller closes it. */
export interface OidcProvider {
  readonly issuer: string;
  readonly clientId: string;
  /** Changes the metadata from now on: receives the document, returns the one to send. */
  patchMetadata(patch: (document: Record<string, unknown>) => Record<string, unknown>): void;
  /** Replaces the response of its `jwks_uri` from now on. */
  answerKeys(answer: { readonly status: number; readonly body: object } | undefined): void;
  /** Parameters of authorization requests from browsers. */
  readonly authorizeRequests: readonly URLSearchParams[];
  /** Grant types of successful token requests, in order. */
  readonly grants: readonly string[];
  /** Bodies of rejected token requests. */
  readonly refused: readonly URLSearchParams[];
  /** Distinct request paths, relative to the issuer. */
  readonly asked: ReadonlySet<string>;
  /** How often the keys were fetched. */
  readonly keysFetched: number;
  /** Signs with a new key from now on, the only one in its JWKS. */
  rotateKeys(): Promise<void>;
  /**
   * Changes the claims of ID tokens from now on, and signs them with the right key or with one missing from the
   * JWKS.
   */
  forge(change: (claims: Record<string, unknown>) => Record<string, unknown>, key?: JWK): void;
  /** Number of valid refresh tokens. */
  liveRefreshTokens(): number;
  /** Completes an authorization request or a device activation in a browser of its own. */
  authorize(url: string, username: string): Promise<Arrival>;
  /** A browser that keeps its session between pages. */
  openBrowser(): Browser;
  close(): Promise<void>;
}

/** Starts a provider on a free loopback port. */
export async function startOidcProvider(
  settings: OidcSettings,
  place: PreferredPlace = {},
  watch?: SecretsSeen['watch'],
): Promise<OidcProvider> {
  const storage = createStorage();
  const authorizeRequests: URLSearchParams[] = [];
  const grants: string[] = [];
  const refused: URLSearchParams[] = [];
  const askedPaths = new Set<string>();
  let keysFetched = 0;
  let signingKey = await createSigningKey();
  let forge = (idToken: string): string => idToken;
  let provider: Provider | undefined;
  let issuer = '';
  let patch = (document: Record<string, unknown>): Record<string, unknown> => document;
  let keysAnswer: { readonly status: number; readonly body: object } | undefined;
  let redirectUris: readonly string[] = [];

  const makeProvider = (): Provider => {
    const made = new Provider(
      issuer,
      configurationFor({ issuer, settings, redirectUris, signingKey, storage }),
    );
    made.on('server_error', (_ctx, error) => {
      console.error('The OpenID Connect sandbox has failed:', error);
    });
    made.use(async (ctx, next) => {
      await next();
      if (ctx.path === WELL_KNOWN && ctx.body !== undefined)
        ctx.body = patch(
          settings.metadata({
            ...(ctx.body as object),
            authorization_response_iss_parameter_supported: settings.issParameter ? true : undefined,
          }),
        );
      if (ctx.path.endsWith('/keys') && keysAnswer !== undefined) {
        ctx.status = keysAnswer.status;
        ctx.body = keysAnswer.body;
      }
      if (ctx.path === `${settings.issuerPath}/token`) {
        const { oidc, body } = ctx as KoaContextWithOIDC & { body: { id_token?: string } };
        const asked = oidc.params ?? {};
        if (ctx.status === 200) grants.push(String(asked['grant_type']));
        else refused.push(new URLSearchParams(asked as Record<string, string>));
        if (body.id_token !== undefined) ctx.body = { ...body, id_token: forge(body.id_token) };
      }
      const location: unknown = ctx.response.get('location');
      if (!settings.issParameter && typeof location === 'string' && location !== '') {
        const url = new URL(location, issuer);
        url.searchParams.delete('iss');
        ctx.set('location', url.href);
      }
    });
    return made;
  };

  const server = await startServer(
    async (origin) => {
      issuer = origin + settings.issuerPath;
      redirectUris = await settings.redirectUris(issuer);
      provider = makeProvider();
      return async (req, res) => {
        if (provider === undefined) throw new Error('The provider is there before its first request.');
        const { pathname, searchParams } = new URL(req.url ?? '', origin);
        askedPaths.add(pathname.slice(settings.issuerPath.length));
        if (pathname.startsWith(SIGN_IN_PATH))
          return createSignInPages(provider, people, ({ uid }) => uid, NAME)(req, res);
        if (pathname.endsWith('/authorize') && searchParams.get('prompt') !== 'none')
          authorizeRequests.push(searchParams);
        if (pathname.endsWith('/keys')) keysFetched += 1;
        // oidc-provider serves it only at the root.
        if (pathname === settings.issuerPath + WELL_KNOWN) req.url = WELL_KNOWN;
        return provider.callback()(req, res);
      };
    },
    place,
    watch,
  );

  return {
    issuer,
    clientId: CLIENT_ID,
    patchMetadata(change) {
      patch = change;
    },
    answerKeys(answer) {
      keysAnswer = answer;
    },
    authorizeRequests,
    grants,
    refused,
    asked: askedPaths,
    get keysFetched() {
      return keysFetched;
    },
    async rotateKeys() {
      signingKey = await createSigningKey();
      provider = makeProvider();
    },
    forge(change, key) {
      forge = (idToken) => resigned(idToken, change, key ?? signingKey, signingKey.kid);
    },
    liveRefreshTokens: () =>
      storage.records('RefreshToken').filter(({ consumed }) => consumed === undefined).length,
    authorize: (url, username) => createBrowser(people).open(url, username),
    openBrowser: () => createBrowser(people),
    close: () => server.close(),
  };
}

/** Lifetimes in seconds. */
const LIFE = 3600;
const WELL_KNOWN = '/.well-known/openid-configuration';

interface ProviderParts {
  readonly issuer: string;
  readonly settings: OidcSettings;
  readonly redirectUris: readonly string[];
  readonly signingKey: JWK;
  readonly storage: Storage;
}

function configurationFor({
  issuer,
  settings,
  redirectUris,
  signingKey,
  storage,
}: ProviderParts): Configuration {
  const { issuerPath, refreshTokens, deviceGrant, revocation, anyPort, logout = false } = settings;
  const { clientAuthentication } = settings;
  const { port } = new URL(issuer);
  const hasRefreshTokens = refreshTokens !== 'none';
  return {
    adapter: (model) => {
      const adapter = storage.adapterFor(model);
      return model === 'RefreshToken' && refreshTokens === 'lenient'
        ? { ...adapter, consume: async () => undefined }
        : adapter;
    },
    clients: [
      {
        client_id: CLIENT_ID,
        // oidc-provider accepts any loopback port for `native`, and compares the whole string for `web`.
        application_type: anyPort ? 'native' : 'web',
        redirect_uris: [...redirectUris],
        response_types: ['code'],
        grant_types: [
          'authorization_code',
          ...(deviceGrant ? [DEVICE_CODE] : []),
          ...(hasRefreshTokens ? ['refresh_token'] : []),
        ],
        token_endpoint_auth_method: clientAuthentication ?? 'none',
        ...(settings.pushedRequests === true ? { require_pushed_authorization_requests: true } : {}),
        ...(clientAuthentication === 'client_secret_basic' ? { client_secret: 'not-in-any-setting' } : {}),
        ...(clientAuthentication === 'private_key_jwt' ? { jwks: { keys: [publicPartOf(signingKey)] } } : {}),
      },
    ],
    clientAuthMethods: [clientAuthentication ?? 'none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub', ...settings.idTokenClaims] },
    // Otherwise, only the userinfo endpoint returns them.
    conformIdTokenClaims: false,
    // By now, oidc-provider has dropped `offline_access`, because it requires `prompt=consent`; these vendors
    // do not.
    extraParams: { audience: keepScopes },
    interactions: { policy: withoutConsent(), url: (_ctx, { uid }) => `${SIGN_IN_PATH}/${uid}` },
    loadExistingGrant: async () => undefined,
    findAccount: (_ctx, accountId) => accountOf(accountId),
    issueRefreshToken: async (_ctx, _client, code) => hasRefreshTokens && code.scopes.has('offline_access'),
    rotateRefreshToken: refreshTokens === 'strict' || refreshTokens === 'lenient',
    expiresWithSession: async () => false,
    routes: {
      authorization: `${issuerPath}/authorize`,
      token: `${issuerPath}/token`,
      revocation: `${issuerPath}/revoke`,
      jwks: `${issuerPath}/keys`,
      userinfo: `${issuerPath}/userinfo`,
      device_authorization: `${issuerPath}/devicecode`,
      code_verification: `${issuerPath}/device`,
      end_session: `${issuerPath}/logout`,
    },
    jwks: { keys: [signingKey] },
    cookies: {
      names: {
        session: `oidc-${port}-session`,
        interaction: `oidc-${port}-signin`,
        resume: `oidc-${port}-resume`,
      },
      keys: [randomBytes(32).toString('base64url')],
    },
    clientBasedCORS: () => false,
    renderError: pages.showFailure,
    ttl: {
      AccessToken: LIFE,
      IdToken: LIFE,
      AuthorizationCode: LIFE,
      DeviceCode: LIFE,
      Interaction: LIFE,
      Session: LIFE,
      Grant: LIFE,
      RefreshToken: LIFE,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: settings.pushedRequests === true },
      rpInitiatedLogout: {
        enabled: logout,
        logoutSource: pages.confirmLogout,
        postLogoutSuccessSource: pages.showLoggedOut,
      },
      revocation: { enabled: revocation, allowedPolicy: async () => true },
      deviceFlow: {
        enabled: deviceGrant,
        userCodeInputSource: pages.askUserCode,
        userCodeConfirmSource: pages.confirmUserCode,
        successSource: pages.showDeviceActivated,
      },
    },
  };
}

/** A placeholder key for the client, whose signatures are never needed. */
function publicPartOf({ kty, n = '', e = '' }: JWK): JWK {
  return { kty, n, e };
}

function keepScopes(ctx: KoaContextWithOIDC): void {
  const { params = {} } = ctx.oidc;
  const sent = ctx.method === 'POST' ? ctx.oidc.body?.['scope'] : ctx.query['scope'];
  if (typeof sent === 'string') params['scope'] = sent;
}

/** Creates a separate grant for every authorization, without asking for more than the sign-in. */
function withoutConsent(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const grantAll = new interactionPolicy.Check('grant', 'Granted.', 'access_denied', async (ctx) => {
    const { client, grant, requestParamScopes, session } = ctx.oidc;
    if (!client || !grant || !session) throw new Error('A grant needs a person and a client.');
    grant.addOIDCScope(requestParamScopes);
    session.ensureClientContainer(client.clientId);
    session.grantIdFor(client.clientId, await grant.save());
    return interactionPolicy.Check.NO_NEED_TO_PROMPT;
  });
  const consent = policy.get('consent');
  consent?.checks.clear();
  consent?.checks.add(grantAll);
  return policy;
}

function accountOf(accountId: string) {
  const person: Person | undefined = people.find(({ uid }) => uid === accountId);
  if (person === undefined) return undefined;
  const { username } = person;
  return { accountId, claims: () => ({ sub: accountId, preferred_username: username, email: username }) };
}

function resigned(
  idToken: string,
  change: (claims: Record<string, unknown>) => Record<string, unknown>,
  key: JWK,
  kid: string | undefined,
): string {
  const payload = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString();
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = change(JSON.parse(payload) as Record<string, unknown>);
  const signed = `${encode({ alg: 'RS256', kid })}.${encode(claims)}`;
  const privateKey = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' });
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}
