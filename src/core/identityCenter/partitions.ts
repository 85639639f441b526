import type { Partition } from './regions.ts';

interface PartitionRow {
  /** The suffix of service endpoints: `oidc.{region}.{dnsSuffix}`. */
  readonly dnsSuffix: string;
  /** The same for dual-stack endpoints (IPv4 and IPv6): `dualStackDnsSuffix` in the AWS SDK's table. */
  readonly dualStackDnsSuffix: string;
  /** The suffixes of dual-stack portals, after `{id}.portal.{region}.`. */
  readonly portalSuffixes: readonly string[];
  /** The host of issuer URLs, `https://{issuerHost}/ssoins-…`. */
  readonly issuerHost: string;
  /**
   * Hosts of pages that may open in the browser, unless a region in the name belongs to another partition. The forms
   * of newer portals have been observed only in `aws`.
   */
  readonly pageHosts: readonly RegExp[];
}

/** The names of a partition: a pattern for its regions, and the forms of page hosts that only it has. */
interface PartitionNames extends Omit<PartitionRow, 'issuerHost' | 'pageHosts'> {
  readonly region: string;
  readonly issuerHost?: string;
  readonly ownPages?: readonly RegExp[];
}

function partition({ region, ownPages = [], ...names }: PartitionNames): PartitionRow {
  const { dnsSuffix, dualStackDnsSuffix, portalSuffixes } = names;
  const { issuerHost = `identitycenter.${dnsSuffix}` } = names;
  const anyOf = (...hosts: readonly string[]): string =>
    `(?:${hosts.map((host) => host.replaceAll('.', '\\.')).join('|')})`;
  const pages = [
    `[\\da-z-]+\\.portal\\.${region}\\.${anyOf(...portalSuffixes)}`,
    `[\\da-z-]+\\.${region}\\.portal\\.${anyOf(dnsSuffix)}`,
    `device\\.sso\\.${region}\\.${anyOf(dnsSuffix, dualStackDnsSuffix)}`,
    anyOf(issuerHost),
  ];
  return { ...names, issuerHost, pageHosts: [...ownPages, ...pages.map((page) => new RegExp(`^${page}$`))] };
}

/**
 * An isolated partition, with the suffixes of the AWS SDK's table. Its portals have not been observed, so its hosts
 * follow the forms of the other partitions.
 */
function isolated(prefix: string, dnsSuffix: string, dualStack: string): PartitionRow {
  return partition({
    region: `${prefix}-[a-z]+-\\d`,
    dnsSuffix,
    dualStackDnsSuffix: `api.${dualStack}`,
    portalSuffixes: [`app.${dualStack}`],
  });
}

const commercial = {
  dnsSuffix: 'amazonaws.com',
  dualStackDnsSuffix: 'api.aws',
  portalSuffixes: ['app.aws'],
};

/** The DNS suffixes and hosts of each partition. */
export const partitions: Readonly<Record<Partition, PartitionRow>> = {
  aws: partition({
    ...commercial,
    region: '[\\da-z-]+',
    ownPages: [/^(?!start\.)[\da-z-]+\.awsapps\.com$/],
  }),
  'aws-us-gov': partition({
    ...commercial,
    region: 'us-gov-[a-z]+-\\d',
    issuerHost: 'identitycenter.us-gov.amazonaws.com',
    ownPages: [/^start\.(us-gov-[a-z]+-\d\.)?us-gov-home\.awsapps\.com$/],
  }),
  'aws-cn': partition({
    region: 'cn-[a-z]+-\\d',
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
    portalSuffixes: ['app.amazonwebservices.com.cn'],
    ownPages: [/^start\.(cn-[a-z]+-\d\.)?home\.awsapps\.cn$/, /^device\.sso\.cn-[a-z]+-\d\.amazonaws\.cn$/],
  }),
  'aws-eusc': partition({
    region: 'eusc-[\\da-z-]+',
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
    portalSuffixes: ['api.amazonwebservices.eu', 'app.amazonwebservices.eu'],
    ownPages: [/^([\da-z-]+\.)?[\da-z-]+\.portal\.amazonaws\.eu$/],
  }),
  'aws-iso': isolated('us-iso', 'c2s.ic.gov', 'aws.ic.gov'),
  'aws-iso-b': isolated('us-isob', 'sc2s.sgov.gov', 'aws.scloud'),
  'aws-iso-e': isolated('eu-isoe', 'cloud.adc-e.uk', 'cloud-aws.adc-e.uk'),
  'aws-iso-f': isolated('us-isof', 'csp.hci.ic.gov', 'aws.hci.ic.gov'),
};
