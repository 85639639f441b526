import { isOktaHost } from '../core/oidc/oktaDomains.ts';

const wellKnown = String.raw`/\.well-known/(?:oauth-authorization-server|openid-configuration)`;
/** Okta's endpoints of an authorization server, below `/v1`. */
const endpoints =
  '(?:/(?:authorize|token|keys|userinfo|introspect|revoke|logout|par|clients|device/authorize|bc/authorize)(?:/.*)?)?';

/** Replacements that reduce a path toward its issuer's; their order does not matter. */
const steps: readonly (readonly [RegExp, string])[] = [
  // OpenID Connect Discovery 1.0, 4: after the issuer.
  [new RegExp(`${wellKnown}$`), ''],
  // RFC 8414, 3.1: before its path.
  [new RegExp(`^${wellKnown}(?=/|$)`), ''],
  // Endpoints of a custom authorization server, and of the organization's own.
  [new RegExp(`^(/oauth2/(?!v1(?:/|$))[^/]+)/v1${endpoints}$`), '$1'],
  [new RegExp(`^/oauth2/v1${endpoints}$`), ''],
  // The key sets of many providers; the endpoints of Keycloak and of Microsoft Entra ID.
  [/\/\.well-known\/jwks\.json$/, ''],
  [/^(.*\/realms\/[^/]+)\/(?:protocol\/openid-connect|account)(?:\/.*)?$/, '$1'],
  [/^\/([^/]+)\/oauth2\/v2\.0(?:\/(?:authorize|token|devicecode|logout))?$/, '/$1/v2.0'],
  // Its page in the Okta Admin Console, and its address in the Okta API.
  [/^\/admin\/oauth2\/as\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
  [/^\/api\/v1\/authorizationServers\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
];

/** Pages of an Okta organization, including on a custom domain: dashboard, sign-in page, settings. */
const oktaPages = /^\/(?:app\/UserHome|login\/login\.htm|enduser\/(?:settings|catalog))$/i;

/** The issuer's path on an Okta domain: the organization itself, or a path below `/oauth2/`. */
function ofOkta(path: string): string {
  return /^\/oauth2\/(?!v1(?:\/|$))[^/]+/i.exec(path)?.[0].replace(/^\/oauth2/i, '/oauth2') ?? '';
}

/**
 * The path of the issuer that an address belongs to, without a trailing slash. On an Okta domain, only the
 * organization itself and paths below `/oauth2/` are issuers; any other page means the organization.
 */
export function issuerPath(pathname: string, hostname: string): string {
  let path = pathname;
  for (;;) {
    const next = steps
      .reduce((given, [form, instead]) => given.replace(form, instead), path.replace(/\/{2,}/g, '/'))
      .replace(/\/+$/, '');
    if (next === path) return isOktaHost(hostname) ? ofOkta(path) : path.replace(oktaPages, '');
    path = next;
  }
}

/**
 * The host of the issuer that an address belongs to: without a trailing dot (RFC 3986, 3.2.2), and on an Okta
 * domain without the `-admin` of the Okta Admin Console.
 */
export function issuerHost(hostname: string): string {
  const host = hostname.replace(/\.$/, '');
  return isOktaHost(host) ? host.replace(/^([^.]*?[^.-])(?:-admin)+(?=\.)/, '$1') : host;
}

/**
 * The client ID in an address: of the application's page in the Okta Admin Console, its tile, or an
 * authorization request.
 */
export function clientIdIn(text: string): string | undefined {
  if (!/[/?]/.test(text)) return undefined;
  const page =
    /\/(?:admin\/app\/[\w-]+\/instance|home\/oidc_client|api\/v1\/apps|oauth2\/v1\/clients)\/(0oa[\da-z]{1,50})(?![\da-z])/i;
  const asked = /[?&]client_id=([^&#\s]{1,600})/.exec(text)?.[1];
  try {
    return page.exec(text)?.[1] ?? (asked === undefined ? undefined : decodeURIComponent(asked));
  } catch {
    return undefined;
  }
}
