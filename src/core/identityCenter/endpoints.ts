import { SignInError } from '../oauth/errors.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import { partitions } from './partitions.ts';
import { isRegion, partitionOf } from './regions.ts';
import type { Partition } from './regions.ts';

/** AWS Builder ID is one Identity Center for all people. */
export const builderId = { startUrl: 'https://view.awsapps.com/start', region: 'us-east-1' } as const;

/** The two services of one Identity Center. A session keeps the pair that issued it (docs/ARCHITECTURE.md, rule 6). */
export interface IdentityCenterEndpoints {
  /** SSO-OIDC, without a trailing slash. */
  readonly oidc: string;
  /** The access portal, whose `logout` ends the session on the server. */
  readonly portal: string;
}

/** The endpoint settings; empty means AWS's own. Each may contain `{region}`. */
export interface EndpointTemplates {
  readonly oidc: string;
  readonly portal: string;
  /** Where it is there, a setting that is not one of these is as if it were empty. */
  readonly allowed?: readonly string[];
}

/**
 * The endpoints of a region: the configured ones with `{region}` put in, or else AWS's own, of the family of the start
 * URL. A portal that answers over IPv4 and IPv6 is not the one that the IPv4 endpoint sends people to.
 * @throws SignInError `invalidInput` (`endpoint`) when a configured one is not https, nor http on a loopback host, or
 * has user information, a query or a fragment
 */
export function endpointsOf(
  region: string,
  templates: EndpointTemplates,
  startUrl = '',
): IdentityCenterEndpoints {
  const { dnsSuffix, dualStackDnsSuffix } = partitions[partitionOf(region)];
  const suffix = isDualStack(startUrl) ? dualStackDnsSuffix : dnsSuffix;
  const allowed = templates.allowed?.map((one) => fromTemplate(one, region));
  const configured = (template: string): string | undefined => {
    const endpoint = fromTemplate(template, region);
    return allowed?.includes(endpoint) === false ? undefined : endpoint;
  };
  return {
    oidc: configured(templates.oidc) ?? `https://oidc.${region}.${suffix}`,
    portal: configured(templates.portal) ?? `https://portal.sso.${region}.${suffix}`,
  };
}

/** Whether a start URL is one of the portals that answer over IPv4 and IPv6. */
function isDualStack(startUrl: string): boolean {
  const host = URL.parse(startUrl)?.hostname ?? '';
  return Object.values(partitions).some(({ portalSuffixes }) =>
    portalSuffixes.some((suffix) => host.endsWith(`.${suffix}`)),
  );
}

/**
 * Whether an address is exactly one of AWS's own sign-in hosts: SSO-OIDC or the portal, of either family, with FIPS or
 * without. Nothing else under AWS's domains is: customers rent hosts there.
 */
export function isAwsEndpoint(url: URL): boolean {
  const [, region = '', suffix = ''] =
    /^(?:oidc(?:-fips)?|portal\.sso(?:-fips)?)\.([\da-z-]+)\.([\da-z.-]+)$/.exec(url.hostname) ?? [];
  if (url.protocol !== 'https:' || url.port !== '' || !isRegion(region)) return false;
  const { dnsSuffix, dualStackDnsSuffix } = partitions[partitionOf(region)];
  return suffix === dnsSuffix || suffix === dualStackDnsSuffix;
}

/** Whether two addresses of SSO-OIDC lead to the same service: the same one, or two of AWS's own in one region. */
export function isSameService(one: string, other: string): boolean {
  const [first, second] = [URL.parse(one), URL.parse(other)];
  if (one === other || first === null || second === null) return one === other;
  const regionOf = ({ hostname }: URL) => hostname.split('.').find(isRegion);
  return isAwsEndpoint(first) && isAwsEndpoint(second) && regionOf(first) === regionOf(second);
}

/**
 * A configured endpoint of a region, without a trailing slash; undefined for an empty one.
 * @throws SignInError as {@link endpointsOf}
 */
export function fromTemplate(template: string, region: string): string | undefined {
  const text = template.replaceAll('{region}', region);
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && !isLoopbackUrl(url)))
    throw refused(template.trim(), 'notHttps');
  if (url.username !== '' || url.password !== '') throw refused(url.host, 'userInfo');
  if (url.search !== '' || url.hash !== '' || /[?#]/.test(text)) throw refused(url.host, 'queryOrFragment');
  return url.href.replace(/\/+$/, '');
}

function refused(input: string, reason: string): SignInError {
  return new SignInError('invalidInput', { operation: 'endpoint', input: input.slice(0, 200), reason });
}

/**
 * The page a server names for the browser, checked and in its normal form: https on a host of the region's
 * partition, or on the endpoint's own host when that is a loopback one.
 * @throws SignInError `invalidResponse` with the refused host
 */
export function checkVerificationPage(page: string, region: string, endpoint: string): string {
  const url = URL.parse(page);
  const own = URL.parse(endpoint);
  const isAllowed =
    url !== null &&
    url.username === '' &&
    url.password === '' &&
    ((url.protocol === 'https:' && url.port === '' && isPageOf(url.hostname, partitionOf(region))) ||
      (own !== null && isLoopbackUrl(own) && isLoopbackUrl(url) && url.hostname === own.hostname));
  if (isAllowed) return url.href;
  throw new SignInError('invalidResponse', {
    operation: 'verificationUri',
    reason: 'foreignPage',
    ...(url === null ? {} : { host: url.host }),
  });
}

/** No host name is longer (RFC 1035, 2.3.4). */
const longestHost = 253;

function isPageOf(host: string, partition: Partition): boolean {
  if (host.length > longestHost) return false;
  const named = host.split('.').find(isRegion);
  return (
    (named === undefined || partitionOf(named) === partition) &&
    partitions[partition].pageHosts.some((form) => form.test(host))
  );
}

/** The partition that has a page of AWS on this host; undefined for any other host, as a company's own. */
export function partitionOfPage(host: string): Partition | undefined {
  return (Object.keys(partitions) as Partition[]).find((partition) => isPageOf(host, partition));
}
