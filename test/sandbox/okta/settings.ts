import { createHash } from 'node:crypto';

/** The setup guide's three scopes: what the access policy's rule lists, and nothing else. */
export const GUIDE_SCOPES = [
  'codewhisperer:completions',
  'codewhisperer:conversations',
  'offline_access',
] as const;

/** The setup guide's ports, in its order (docs/PROTOCOL.md, section 2). */
export const GUIDE_PORTS = [2128, 4649, 6588, 8008, 9091, 49153, 50153, 51153, 52153, 53153] as const;

/** Scopes that every custom authorization server has; these are published, an administrator's own are not. */
export const RESERVED_SCOPES = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
  'device_sso',
] as const;

/** Whom the access tokens are for: the authorization server's *Audience*, as its administrator typed it. */
export const AUDIENCE = 'api://codewhisperer';

/** What an Okta administrator decides. */
export interface OktaSettings {
  /** Shaped like Okta's: `aus` and 17 characters. */
  readonly authorizationServerId: string;
  /** Shaped like Okta's: `0oa` and 17 characters. */
  readonly clientId: string;
  /** The application's *Sign-in redirect URIs*; compared as whole strings. */
  readonly redirectUris: readonly string[];
  /** Those of a scheme of its own, such as the Kiro IDE's. */
  readonly customRedirectUris: readonly string[];
  /** Whether each of them is registered a second time, with a path that is this issuer's alone. */
  readonly ownRedirectUris: boolean;
  /** The scopes that the access policy's rule lists. Any other scope that the server has is refused. */
  readonly allowedScopes: readonly string[];
  /** `scopes_supported` of the metadata. */
  readonly publishedScopes: readonly string[];
  /** Whether the application has the *Refresh Token* grant; without it the server issues no refresh token. */
  readonly refreshTokens: boolean;
  /** *Rotate token after every use*; otherwise one persistent token. */
  readonly rotate: boolean;
  /** *Grace period for token rotation*, in seconds: 0 to 60 at Okta. */
  readonly refreshGraceSeconds: number;
  readonly accessTokenSeconds: number;
  /** How long a refresh token and those that follow it work, from the sign-in on. */
  readonly sessionSeconds: number;
  /** The seconds between two polls that a device authorization is told; `undefined` leaves the member out. */
  readonly deviceIntervalSeconds: number | undefined;
  /** Sends and announces `iss` in the redirect (RFC 9207), which Okta does not. */
  readonly issParameter: boolean;
}

/** An organization set up as the guide says. */
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

/** Every redirect URI that the application has. An issuer's own path ends in the beginning of its SHA-256. */
export function registeredRedirectUris(issuer: string, settings: OktaSettings): string[] {
  const { redirectUris, ownRedirectUris } = settings;
  if (!ownRedirectUris) return [...redirectUris];
  const own = createHash('sha256').update(issuer).digest('hex').slice(0, 16);
  return [...redirectUris, ...redirectUris.map((uri) => `${uri}/${own}`)];
}

/** All scopes that the authorization server knows, allowed or not. */
export function configuredScopes(settings: OktaSettings): readonly string[] {
  return [...new Set([...RESERVED_SCOPES, ...GUIDE_SCOPES, ...settings.allowedScopes])];
}
