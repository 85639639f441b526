import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeText } from '../../../../src/core/text/safeText.ts';
import { anyString } from '../../fakes/anyString.ts';
import { jwt } from '../../fakes/jwt.ts';

describe("safeText: a server's own message", () => {
  test.each([
    ['The refresh token is invalid or expired.'],
    ['Policy evaluation failed for this request, please check the policy configurations.'],
    ['Grüße, 世界, привет'],
    ['code 400'],
    ['an_unusually_long_word_without_any_number_in_it'],
  ])('is unchanged: %s', (text) => {
    expect(safeText(text)).toBe(text);
  });

  test.each([
    ['a JWT', jwt({ sub: 'ada@example.com' })],
    ['a hexadecimal token', '0123456789abcdef01234567'],
    ['a base64url token', 'aoaAAAAAGdX-_8hQ2yJ1kLmNoPqRsTuV'],
    ['a base64 token', 'aoaAAAAAGdX+/8hQ2yJ1kLmNoPqRsTuV=='],
    ['a base64 token with two slashes in a row', 'aoaAAAAAGdX//8hQ2yJ1kLmNoPqRsTuV'],
    ['an address with a token in its path', '//example.com/reset/aoaAAAAAGdX8hQ2yJ1kLmNoPqRsTuV'],
  ])('loses %s', (_, token) => {
    const text = safeText(`Token ${token} is not known`);
    expect(text).not.toContain(token.slice(-20));
    expect(text).toMatch(/^Token .*is not known$/);
  });

  test('loses a token in a query', () => {
    expect(safeText('bad code=0123456789abcdef01234567&state=x')).not.toContain('0123456789');
  });

  test.each([
    ['line breaks', 'one\r\ntwo', 'one two'],
    ['control characters', 'one\u0000\u001b[31mtwo\u007f\u009f', 'one [31mtwo'],
    ['line and paragraph separators', 'one\u2028two\u2029three', 'one two three'],
    ['overrides of the direction', 'one\u202etwo\u2066three\u2069\u200e', 'one two three'],
    ['the Arabic letter mark', 'one\u061ctwo', 'one two'],
    ['space around them', '  one  ', 'one'],
  ])('loses %s', (_, text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  test.each([
    ['percent-encoded letter by letter', '%61%6f%61%41%41%41%41%41%47%64%58%31%32'],
    ['percent-encoded twice', '%2561%256f%2561%2541%2541%2541%2541%2541%2547%2564%2558%2531'],
    ['HTML entities', '&#97;&#111;&#97;&#65;&#65;&#65;&#65;&#65;&#71;&#100;&#88;&#49;'],
    ['colons', 'a:o:a:A:A:A:A:A:G:d:X:1:2'],
    ['zero-width spaces', Array.from('aoaAAAAAGdX12').join('\u200b')],
  ])('08.01: loses a token in %s', (_, token) => {
    expect(safeText(`Token (${token}) is not known`)).toMatch(/^Token \(….{0,3} is not known$/);
  });

  test.each(Array.from('“”„‟«»‹›「」『』｢｣〝〞〟❝❞＂﹁﹂﹃﹄'))(
    'a mark that looks like one of ours, %s, is straight',
    (mark) => {
      expect(safeText(`a${mark}b`)).toBe('a"b');
    },
  );

  test('04.13: cannot end our quotation', () => {
    expect(safeText('x” Your session is safe. It said: “y')).toBe('x" Your session is safe. It said: "y');
  });

  test('ends after 300 characters', () => {
    const text = safeText('word '.repeat(200));
    expect(text).toHaveLength(300);
    expect(text).toMatch(/…$/);
  });

  test.each([undefined, null, 42, {}, [], '', '   ', '\u0000\n'])('is omitted: %o', (text) => {
    expect(safeText(text)).toBeUndefined();
  });

  test('never contains a token, wherever it was', () => {
    const base64url = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
    const token = fc
      .string({ unit: fc.constantFrom(...base64url), minLength: 24, maxLength: 400 })
      .filter((text) => /\d/.test(text));
    fc.assert(
      fc.property(fc.lorem(), token, fc.lorem(), (before, secret, after) => {
        return safeText(`${before} ${secret} ${after}`)?.includes(secret.slice(0, 24)) === false;
      }),
      { numRuns: 1000 },
    );
  });

  test('is one line of at most 300 characters, whatever it was', () => {
    // Longer than the inspected part, built from few pieces: generating single characters would take longer
    // than the test.
    const pieces = fc.array(anyString(4), { minLength: 1, maxLength: 8 });
    const long = fc
      .tuple(pieces, fc.nat({ max: 400 }))
      .map(([parts, times]) => Array.from({ length: times + 1 }, (_, i) => parts[i % parts.length]).join(''));
    fc.assert(
      fc.property(long, (text) => {
        const safe = safeText(text) ?? 'none';
        return safe.length <= 300 && !/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u.test(safe);
      }),
      { numRuns: 1000 },
    );
  });
});
