import type { Partition } from './regions.ts';

interface PartitionFacts {
  /** The suffix of service endpoints: `oidc.{region}.{dnsSuffix}`. */
  readonly dnsSuffix: string;
  /** The hosts whose pages the browser may be sent to in this partition; not every live form was observed. */
  readonly pageHosts: readonly RegExp[];
  /** Regions with an SSO-OIDC endpoint, the likely ones first. */
  readonly regions: readonly string[];
}

/** Facts of each partition, as data: AWS adds regions more often than this product is released. */
export const partitions: Readonly<Record<Partition, PartitionFacts>> = {
  aws: {
    dnsSuffix: 'amazonaws.com',
    pageHosts: [
      /^(?!start\.)[\da-z-]+\.awsapps\.com$/,
      /^[\da-z-]+\.portal\.[\da-z-]+\.app\.aws$/,
      /^[\da-z-]+\.[\da-z-]+\.portal\.amazonaws\.com$/,
      /^identitycenter\.amazonaws\.com$/,
      /^device\.sso\.[\da-z-]+\.amazonaws\.com$/,
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
    pageHosts: [
      /^start\.(us-gov-[a-z]+-\d\.)?us-gov-home\.awsapps\.com$/,
      /^[\da-z-]+\.portal\.us-gov-[a-z]+-\d\.app\.aws$/,
      /^device\.sso\.us-gov-[a-z]+-\d\.amazonaws\.com$/,
    ],
    regions: ['us-gov-west-1', 'us-gov-east-1'],
  },
  'aws-cn': {
    dnsSuffix: 'amazonaws.com.cn',
    pageHosts: [
      /^start\.(cn-[a-z]+-\d\.)?home\.awsapps\.cn$/,
      /^device\.sso\.cn-[a-z]+-\d\.amazonaws\.(com\.)?cn$/,
    ],
    regions: ['cn-north-1', 'cn-northwest-1'],
  },
  'aws-eusc': {
    dnsSuffix: 'amazonaws.eu',
    pageHosts: [
      /^([\da-z-]+\.)?[\da-z-]+\.portal\.amazonaws\.eu$/,
      /^identitycenter\.amazonaws\.eu$/,
      /^device\.sso\.eusc-[\da-z-]+\.amazonaws\.eu$/,
    ],
    regions: ['eusc-de-east-1'],
  },
};
