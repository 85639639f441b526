import { SignInError } from '../oauth/errors.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import { partitions } from './partitions.ts';
import { isRegion, partitionOf } from './regions.ts';
import type { Partition } from './regions.ts';

/** AWS Builder ID: one Identity Center for all users. */
export const builderId = { startUrl: 'https://view.awsapps.com/start', region: 'us-east-1' } as const;

/** The two services of one Identity Center. A session keeps the pair that issued it (docs/ARCHITECTURE.md, rule 6). */
export interface IdentityCenterEndpoints {
  /** SSO-OIDC, without a trailing slash. */
  readonly oidc: string;
  /** The access portal, without a trailing slash; its `logout` ends the session on the server. */
  readonly portal: string;
}

/** The endpoint settings; empty means AWS's own. Each may contain `{region}`. */
export interface EndpointTemplates {
  readonly oidc: string;
  readonly portal: string;
  /** If present, any other setting counts as empty. */
  readonly allowed?: readonly string[];
}

/**
 * The endpoints of a region: the configured ones, or else AWS's own. Those are dual-stack if the start URL is, since
 * the IPv4 endpoint sends users to a different portal.
 * @throws SignInError `invalidInput` (`endpoint`) if a configured one is neither https nor http on a loopback host,
 * or has user information, a query or a fragment
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

/** Whether a start URL is that of a dual-stack portal (IPv4 and IPv6). */
function isDualStack(startUrl: string): boolean {
  const host = URL.parse(startUrl)?.hostname ?? '';
  return Object.values(partitions).some(({ portalSuffixes }) =>
    portalSuffixes.some((suffix) => host.endsWith(`.${suffix}`)),
  );
}

/**
 * Whether a URL is on one of AWS's own sign-in hosts: SSO-OIDC or the portal, IPv4 or dual-stack, with or without
 * FIPS. Other hosts under AWS's domains may belong to customers.
 */
export function isAwsEndpoint(url: URL): boolean {
  const [, region = '', suffix = ''] =
    /^(?:oidc(?:-fips)?|portal\.sso(?:-fips)?)\.([\da-z-]+)\.([\da-z.-]+)$/.exec(url.hostname) ?? [];
  if (url.protocol !== 'https:' || url.port !== '' || !isRegion(region)) return false;
  const { dnsSuffix, dualStackDnsSuffix } = partitions[partitionOf(region)];
  return suffix === dnsSuffix || suffix === dualStackDnsSuffix;
}

/** Whether two SSO-OIDC URLs lead to the same service: they are equal, or both are AWS's own in one region. */
export function isSameService(one: string, other: string): boolean {
  const [first, second] = [URL.parse(one), URL.parse(other)];
  if (one === other || first === null || second === null) return one === other;
  const regionOf = ({ hostname }: URL) => hostname.split('.').find(isRegion);
  return isAwsEndpoint(first) && isAwsEndpoint(second) && regionOf(first) === regionOf(second);
}

/**
 * A configured endpoint with `{region}` replaced, without a trailing slash; undefined if empty.
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
 * Checks and normalizes a verification URI: https on a host of the region's partition or, if the endpoint is on a
 * loopback host, a URL on that host.
 * @throws SignInError `invalidResponse` with the refused host
 */
export function checkVerificationPage(page: string, region: string, endpoint: string): string {
  const url = URL.parse(page);
  const own = URL.parse(endpoint);
  const isAllowed =
    url?.username === '' &&
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

/** Maximum length of a host name (RFC 1035, 2.3.4). */
const maxHostLength = 253;

function isPageOf(host: string, partition: Partition): boolean {
  if (host.length > maxHostLength) return false;
  const named = host.split('.').find(isRegion);
  return (
    (named === undefined || partitionOf(named) === partition) &&
    partitions[partition].pageHosts.some((form) => form.test(host))
  );
}

/** The partition whose AWS pages are on this host; undefined for any other host, such as a company's own. */
export function partitionOfPage(host: string): Partition | undefined {
  return (Object.keys(partitions) as Partition[]).find((partition) => isPageOf(host, partition));
}
