import { providerRoutes } from './routes.ts';
import type { OktaSettings } from './settings.ts';

/** A metadata document (RFC 8414, OpenID Connect Discovery 1.0). */
export type Metadata = Record<string, unknown>;

const CLIENT_AUTHENTICATION = [
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'none',
];

/**
 * The document at both metadata addresses of a custom authorization server. It lists what Okta lists, not what
 * this stand-in supports: for example, the implicit flow.
 */
export function metadataOf(issuer: string, settings: OktaSettings): Metadata {
  const { origin, pathname } = new URL(issuer);
  const routes = providerRoutes(pathname);
  return {
    issuer,
    authorization_endpoint: origin + routes.authorization,
    token_endpoint: origin + routes.token,
    userinfo_endpoint: origin + routes.userinfo,
    registration_endpoint: `${origin}/oauth2/v1/clients`,
    jwks_uri: origin + routes.jwks,
    response_types_supported: ['code', 'token', 'id_token', 'code id_token', 'code token', 'id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: [
      'authorization_code',
      'implicit',
      'refresh_token',
      'password',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: settings.publishedScopes,
    token_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    claims_supported: ['ver', 'jti', 'iss', 'aud', 'iat', 'exp', 'cid', 'uid', 'scp', 'sub'],
    code_challenge_methods_supported: ['S256'],
    introspection_endpoint: origin + routes.introspection,
    introspection_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    revocation_endpoint: origin + routes.revocation,
    revocation_endpoint_auth_methods_supported: CLIENT_AUTHENTICATION,
    end_session_endpoint: origin + routes.end_session,
    request_parameter_supported: true,
    device_authorization_endpoint: origin + routes.device_authorization,
    ...(settings.issParameter ? { authorization_response_iss_parameter_supported: true } : {}),
  };
}
