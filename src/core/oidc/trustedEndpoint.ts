import type { IsSameOrganization } from '../ports.ts';
import { isOktaHost, oktaDomains } from './oktaDomains.ts';

/**
 * Sign-in vendors' domains, absent from the Public Suffix List, with customers on subdomains (some a level deeper):
 * neighboring hosts belong to strangers.
 */
const sharedDomains: readonly string[] = [
  ...oktaDomains,
  ...['auth0.com', 'onelogin.com', 'pingone.com', 'pingone.eu'],
  ...['pingone.asia', 'pingone.ca', 'pingone.com.au', 'pingone.sg', 'verify.ibm.com', 'ice.ibmcloud.com'],
  ...['zitadel.cloud', 'oryapis.com', 'logto.app', 'fusionauth.io', 'kinde.com', 'frontegg.com'],
  ...['accounts.dev', 'authkit.app', 'duosecurity.com', 'my.salesforce.com', 'my.site.com'],
  ...['cyberark.cloud', 'criipto.id', 'authing.cn', 'cloud-iam.com', 'gitlab-dedicated.com'],
  ...['amazoncognito.com', 'amazonaws.com', 'b2clogin.com', 'ciamlogin.com', 'cloudapp.azure.com'],
  ...['forgeblocks.com', 'idaptive.app', 'cloudflareaccess.com'],
  ...['identity.oraclecloud.com', 'accounts.ondemand.com', 'accounts.cloud.sap'],
];

/**
 * Whether a URL belongs to the issuer: its scheme and host, a subdomain, or another host of the same organization, such
 * as `login.example.com` beside `id.example.com`. On Okta's own domains, only the host itself counts.
 */
export async function isTrustedEndpoint(
  url: URL,
  issuer: URL,
  isSameOrganization: IsSameOrganization,
): Promise<boolean> {
  if (url.protocol !== issuer.protocol || url.username !== '' || url.password !== '') return false;
  if (url.hostname.endsWith('.') || issuer.hostname.endsWith('.')) return false;
  if (url.host === issuer.host) return true;
  if (issuer.port !== '' || url.port !== '' || isAddress(issuer.hostname) || isAddress(url.hostname))
    return false;
  if (isOktaHost(issuer.hostname) || isOktaHost(url.hostname)) return false;
  if (isOfUserPool(url, issuer)) return true;
  if (url.hostname.endsWith(`.${issuer.hostname}`)) return !sharedDomains.includes(issuer.hostname);
  if (isShared(issuer.hostname) || isShared(url.hostname)) return false;
  const parent = issuer.hostname.slice(issuer.hostname.indexOf('.'));
  return url.hostname.endsWith(parent) && isSameOrganization(issuer.hostname, url.hostname);
}

/**
 * Whether a URL is on the domain of an Amazon Cognito user pool in its issuer's region: pools have their issuer and
 * metadata on a host of AWS, and their endpoints on another one.
 */
function isOfUserPool(url: URL, issuer: URL): boolean {
  const region = /^cognito-idp\.([\da-z-]+)\.amazonaws\.com$/.exec(issuer.hostname)?.[1];
  const ofDomain = /^[\da-z-]+\.auth(?:-fips)?\.([\da-z-]+)\.amazoncognito\.com$/.exec(url.hostname)?.[1];
  return region !== undefined && ofDomain === region;
}

/** Includes a tenant's own host on a shared domain, since its neighbors belong to others. */
function isShared(hostname: string): boolean {
  return sharedDomains.some((domain) => `.${hostname}`.endsWith(`.${domain}`));
}

function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || /^[\d.]+$/.test(hostname) || !hostname.includes('.');
}
