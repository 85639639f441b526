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
  // The endpoints of GitLab, Zitadel, Salesforce, AD FS, OneLogin, and PingOne.
  [/\/oauth\/(?:authorize|discovery\/keys|v2\/(?:authorize|token|keys))$/, ''],
  [/\/services\/oauth2\/(?:authorize|token)$/, ''],
  [/^\/adfs\/(?:ls|oauth2|discovery|services)(?:\/.*)?$/, '/adfs'],
  [/^\/oidc\/2\/(?:auth|token|certs|me)$/, '/oidc/2'],
  [/^\/([\da-f-]{36})\/as\/(?:authorize|token|jwks|userinfo|signoff)$/, '/$1/as'],
  // Its page in the Okta Admin Console, and its address in the Okta API.
  [/^\/admin\/oauth2\/as\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
  [/^\/api\/v1\/authorizationServers\/([^/]+)(?:\/.*)?$/, '/oauth2/$1'],
];

/** Pages of an Okta organization, including on a custom domain: dashboard, sign-in page, settings, applications. */
const oktaPages =
  /^\/(?:app\/UserHome|login\/login\.htm|enduser\/(?:settings|catalog)|(?:app|home)\/[\w-]+\/(?:0oa|exk)\w+(?:\/.*)?)$/i;

/** Microsoft Entra ID, in its clouds; `sts.windows.net` is in the issuer of its version 1.0, whose tokens differ. */
const entraHost = /^(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn)$/;
const entraIssuers: ReadonlyMap<string, string> = new Map([
  ['sts.windows.net', 'login.microsoftonline.com'],
  ['sts.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
]);

/** The issuer's path at Entra ID: that of version 2.0, whose endpoints have it before or behind the tenant. */
function ofEntra(path: string): string {
  return path.replace(
    /^\/([^/]+)(?:\/(?:oauth2|discovery|federationmetadata|v2\.0|saml2|wsfed|reprocess)(?:\/.*)?)?$/i,
    '/$1/v2.0',
  );
}

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
    if (next === path) break;
    path = next;
  }
  if (isOktaHost(hostname)) return ofOkta(path);
  if (entraHost.test(hostname)) return ofEntra(path);
  // Auth0 has one issuer for each host.
  return /^(?!manage\.).+\.auth0\.com$/.test(hostname) ? '' : path.replace(oktaPages, '');
}

/** The path of an address, or of the realm that a page of the Keycloak Admin Console shows. */
export function pathOf({ pathname, hash }: URL): string {
  const console = /^(.*)\/admin\/[^/]+\/console\/?$/.exec(pathname);
  const realm = /^#\/(?:realms\/)?([^/?]+)/.exec(hash)?.[1];
  return console === null || realm === undefined ? pathname : `${console[1] ?? ''}/realms/${realm}`;
}

/**
 * The host of the issuer that an address belongs to: without a trailing dot (RFC 3986, 3.2.2), on an Okta domain
 * without the `-admin` of the Okta Admin Console, and at Entra ID that of version 2.0.
 */
export function issuerHost(hostname: string): string {
  const host = hostname.replace(/\.$/, '');
  const ofVersion2 = entraIssuers.get(host);
  if (ofVersion2 !== undefined) return ofVersion2;
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
