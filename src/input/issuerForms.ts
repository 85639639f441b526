import { isOktaHost } from '../core/oidc/oktaDomains.ts';

const wellKnown = String.raw`/\.well-known/(?:oauth-authorization-server|openid-configuration)`;
/** Okta's endpoints of an authorization server, below `/v1`. */
const endpoints =
  '(?:/(?:authorize|token|keys|userinfo|introspect|revoke|logout|par|clients|device/authorize|bc/authorize)(?:/.*)?)?';

/** Each takes a path in which an issuer may be written nearer to the issuer's own; the order does not matter. */
const steps: readonly (readonly [RegExp, string])[] = [
  // OpenID Connect Discovery 1.0, 4: behind the issuer.
  [new RegExp(`${wellKnown}$`), ''],
  // RFC 8414, 3.1: before its path.
  [new RegExp(`^${wellKnown}(?=/|$)`), ''],
  // Endpoints of a custom authorization server, and of the organization's own.
  [new RegExp(`^(/oauth2/(?!v1(?:/|$))[^/]+)/v1${endpoints}$`), '$1'],
  [new RegExp(`^/oauth2/v1${endpoints}$`), ''],
  // The keys of many providers; the endpoints of Keycloak, and of Microsoft Entra ID.
  [/\/\.well-known\/jwks\.json$/, ''],
  [/^(.*\/realms\/[^/]+)\/(?:protocol\/openid-connect|account)(?:\/.*)?$/, '$1'],
  [/^\/([^/]+)\/oauth2\/v2\.0(?:\/(?:authorize|token|devicecode|logout))?$/, '/$1/v2.0'],
  // Its page in the Okta Admin Console, and its address in Okta's API.
  [/^\/admin\/oauth2\/as\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
  [/^\/api\/v1\/authorizationServers\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
];

/** Pages of an organization at Okta, under a name of its own too: its dashboard, its sign-in page, its settings. */
const oktaPages = /^\/(?:app\/UserHome|login\/login\.htm|enduser\/(?:settings|catalog))$/i;

/** On a domain of Okta's own the issuers are the organization itself and what is below `/oauth2/`. */
function ofOkta(path: string): string {
  return /^\/oauth2\/(?!v1(?:\/|$))[^/]+/i.exec(path)?.[0].replace(/^\/oauth2/i, '/oauth2') ?? '';
}

/**
 * The path of the issuer that the path of an address means, without a trailing slash. On a domain of Okta's own there
 * the only issuers are the organization itself and what is below `/oauth2/`; any other page means the organization.
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
 * The host of the issuer that the host of an address means: without the dot that may end it (RFC 3986, 3.2.2), and on a
 * domain of Okta's own without the `-admin` of the Okta Admin Console.
 */
export function issuerHost(hostname: string): string {
  const host = hostname.replace(/\.$/, '');
  return isOktaHost(host) ? host.replace(/^([^.]*?[^.-])(?:-admin)+(?=\.)/, '$1') : host;
}

/** Where an address names a client: the application's page in the Okta Admin Console, its tile, a request to sign in. */
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
