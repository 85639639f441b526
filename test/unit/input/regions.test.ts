import { describe, expect, test } from 'vitest';
import { isRegion, partitionOf } from '../../../src/core/identityCenter/regions.ts';
import type { Partition } from '../../../src/core/identityCenter/regions.ts';
import { knownRegions, parseRegion } from '../../../src/input/regions.ts';

const numbered = (name: string, last: number) => Array.from({ length: last }, (_, i) => `${name}-${i + 1}`);

/** docs/PROTOCOL.md, "Regions with an endpoint". */
const documented: Readonly<Record<Partition, readonly string[]>> = {
  aws: [
    ...['af-south-1', 'ap-east-1', 'ap-east-2', ...numbered('ap-northeast', 3), ...numbered('ap-south', 2)],
    ...[...numbered('ap-southeast', 7), 'ca-central-1', 'ca-west-1', ...numbered('eu-central', 2)],
    ...['eu-north-1', ...numbered('eu-south', 2), ...numbered('eu-west', 3), 'il-central-1'],
    ...['me-central-1', 'me-south-1', 'mx-central-1', 'sa-east-1'],
    ...[...numbered('us-east', 2), ...numbered('us-west', 2)],
  ],
  'aws-us-gov': ['us-gov-east-1', 'us-gov-west-1'],
  'aws-cn': ['cn-north-1', 'cn-northwest-1'],
  'aws-eusc': ['eusc-de-east-1'],
  'aws-iso': ['us-iso-east-1', 'us-iso-west-1'],
  'aws-iso-b': ['us-isob-east-1', 'us-isob-west-1'],
  'aws-iso-e': ['eu-isoe-west-1'],
  'aws-iso-f': ['us-isof-east-1', 'us-isof-south-1'],
};
const names = Object.keys(documented) as Partition[];

describe.each(names)('knownRegions: %s', (partition) => {
  const regions = knownRegions[partition];

  test('has the Regions in docs/PROTOCOL.md, each once', () => {
    expect([...regions].sort()).toEqual([...documented[partition]].sort());
  });

  test('is derived from the name of each of its Regions', () => {
    expect(regions.map(partitionOf)).toEqual(regions.map(() => partition));
  });

  test("has Regions whose names have a Region's format", () => {
    expect(regions.filter((region) => !isRegion(region))).toEqual([]);
  });
});

describe('parseRegion: F12: a copied Region', () => {
  test.each([
    'us-east-1',
    'US-EAST-1.',
    '“us–east–1”',
    'SSO Region: us-east-1',
    'sso_region = us-east-1',
    '"sso_region": "us-east-1",',
    'SSO region [None]: us-east-1',
    'US East (N. Virginia) us-east-1',
    'us-east-1 (N. Virginia)',
  ])('%j', (text) => {
    expect(parseRegion(text)).toBe('us-east-1');
  });

  test.each([
    'us-east-1a',
    'us_east_1',
    'us-east-1 or eu-west-1',
    'us-east-1.evil.example',
    'https://us-east-1.console.aws.amazon.com',
    'US East (N. Virginia)',
    `us-east-1${' '.repeat(300)}x`,
    // It must not be parsed as the Region at its end.
    'us-\u200bgov-west-1',
    'us- gov-west-1',
  ])('%j is rejected', (text) => {
    expect(() => parseRegion(text)).toThrow('invalidInput');
  });
});
