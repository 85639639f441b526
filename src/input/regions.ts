import { isRegion } from '../core/identityCenter/regions.ts';
import type { Partition } from '../core/identityCenter/regions.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { cleanPasted, firstInvisible } from './pastedText.ts';
import { plainLetters } from './pastedAddress.ts';

/**
 * Regions with an SSO-OIDC endpoint, the likely ones first. AWS adds regions more often than this product has
 * releases, so other names in a region's format are accepted too.
 */
export const knownRegions: Readonly<Record<Partition, readonly string[]>> = {
  aws: [
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
  'aws-us-gov': ['us-gov-west-1', 'us-gov-east-1'],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-eusc': ['eusc-de-east-1'],
  'aws-iso': ['us-iso-east-1', 'us-iso-west-1'],
  'aws-iso-b': ['us-isob-east-1', 'us-isob-west-1'],
  'aws-iso-e': ['eu-isoe-west-1'],
  'aws-iso-f': ['us-isof-south-1', 'us-isof-east-1'],
};

/**
 * Parses a region as it may be copied: in capitals, in quotes, with spaces, with its label, or with its name in
 * AWS's console.
 * @throws SignInError `invalidInput`, with `reason` `character` for an invisible one in its middle
 */
export function parseRegion(text: string): string {
  const region = regionIn(text);
  if (region !== undefined) return region;
  const input = plainLetters(cleanPasted(text)).toLowerCase();
  const character = firstInvisible(input);
  throw new SignInError('invalidInput', {
    operation: 'region',
    input: input.slice(0, 200),
    ...(character === undefined ? {} : { reason: 'character', character }),
  });
}

/** Longer than a label with the longest name of a region and its code, in UTF-16 units. */
const longest = 200;

/** Like {@link parseRegion}, but undefined for other text, and for text with two regions. */
export function regionIn(text: string): string | undefined {
  const given = plainLetters(cleanPasted(text.slice(0, 4 * longest))).toLowerCase();
  if (given.length > longest || firstInvisible(given) !== undefined) return undefined;
  const words = given.split(/[\s"'`=:,;()[\]<>|]+/).filter((word) => word !== '');
  // A hyphen at the edge of a word is part of a split region: `us- gov-west-1` is not `gov-west-1`.
  if (words.some((word) => /^-|-$/.test(word))) return undefined;
  const [region, ...others] = new Set(words.filter(isRegion));
  return others.length === 0 ? region : undefined;
}
