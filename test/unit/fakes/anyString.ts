import fc from 'fast-check';

/** Mostly printable ASCII, plus control characters, all of Unicode, and lone surrogates. */
const codePoint = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  fc.nat({ max: 0xff }),
  fc.nat({ max: 0xffff }),
  fc.integer({ min: 0x10000, max: 0x10ffff }),
);
const words = fc.constantFrom('__proto__', 'constructor', 'toString', 'null', '\u0000', '\u202e', '\ud800');

/** Any text. (`fc.string({ unit: 'binary' })` is equivalent, but takes a second of CPU time to create.) */
export function anyString(maxLength = 20): fc.Arbitrary<string> {
  const characters = fc.array(codePoint, { maxLength });
  return fc.oneof({ weight: 20, arbitrary: characters.map((all) => String.fromCodePoint(...all)) }, words);
}
