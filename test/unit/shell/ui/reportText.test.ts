import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeBlock, codeSpan, reportSentence, reportValue } from '../../../../src/shell/ui/reportText.ts';

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '`',
          '``',
          '```',
          '![x](https://evil.example/x.png)',
          '<img src=//evil.example>',
          '\n',
          '\n# x',
          '[x](y)',
        ],
        ...[
          '|',
          '*',
          '_',
          '\\',
          '&lt;',
          '@all',
          '#1',
          '~~x~~',
          '$x$',
          ' ',
          'a',
          '1.',
          '- ',
          'www.evil.example',
          'https://evil.example/x',
          'HTTP://evil.example',
          'ana@example.com',
          ' @octocat',
          '{{x}}',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** Text that Markdown renders unchanged, apart from code: only these characters, and nothing to link or mention. */
function isInert(text: string): boolean {
  // Escapes and code spans (CommonMark, 2.4 and 6.1), from left to right.
  const plain = text.replace(/\\[!-/:-@[-`{-~]|(?<!`)(`+)(?!`).*?[^`]\1(?!`)/gs, ' ');
  return !/[`*[\]<>#|!&~$]|\n|@|:\/\/|www\./i.test(plain);
}

/** The content of a code span that covers the whole text, by CommonMark 6.1; undefined for other text. */
function codeOf(text: string): string | undefined {
  const fence = /^`+/.exec(text)?.[0] ?? '';
  const inner = text.slice(fence.length, text.length - fence.length);
  const isWhole = fence !== '' && text.endsWith(fence) && !text.endsWith(`\`${fence}`);
  const ends = inner.match(/`+/g) ?? [];
  return isWhole && ends.every((run) => run.length !== fence.length) ? inner : undefined;
}

describe('codeSpan, codeBlock, reportValue and reportSentence', () => {
  test('08.11: Markdown shows any value as text or code', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const shown = reportValue(value);
        expect(codeOf(shown) !== undefined || isInert(shown)).toBe(true);
        expect(codeOf(codeSpan(value))).toBeDefined();
      }),
      { numRuns: 5000 },
    );
  });

  test('08.11: any sentence creates no markup', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(isInert(reportSentence(`It said: “${value}”`))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test('08.11: no line can end a code block', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 8 }), (lines) => {
        const [begin = '', ...rest] = codeBlock(lines);
        const fence = /^`+/.exec(begin)?.[0] ?? '';
        const end = rest.findIndex((line) => line.startsWith(fence));
        expect(fence.length).toBeGreaterThanOrEqual(3);
        expect(end).toBe(lines.length);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    'https://example.okta.com/oauth2/aus1a2b3c4d5',
    'codewhisperer:completions codewhisperer:conversations offline_access',
    'a…@example.com',
    'Ana Müller',
    '例',
  ])('%s is unchanged', (value) => {
    expect(reportValue(value).replaceAll('`', '')).toBe(value);
  });

  test.each([
    'https://evil.example/x',
    'see HTTPS://evil.example',
    'ana@example.com',
    'ask @octocat',
    'www.evil.example',
  ])('a link or mention without markup was left as it is: %s', (value) => {
    expect(codeOf(reportValue(value))?.trim()).toBe(value);
    expect(isInert(reportSentence(`It said “${value}”, twice (${value}).`))).toBe(true);
  });

  test('a sentence has only its addresses as code', () => {
    expect(reportSentence('Ask “ana@example.com” (at https://a.example/b_c), or Ben.')).toBe(
      'Ask “`ana@example.com`” (at `https://a.example/b_c`), or Ben.',
    );
  });

  test.each([
    ['`` x `` <img src="https://evil.example/beacon.png"> ![y](https://evil.example/z.png) `` y ``'],
    ['![y](https://evil.ex/z.png) <img src=//evil.ex/b>'],
  ])('08.11: %s is code', (value) => {
    expect(codeOf(codeSpan(value))?.trim()).toBe(value);
    expect(codeOf(reportValue(value))?.trim()).toBe(value);
  });
});
