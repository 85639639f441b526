import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSealingKey, parseSealingKey, seal, unseal } from '../../../../src/adapters/node/sealing.ts';
import type { Sealed } from '../../../../src/adapters/node/sealing.ts';

const key = createSealingKey();
const text = JSON.stringify({ refreshToken: 'refresh-1', name: 'Ada Lövelace 🦊' });
const sealed = seal(text, key, 'id 1');

describe('unseal: a sealed text', () => {
  test('can be read with its key and its context', () => {
    expect(unseal(sealed, key, 'id 1')).toBe(text);
  });

  test('may be empty', () => {
    expect(unseal(seal('', key, 'id 1'), key, 'id 1')).toBe('');
  });

  test('reveals neither its content nor its key', () => {
    const shown = JSON.stringify(sealed);
    for (const hidden of [text, key.bytes]) {
      expect(shown).not.toContain(Buffer.from(hidden).toString('base64').slice(0, 20));
      expect(shown).not.toContain(Buffer.from(hidden).toString('hex').slice(0, 20));
    }
  });

  test('looks different each time', () => {
    const again = seal(text, key, 'id 1');
    expect(again.iv).not.toBe(sealed.iv);
    expect(again.data).not.toBe(sealed.data);
  });

  test.each([
    ['another key', unseal(sealed, createSealingKey(), 'id 1')],
    ['another key that took its name', unseal(sealed, { ...createSealingKey(), id: key.id }, 'id 1')],
    ['another record', unseal(sealed, key, 'other 1')],
    ['another generation', unseal(sealed, key, 'id 2')],
  ])('cannot be read with %s', (_, opened) => {
    expect(opened).toBeUndefined();
  });

  test('cannot be read after one bit was changed', () => {
    const parts: readonly (keyof Sealed)[] = ['iv', 'tag', 'data'];
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.nat(), fc.integer({ min: 0, max: 7 }), (part, at, bit) => {
        const bytes = Buffer.from(sealed[part], 'base64');
        const index = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index);
        return unseal({ ...sealed, [part]: bytes.toString('base64') }, key, 'id 1') === undefined;
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['a shorter tag', { tag: sealed.tag.slice(0, 8) }],
    ['no tag', { tag: '' }],
    ['no iv', { iv: '' }],
    ['no data', { data: '' }],
    ['words for data', { data: 'no base64 at all!' }],
  ])('cannot be read with %s, and nothing is thrown', (_, change) => {
    expect(unseal({ ...sealed, ...change }, key, 'id 1')).toBeUndefined();
  });
});

describe('parseSealingKey: a key', () => {
  test('has 256 bits, different each time', () => {
    expect(key.bytes).toHaveLength(32);
    expect(createSealingKey().bytes.equals(key.bytes)).toBe(false);
  });

  test('is read from base64, with the same name', () => {
    expect(parseSealingKey(key.bytes.toString('base64'))).toEqual(key);
  });

  test.each(['', 'words', Buffer.alloc(16).toString('base64'), Buffer.alloc(33).toString('base64')])(
    'cannot be %j',
    (form) => {
      expect(parseSealingKey(form)).toBeUndefined();
    },
  );
});
