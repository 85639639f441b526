import { cbor } from '@smithy/core/cbor';
import { describe, expect, test } from 'vitest';
import { decodeCbor, encodeTexts } from '../../../src/setup/cbor.ts';

describe('encodeTexts and decodeCbor: CBOR', () => {
  test.each([
    { domainName: 'example.com' },
    { domainName: 'bücher.example', more: '' },
    { text: 'x'.repeat(24), longer: 'y'.repeat(300) },
  ])('that we write can be read by the AWS SDK: %o', (members) => {
    expect(cbor.deserialize(encodeTexts(members))).toEqual(members);
  });

  test.each([
    { found: true, issuerUrl: 'https://example.okta.com/oauth2/aus1', scopes: ['a', 'b'], none: null },
    { numbers: [0, 23, 24, 255, 256, 65_536, 5_000_000_000, -1, -500, 1.5, -0.25] },
    [],
    {},
    false,
    'ü',
  ])('that the AWS SDK writes can be read: %o', (value) => {
    expect(decodeCbor(new Uint8Array(cbor.serialize(value)))).toEqual(value);
  });

  const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

  test.each([
    ['bf6161f5ff', { a: true }],
    ['9f01ff', [1]],
    ['7f61616162ff', 'ab'],
    ['c11a00000001', 1],
    ['a1616142ffff', { a: undefined }],
  ])('with indefinite length, tags or bytes can be read: %s', (hex, value) => {
    expect(decodeCbor(bytes(hex))).toEqual(value);
  });

  test.each(['', 'a1', 'a16161', '7bffffffffffffffff', '9f01', '61ff', 'f5f5', '3c', '81'.repeat(40) + '01'])(
    'that is truncated or malformed is undefined: %s',
    (hex) => {
      expect(decodeCbor(bytes(hex))).toBeUndefined();
    },
  );

  test('is undefined for a page', () => {
    expect(decodeCbor(new TextEncoder().encode('<!doctype html><title>Kiro</title>'))).toBeUndefined();
  });
});
