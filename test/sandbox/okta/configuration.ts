import { randomBytes } from 'node:crypto';
import { type Configuration, errors, type JWK } from 'oidc-provider';
import type { Person } from '../people.ts';
import { checkRequest, interactions } from './accessPolicy.ts';
import { customizeAccessToken } from './accessTokens.ts';
import type { Storage } from './adapter.ts';
import type { Assignments } from './assignments.ts';
import { pagesOf, PROVIDER_NAME } from './pages.ts';
import { withGrace } from './refreshRotation.ts';
import { providerRoutes, SIGN_IN_PATH } from './routes.ts';
import {
  AUDIENCE,
  configuredScopes,
  type OktaSettings,
  registeredRedirectUris,
  RESERVED_SCOPES,
} from './settings.ts';

const pages = pagesOf(PROVIDER_NAME);
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
/** Okta's own lifetimes, in seconds. */
const AUTHORIZATION_CODE_TTL = 300;
const DEVICE_CODE_TTL = 600;
const BROWSER_SESSION_TTL = 7200;

export interface ConfigurationOptions {
  readonly issuer: string;
  readonly settings: OktaSettings;
  readonly people: readonly Person[];
  readonly assignments: Assignments;
  readonly signingKey: JWK;
  readonly storage: Storage;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onReuseInsideGrace: () => void;
}

/**
 * oidc-provider's settings for an Okta custom authorization server. Lifetimes use oidc-provider's clock, which is
 * `Date.now`, in whole seconds; only the grace period of token rotation uses `Current`.
 */
export function configurationFor(options: ConfigurationOptions): Configuration {
  const { issuer, settings, people, assignments, signingKey, storage, now } = options;
  const { port, pathname } = new URL(issuer);
  const { sessionSeconds } = settings;

  return {
    adapter: (model) => {
      const adapter = storage.adapterFor(model);
      if (model !== 'RefreshToken') return adapter;
      return withGrace(adapter, {
        graceSeconds: settings.refreshGraceSeconds,
        now,
        revokeTokens: (grantId) => storage.revokeTokens(grantId),
        onReuseInsideGrace: options.onReuseInsideGrace,
      });
    },
    clients: [
      {
        client_id: settings.clientId,
        // oidc-provider accepts any loopback port for `native`, and compares the whole string for `web`.
        application_type: 'web',
        redirect_uris: registeredRedirectUris(issuer, settings),
        response_types: ['code'],
        grant_types: [
          'authorization_code',
          DEVICE_CODE,
          ...(settings.refreshTokens ? ['refresh_token'] : []),
        ],
        token_endpoint_auth_method: 'none',
      },
    ],
    clientAuthMethods: ['none'],
    responseTypes: ['code'],
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    scopes: RESERVED_SCOPES,
    extraParams: { sessionToken: checkRequest(settings) },
    interactions: { policy: interactions(assignments), url: (_ctx, { uid }) => `${SIGN_IN_PATH}/${uid}` },
    // Every authorization gets a separate grant; existing grants are not reused.
    loadExistingGrant: async () => undefined,
    findAccount: (_ctx, accountId) => accountOf(people, accountId),
    rotateRefreshToken: settings.rotate,
    // Grants outlive the browser's session, whatever the scopes.
    expiresWithSession: async () => false,
    routes: providerRoutes(pathname),
    jwks: { keys: [signingKey] },
    formats: { customizers: { jwt: customizeAccessToken(people) } },
    // Cookies of one host are shared by all its ports.
    cookies: {
      names: {
        session: `okta-${port}-session`,
        interaction: `okta-${port}-signin`,
        resume: `okta-${port}-resume`,
      },
      keys: [randomBytes(32).toString('base64url')],
    },
    clientBasedCORS: () => false,
    renderError: pages.showFailure,
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: pages.confirmLogout,
        postLogoutSuccessSource: pages.showLoggedOut,
      },
      deviceFlow: {
        enabled: true,
        mask: '********',
        userCodeInputSource: pages.askUserCode,
        userCodeConfirmSource: pages.confirmUserCode,
        successSource: pages.showDeviceActivated,
      },
      // Makes every access token a JWT for the one audience, with the scopes given here.
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => {
          if (resource !== AUDIENCE) throw new errors.InvalidTarget();
          return {
            scope: configuredScopes(settings).join(' '),
            audience: AUDIENCE,
            accessTokenFormat: 'jwt',
          };
        },
      },
    },
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      IdToken: settings.accessTokenSeconds,
      AuthorizationCode: AUTHORIZATION_CODE_TTL,
      DeviceCode: DEVICE_CODE_TTL,
      Interaction: DEVICE_CODE_TTL,
      Session: BROWSER_SESSION_TTL,
      // A grant is created before its first refresh token, and must not expire before it.
      Grant: sessionSeconds + AUTHORIZATION_CODE_TTL + DEVICE_CODE_TTL,
      // The successor of a rotated token keeps its expiry.
      RefreshToken: (ctx) =>
        Math.max(1, ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? sessionSeconds),
    },
  };
}

function accountOf(people: readonly Person[], accountId: string) {
  const person = people.find(({ username }) => username === accountId);
  if (person === undefined) return undefined;
  const { name, username } = person;
  return {
    accountId,
    claims: () => ({ sub: accountId, name, preferred_username: username, email: username }),
  };
}
