import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayLines, displayText } from '../../../../src/core/text/displayText.ts';
import { anyString } from '../../fakes/anyString.ts';

describe('displayText', () => {
  test.each([
    ['a plain text', 'Sign in with Okta: $(x)', 'Sign in with Okta: $(x)'],
    ['spaces at the edges', ' one two ', 'one two'],
    ['several spaces in a row', 'one  two', 'one two'],
    ['a tab', 'one\ttwo', 'one two'],
    ['a control character', 'one\u007ftwo', 'one two'],
    ['what takes no ink', 'one\u200b\u00adtwo', 'one two'],
    ['nothing', '', ''],
  ])('%s is one visible line', (_, text, shown) => {
    expect(displayText(text, 100)).toBe(shown);
  });

  test('plain text is not truncated', () => {
    expect(displayText('a'.repeat(9), 8)).toBe(`${'a'.repeat(7)}…`);
    expect(displayText('ä'.repeat(9), 8)).toBe(`${'ä'.repeat(7)}…`);
  });

  const tower = `a${'\u0336\u0301\u20e0'.repeat(40)}b`;
  test('a tower of combining marks covered the lines above and below it', () => {
    for (const shown of [displayText(tower, 1000), displayLines(`x\n${tower}`, 1000)])
      expect(shown).toMatch(/a\p{M}{4}b$/u);
  });

  test.each(['Nguyễn'.normalize('NFD'), 'שָׁלוֹם', 'ก็ที่นี้', 'क्षत्रिय', '한글'.normalize('NFD')])(
    'the marks of a language stay: %s',
    (word) => {
      expect(displayText(word, 100)).toBe(word);
      expect(displayLines(word, 100)).toBe(word);
    },
  );

  test('has no leading, trailing or repeated spaces, and does not change when displayed again', () => {
    fc.assert(
      fc.property(anyString(), fc.integer({ min: 2, max: 40 }), (text, longest) => {
        const shown = displayText(text, longest);
        expect(shown).not.toMatch(/^ | $| {2}|[\u0000-\u001f]/);
        expect(shown.length).toBeLessThanOrEqual(longest);
        expect(displayText(displayText(text, 1000), 1000)).toBe(displayText(text, 1000));
      }),
    );
  });
});
