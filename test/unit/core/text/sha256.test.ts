import { expect, test } from 'vitest';
import { sha256Hex } from '../../../../src/core/text/sha256.ts';

test('sha256Hex: the first bytes of the digest of a text', async () => {
  // FIPS 180-4, the example of one block.
  expect(await sha256Hex('abc', 8)).toBe('ba7816bf8f01cfea');
  expect(await sha256Hex('é', 2)).toBe('4a99');
});
