import { expect, test } from 'vitest';
import { isRegion, partitionOf } from '../../../../src/core/identityCenter/regions.ts';

test('a future Region has a partition too', () => {
  expect(partitionOf('us-gov-central-1')).toBe('aws-us-gov');
  expect(partitionOf('cn-south-1')).toBe('aws-cn');
  expect(partitionOf('eusc-fr-west-1')).toBe('aws-eusc');
  expect(partitionOf('us-isob-north-1')).toBe('aws-iso-b');
  expect(partitionOf('nz-north-12')).toBe('aws');
});

test.each([
  '',
  'us-east',
  'US-EAST-1',
  'us-east-0',
  'us-east-123',
  'us-east-1a',
  'us_east_1',
  ' us-east-1',
  'us-east-1\n',
  'us-east-1.evil.example',
  'evil.example/us-east-1',
  'Frankfurt',
])('%j is not a region', (text) => {
  expect(isRegion(text)).toBe(false);
});
