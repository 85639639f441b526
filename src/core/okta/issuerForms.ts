import { isOktaHost } from './oktaDomains.ts';

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
  // Its page in the Okta Admin Console, and its address in Okta's API.
  [/^\/admin\/oauth2\/as\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
  [/^\/api\/v1\/authorizationServers\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
];

/** The path of the issuer that the path of an address means, without a trailing slash. */
export function issuerPath(pathname: string): string {
  let path = pathname;
  for (;;) {
    const next = steps
      .reduce((given, [form, instead]) => given.replace(form, instead), path.replace(/\/{2,}/g, '/'))
      .replace(/\/+$/, '');
    if (next === path) return path;
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
