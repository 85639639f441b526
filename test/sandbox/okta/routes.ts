/** The purpose of an address in the organization. `resume` and `signIn` are used only by browsers. */
export type Endpoint =
  | 'metadata'
  | 'authorize'
  | 'resume'
  | 'signIn'
  | 'activate'
  | 'token'
  | 'deviceAuthorize'
  | 'revoke'
  | 'introspect'
  | 'keys'
  | 'userinfo'
  | 'logout'
  | 'completions'
  | 'samlApplication'
  | 'api'
  | 'unknown';

/** The path of the sign-in pages, without the interaction's ID. */
export const SIGN_IN_PATH = '/signin';
/** The page for entering a device's user code. */
const ACTIVATE_PATH = '/activate';
/** The protected resource that accepts this organization's access tokens. */
export const COMPLETIONS_PATH = '/completions';
/** Base path of the organization's SAML applications. */
const SAML_APPLICATIONS_PATH = '/app/';
/** Okta's Admin Management API. */
const API_PATH = '/api/v1/';
/** The token endpoint of the organization's own server, which issues tokens for that API. */
export const API_TOKEN_PATH = '/oauth2/v1/token';

/** Okta's endpoint paths relative to the issuer, by oidc-provider's route names. */
export function providerRoutes(issuerPath: string) {
  return {
    authorization: `${issuerPath}/v1/authorize`,
    token: `${issuerPath}/v1/token`,
    revocation: `${issuerPath}/v1/revoke`,
    introspection: `${issuerPath}/v1/introspect`,
    jwks: `${issuerPath}/v1/keys`,
    userinfo: `${issuerPath}/v1/userinfo`,
    end_session: `${issuerPath}/v1/logout`,
    device_authorization: `${issuerPath}/v1/device/authorize`,
    code_verification: ACTIVATE_PATH,
  };
}

/**
 * Resolves a path to an endpoint.
 * @param issuerPath the path of the issuer: `/oauth2/aus…`
 * @param path the request's path, without a query
 */
export function endpointAt(issuerPath: string, path: string): Endpoint {
  const routes = providerRoutes(issuerPath);
  const whole: Readonly<Record<string, Endpoint>> = {
    [`${issuerPath}/.well-known/openid-configuration`]: 'metadata',
    [`${issuerPath}/.well-known/oauth-authorization-server`]: 'metadata',
    [routes.authorization]: 'authorize',
    [routes.token]: 'token',
    [routes.revocation]: 'revoke',
    [routes.introspection]: 'introspect',
    [routes.jwks]: 'keys',
    [routes.userinfo]: 'userinfo',
    [routes.end_session]: 'logout',
    [routes.device_authorization]: 'deviceAuthorize',
    [routes.code_verification]: 'activate',
    [COMPLETIONS_PATH]: 'completions',
  };
  const below: Readonly<Record<string, Endpoint>> = {
    [routes.authorization]: 'resume',
    [routes.code_verification]: 'resume',
    [routes.end_session]: 'logout',
    [SIGN_IN_PATH]: 'signIn',
  };
  if (path.startsWith(SAML_APPLICATIONS_PATH)) return 'samlApplication';
  if (path.startsWith(API_PATH) || path === API_TOKEN_PATH) return 'api';
  return whole[path] ?? below[path.slice(0, path.lastIndexOf('/'))] ?? 'unknown';
}

/**
 * The name of a request in fault rules and the request log: `okta.token:refresh_token`, `okta.metadata`.
 * @param body the form of a token request
 */
export function operationOf(endpoint: Endpoint, body: string | undefined): string {
  if (endpoint !== 'token') return `okta.${endpoint}`;
  const grantType = new URLSearchParams(body).get('grant_type') ?? '';
  return `okta.token:${grantType.replace('urn:ietf:params:oauth:grant-type:', '')}`;
}
