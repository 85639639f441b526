import type { IsolatedPartition, Partition } from './regions.ts';

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

/**
 * Isolated partitions, with the suffixes of the AWS SDK's table. Their portals have not been observed, so their hosts
 * follow the forms of the other partitions.
 */
const isolated: Readonly<Record<IsolatedPartition, PartitionRow>> = {
  'aws-iso': isolatedPartition('us-iso', 'c2s.ic.gov', 'aws.ic.gov'),
  'aws-iso-b': isolatedPartition('us-isob', 'sc2s.sgov.gov', 'aws.scloud'),
  'aws-iso-e': isolatedPartition('eu-isoe', 'cloud.adc-e.uk', 'cloud-aws.adc-e.uk'),
  'aws-iso-f': isolatedPartition('us-isof', 'csp.hci.ic.gov', 'aws.hci.ic.gov'),
};

function isolatedPartition(prefix: string, dnsSuffix: string, dualStack: string): PartitionRow {
  const region = `${prefix}-[a-z]+-\\d`;
  const escaped = (text: string): string => text.replaceAll('.', '\\.');
  return {
    dnsSuffix,
    dualStackDnsSuffix: `api.${dualStack}`,
    portalSuffixes: [`app.${dualStack}`],
    issuerHost: `identitycenter.${dnsSuffix}`,
    pageHosts: [
      new RegExp(`^[\\da-z-]+\\.portal\\.${region}\\.app\\.${escaped(dualStack)}$`),
      new RegExp(`^[\\da-z-]+\\.${region}\\.portal\\.${escaped(dnsSuffix)}$`),
      new RegExp(`^identitycenter\\.${escaped(dnsSuffix)}$`),
      new RegExp(`^device\\.sso\\.${region}\\.(${escaped(dnsSuffix)}|api\\.${escaped(dualStack)})$`),
    ],
  };
}

/** The DNS suffixes and hosts of each partition. */
export const partitions: Readonly<Record<Partition, PartitionRow>> = {
  aws: {
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    portalSuffixes: ['app.aws'],
    issuerHost: 'identitycenter.amazonaws.com',
    pageHosts: [
      /^(?!start\.)[\da-z-]+\.awsapps\.com$/,
      /^[\da-z-]+\.portal\.[\da-z-]+\.app\.aws$/,
      /^[\da-z-]+\.[\da-z-]+\.portal\.amazonaws\.com$/,
      /^identitycenter\.amazonaws\.com$/,
      /^device\.sso\.[\da-z-]+\.(amazonaws\.com|api\.aws)$/,
    ],
  },
  'aws-us-gov': {
    dnsSuffix: 'amazonaws.com',
    dualStackDnsSuffix: 'api.aws',
    portalSuffixes: ['app.aws'],
    issuerHost: 'identitycenter.us-gov.amazonaws.com',
    pageHosts: [
      /^start\.(us-gov-[a-z]+-\d\.)?us-gov-home\.awsapps\.com$/,
      /^[\da-z-]+\.portal\.us-gov-[a-z]+-\d\.app\.aws$/,
      /^[\da-z-]+\.us-gov-[a-z]+-\d\.portal\.amazonaws\.com$/,
      /^identitycenter\.us-gov\.amazonaws\.com$/,
      /^device\.sso\.us-gov-[a-z]+-\d\.(amazonaws\.com|api\.aws)$/,
    ],
  },
  'aws-cn': {
    dnsSuffix: 'amazonaws.com.cn',
    dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
    portalSuffixes: ['app.amazonwebservices.com.cn'],
    issuerHost: 'identitycenter.amazonaws.com.cn',
    pageHosts: [
      /^start\.(cn-[a-z]+-\d\.)?home\.awsapps\.cn$/,
      /^[\da-z-]+\.portal\.cn-[a-z]+-\d\.app\.amazonwebservices\.com\.cn$/,
      /^[\da-z-]+\.cn-[a-z]+-\d\.portal\.amazonaws\.com\.cn$/,
      /^identitycenter\.amazonaws\.com\.cn$/,
      /^device\.sso\.cn-[a-z]+-\d\.(amazonaws\.(com\.)?cn|api\.amazonwebservices\.com\.cn)$/,
    ],
  },
  'aws-eusc': {
    dnsSuffix: 'amazonaws.eu',
    dualStackDnsSuffix: 'api.amazonwebservices.eu',
    portalSuffixes: ['api.amazonwebservices.eu', 'app.amazonwebservices.eu'],
    issuerHost: 'identitycenter.amazonaws.eu',
    pageHosts: [
      /^([\da-z-]+\.)?[\da-z-]+\.portal\.amazonaws\.eu$/,
      /^[\da-z-]+\.portal\.eusc-[\da-z-]+\.(api|app)\.amazonwebservices\.eu$/,
      /^identitycenter\.amazonaws\.eu$/,
      /^device\.sso\.eusc-[\da-z-]+\.(amazonaws\.eu|api\.amazonwebservices\.eu)$/,
    ],
  },
  ...isolated,
};
