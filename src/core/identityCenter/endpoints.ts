import { SignInError } from '../errors.ts';
import { isLoopbackUrl } from '../webAddress.ts';
import { partitions } from './partitions.ts';
import { partitionOf } from './regions.ts';

/** The two services of one Identity Center. A session keeps the pair that issued it (DESIGN.md, rule 6). */
export interface IdentityCenterEndpoints {
  /** SSO-OIDC, without a trailing slash. */
  readonly oidc: string;
  /** The access portal, whose `logout` ends the session on the server. */
  readonly portal: string;
}

/** The endpoint settings; empty means AWS's own. Either may contain `{region}`. */
export interface EndpointTemplates {
  readonly oidc: string;
  readonly portal: string;
}

/**
 * The endpoints of a region: AWS's own, or the configured ones with `{region}` put in.
 * @throws SignInError `invalidInput` (`endpoint`) when a configured one is not https, nor http on a loopback host
 */
export function endpointsOf(region: string, templates: EndpointTemplates): IdentityCenterEndpoints {
  const { dnsSuffix } = partitions[partitionOf(region)];
  return {
    oidc: fromTemplate(templates.oidc, region) ?? `https://oidc.${region}.${dnsSuffix}`,
    portal: fromTemplate(templates.portal, region) ?? `https://portal.sso.${region}.${dnsSuffix}`,
  };
}

function fromTemplate(template: string, region: string): string | undefined {
  const text = template.trim().replaceAll('{region}', region);
  if (text === '') return undefined;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && !isLoopbackUrl(url))) {
    throw new SignInError('invalidInput', {
      operation: 'endpoint',
      input: text.slice(0, 200),
      reason: 'notHttps',
    });
  }
  return url.href.replace(/\/+$/, '');
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
    ((url.protocol === 'https:' &&
      url.port === '' &&
      partitions[partitionOf(region)].pageHosts.some((host) => host.test(url.hostname))) ||
      (own !== null && isLoopbackUrl(own) && isLoopbackUrl(url) && url.hostname === own.hostname));
  if (isAllowed) return url.href;
  throw new SignInError('invalidResponse', {
    operation: 'verificationUri',
    reason: 'foreignPage',
    ...(url === null ? {} : { host: url.host }),
  });
}
