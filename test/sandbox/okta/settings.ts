import { createHash } from 'node:crypto';

/** The setup guide's three scopes, the only ones in the access policy's rule. */
export const GUIDE_SCOPES = [
  'codewhisperer:completions',
  'codewhisperer:conversations',
  'offline_access',
] as const;

/** The setup guide's ports, in order (docs/PROTOCOL.md, section 2). */
export const GUIDE_PORTS = [2128, 4649, 6588, 8008, 9091, 49153, 50153, 51153, 52153, 53153] as const;

/** Scopes of every custom authorization server; these are published, unlike custom ones. */
export const RESERVED_SCOPES = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
  'device_sso',
] as const;

/** The audience of access tokens: the authorization server's *Audience*, as its administrator typed it. */
export const AUDIENCE = 'api://codewhisperer';

/** Settings that an Okta administrator controls. */
export interface OktaSettings {
  /** In Okta's format: `aus` and 17 characters. */
  readonly authorizationServerId: string;
  /** In Okta's format: `0oa` and 17 characters. */
  readonly clientId: string;
  /** The application's *Sign-in redirect URIs*; compared as whole strings. */
  readonly redirectUris: readonly string[];
  /** Redirect URIs with a custom scheme, such as the Kiro IDE's. */
  readonly customRedirectUris: readonly string[];
  /** Whether each is also registered with an issuer-specific path. */
  readonly ownRedirectUris: boolean;
  /** Scopes in the access policy's rule. Other scopes of the server are rejected. */
  readonly allowedScopes: readonly string[];
  /** `scopes_supported` of the metadata. */
  readonly publishedScopes: readonly string[];
  /** Whether the application has the *Refresh Token* grant; without it, the server does not issue refresh tokens. */
  readonly refreshTokens: boolean;
  /** *Rotate token after every use*; otherwise one persistent token. */
  readonly rotate: boolean;
  /** *Grace period for token rotation*, in seconds: 0 to 60 at Okta. */
  readonly refreshGraceSeconds: number;
  readonly accessTokenSeconds: number;
  /** Lifetime of a refresh token and its successors, measured from the sign-in. */
  readonly sessionSeconds: number;
  /** The polling interval of device authorizations, in seconds; `undefined` omits the member. */
  readonly deviceIntervalSeconds: number | undefined;
  /** Sends `iss` in the redirect and lists it in the metadata (RFC 9207), which Okta does not. */
  readonly issParameter: boolean;
}

/** An organization set up as in the guide. */
export const GUIDE_SETTINGS: OktaSettings = {
  authorizationServerId: 'aus1devsandbox0oidc7',
  clientId: '0oa1devsandbox0natv7',
  redirectUris: GUIDE_PORTS.map((port) => `http://localhost:${port}/oauth/callback`),
  customRedirectUris: ['kiro://kiro.oauth/callback'],
  ownRedirectUris: false,
  allowedScopes: GUIDE_SCOPES,
  publishedScopes: RESERVED_SCOPES,
  refreshTokens: true,
  rotate: true,
  refreshGraceSeconds: 30,
  accessTokenSeconds: 3600,
  sessionSeconds: 90 * 24 * 3600,
  deviceIntervalSeconds: 5,
  issParameter: false,
};

/** All redirect URIs of the application. The issuer-specific path ends with the start of the issuer's SHA-256. */
export function registeredRedirectUris(issuer: string, settings: OktaSettings): string[] {
  const { redirectUris, ownRedirectUris } = settings;
  if (!ownRedirectUris) return [...redirectUris];
  const own = createHash('sha256').update(issuer).digest('hex').slice(0, 16);
  return [...redirectUris, ...redirectUris.map((uri) => `${uri}/${own}`)];
}

/** All scopes of the authorization server, allowed or not. */
export function configuredScopes(settings: OktaSettings): readonly string[] {
  return [...new Set([...RESERVED_SCOPES, ...GUIDE_SCOPES, ...settings.allowedScopes])];
}
