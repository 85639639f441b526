import type { IsolatedPartition, Partition } from './regions.ts';

interface PartitionRow {
  /** The suffix of service endpoints: `oidc.{region}.{dnsSuffix}`. */
  readonly dnsSuffix: string;
  /** The same for endpoints that answer over IPv4 and IPv6: `dualStackDnsSuffix` of the AWS SDK's own table. */
  readonly dualStackDnsSuffix: string;
  /** What stands behind `{id}.portal.{region}.` in the address of a portal that answers over IPv4 and IPv6. */
  readonly portalSuffixes: readonly string[];
  /** The host of the issuer, `https://{issuerHost}/ssoins-…`. */
  readonly issuerHost: string;
  /**
   * The hosts whose pages the browser may be sent to in this partition, where a region in their name is one of it. Not
   * every live form was observed: of the newer portals outside `aws` none was.
   */
  readonly pageHosts: readonly RegExp[];
  /** Regions with an SSO-OIDC endpoint, the likely ones first. */
  readonly regions: readonly string[];
}

/**
 * Suffixes and regions as the AWS SDK's own table has them. No portal was observed there: its forms are those of the
 * other partitions.
 */
const isolated: Readonly<Record<IsolatedPartition, PartitionRow>> = {
  'aws-iso': isolatedPartition('us-iso', 'c2s.ic.gov', 'aws.ic.gov', ['us-iso-east-1', 'us-iso-west-1']),
  'aws-iso-b': isolatedPartition('us-isob', 'sc2s.sgov.gov', 'aws.scloud', [
    'us-isob-east-1',
    'us-isob-west-1',
  ]),
  'aws-iso-e': isolatedPartition('eu-isoe', 'cloud.adc-e.uk', 'cloud-aws.adc-e.uk', ['eu-isoe-west-1']),
  'aws-iso-f': isolatedPartition('us-isof', 'csp.hci.ic.gov', 'aws.hci.ic.gov', [
    'us-isof-south-1',
    'us-isof-east-1',
  ]),
};

function isolatedPartition(
  prefix: string,
  dnsSuffix: string,
  dualStack: string,
  regions: readonly string[],
): PartitionRow {
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
    regions,
  };
}

/** Facts of each partition, as data: AWS adds regions more often than this product is released. */
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
    regions: [
      'us-east-1',
      'eu-west-1',
      'eu-central-1',
      'us-west-2',
      'us-east-2',
      'ap-northeast-1',
      'ap-southeast-2',
      'ap-southeast-1',
      'ap-south-1',
      'eu-west-2',
      'ca-central-1',
      'eu-north-1',
      'eu-west-3',
      'sa-east-1',
      'ap-northeast-2',
      'us-west-1',
      'ap-northeast-3',
      'eu-south-1',
      'eu-central-2',
      'eu-south-2',
      'ap-east-1',
      'ap-east-2',
      'ap-south-2',
      'ap-southeast-3',
      'ap-southeast-4',
      'ap-southeast-5',
      'ap-southeast-6',
      'ap-southeast-7',
      'af-south-1',
      'ca-west-1',
      'il-central-1',
      'me-central-1',
      'me-south-1',
      'mx-central-1',
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
    regions: ['us-gov-west-1', 'us-gov-east-1'],
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
    regions: ['cn-north-1', 'cn-northwest-1'],
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
    regions: ['eusc-de-east-1'],
  },
  ...isolated,
};
