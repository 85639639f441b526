import { describe, expect, test } from 'vitest';
import { cleanPasted, firstInvisible } from '../../../src/input/pastedText.ts';
import { expectLinearTime } from '../fakes/quickest.ts';

const value = 'https://example.okta.com/oauth2/default';

describe('cleanPasted: F12, F16: characters that a copy adds', () => {
  test.each([
    ['spaces', `  ${value}\t\r\n`],
    ['no-break space', `\u00a0${value}\u00a0`],
    ['zero-width space', `\u200b${value}\u200b`],
    ['byte order mark', `\ufeff${value}`],
    ['word joiner, soft hyphen, variation selector', `\u2060${value}\u00ad\ufe0f`],
    ['direction marks', `\u202a\u2066${value}\u2069\u202c\u200e`],
    ['tag characters', `${value}\u{e0020}\u{e007f}`],
    ['straight quotes', `"${value}"`],
    ['single quotes', `'${value}'`],
    ['curly quotes', `\u201c${value}\u201d`],
    ['curly single quotes', `\u2018${value}\u2019`],
    ['German quotes', `\u201e${value}\u201c`],
    ['guillemets', `\u00ab ${value} \u00bb`],
    ['Japanese quotes', `\u300c${value}\u300d`],
    ['double angle brackets', `\u300a${value}\u300b`],
    ['full-width quotes', `\uff02${value}\uff02`],
    ['primes', `\u2033${value}\u2033`],
    ['backticks', `\`${value}\``],
    ['angle brackets', `<${value}>`],
    ['parentheses and a full stop', `(${value}).`],
    ['square brackets', `[${value}]`],
    ['a comma', `${value},`],
    ['a quote, then a comma', `"${value}",`],
    ['a quote with an invisible character', `"\u200b${value}\u200b"`],
    ['a Japanese full stop', `${value}\u3002`],
    ['an ellipsis', `${value}\u2026`],
    ['emphasis', `**${value}**`],
    ['a bullet', `\u2022 ${value}`],
    ['a table cell', `| ${value} |`],
    ['a Markdown link', `[My company](${value})`],
    ['a Markdown link that shows its address', `[${value}](${value})`],
    ['a Markdown link with a title', `[My company](${value} "Sign in")`],
    ['a Markdown link in angle brackets', `[My company](<${value}>).`],
    ['a chat link', `<${value}|My company>`],
  ])('%s', (_name, text) => {
    expect(cleanPasted(text)).toBe(value);
    expect(cleanPasted(cleanPasted(text))).toBe(value);
  });

  test('the middle stays as it is', () => {
    expect(cleanPasted('"ab\u200bc"')).toBe('ab\u200bc');
    expect(cleanPasted(' a b ')).toBe('a b');
    expect(cleanPasted('0oa_-=/+~')).toBe('0oa_-=/+~');
    expect(cleanPasted('')).toBe('');
    expect(cleanPasted(' "\u200b" ')).toBe('');
  });
});

describe('firstInvisible: F12: an invisible character is reported', () => {
  test.each([
    ['abc\u200bdef', 'U+200B'],
    ['a\u00a0b', 'U+00A0'],
    ['a\nb', 'U+000A'],
    ['a\u{e0041}b', 'U+E0041'],
    ['a\u3164b', 'U+3164'],
    ['a\ufe0fb', 'U+FE0F'],
    ['a\ud800b', 'U+D800'],
  ])('%j', (text, name) => {
    expect(firstInvisible(text)).toBe(name);
  });

  test.each(['', 'a b', 'https://münchen.example/start', '0oa“', 'a👍b'])('not in %j', (text) => {
    expect(firstInvisible(text)).toBeUndefined();
  });
});

test.each([' ', '"', '\u200b', '(', '](', 'a', 'https://', '|', '\ud83d'])(
  '10: a megabyte of %j takes linear time',
  (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    expectLinearTime((long) => {
      cleanPasted(long);
      cleanPasted(`a${long}a`);
      firstInvisible(`${long}a`);
    }, text);
  },
);
