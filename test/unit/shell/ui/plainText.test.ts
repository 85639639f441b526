import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainLines, plainText, withIcon } from '../../../../src/shell/ui/plainText.ts';

/** Text that VS Code renders as a link in notifications, input box prompts and list descriptions. */
function drawsLink(text: string): boolean {
  return /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+(?: (["']).+?\1)?\)/i.test(text);
}

/** Text that VS Code renders as an icon in lists, the status bar and hovers, unless escaped by a backslash. */
function drawsIcon(text: string): boolean {
  return /\$\([a-z\d-]+(?:~[a-z]+)?\)/i.test(text);
}

const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Strings built from parts of links, icons and hidden text, so that these occur often. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['[', ']', '(', ')', '](', '$(', '$', '\\', '~', ' ', '"', "'", '\n', '\r', '\t', '_'],
        ...[
          '[x](command:y)',
          '[x](https://evil.example "t")',
          '$(verified-filled)',
          '$(loading~spin)',
          '[x](FILE:///e)',
        ],
        ...[
          'command:',
          'https://',
          '\u200b',
          '\u202e',
          '\u2066',
          '\u00ad',
          '\ufe0f',
          '\ud83d',
          '\ude00',
          '\u2028',
          '\u3164',
        ],
        ...['\ue000', '\u{e0041}', '\u2800', '\u0000', '\u001b[31m', 'verified'],
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('plainText: any text', () => {
  test('a sentence creates no link and no icon, is one visible line of limited length, and is idempotent', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary', maxLength: 3000 })), (text) => {
        const shown = plainText(text);
        expect(drawsLink(shown)).toBe(false);
        expect(drawsIcon(shown)).toBe(false);
        expect(shown).not.toMatch(invisible);
        expect(shown.length).toBeLessThanOrEqual(1000);
        expect(plainText(shown)).toBe(shown);
      }),
      { numRuns: 5000 },
    );
  });

  test('so do several lines, of whose control characters only line ends are kept', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = plainLines(text);
        expect(drawsLink(shown.replaceAll('\n', ' '))).toBe(false);
        expect(drawsLink(shown)).toBe(false);
        expect(drawsIcon(shown)).toBe(false);
        expect(shown.replaceAll('\n', '')).not.toMatch(invisible);
        expect(shown.length).toBeLessThanOrEqual(4000);
        expect(plainLines(shown)).toBe(shown);
      }),
      { numRuns: 5000 },
    );
  });

  test('inserted into one of our sentences, it creates none either', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const shown = plainText(`[${one}](${other}) “${one}” $(${other})`);
        expect(drawsLink(shown)).toBe(false);
        expect(drawsIcon(shown)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test('only an icon that is passed separately is rendered', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = withIcon('account', text);
        expect(shown.startsWith('$(account) ')).toBe(true);
        expect(drawsIcon(shown.slice('$(account) '.length))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['04.01', '[Sign in again](command:workbench.extensions.installExtension?%22evil.extension%22)'],
  ['04.03', '[Repair](command:workbench.action.quit)'],
  ['04.03b', '[Get the right link](https://evil.ex)'],
  ['04.04', '[Sign in again](command:x?"evil.extension")'],
  ['a link that a zero-width character hides', '[Repair]\u200b(command:x)'],
  ['a file', '[Repair](file:///etc/passwd)'],
  ['a title', '[Repair](https://evil.ex "harmless")'],
])('%s: %s is shown as text', (_row, text) => {
  expect(drawsLink(text.replaceAll('\u200b', ''))).toBe(true);
  expect(drawsLink(plainText(text))).toBe(false);
});

test('04.13: a name creates no badge', () => {
  expect(plainText('$(verified-filled) AWS administrator $(warning)')).toBe(
    '$ (verified-filled) AWS administrator $ (warning)',
  );
});

test.each([
  ['an address', 'https://example.okta.com/oauth2/aus1?x=1#y'],
  ['an IPv6 address', 'http://[::1]:49153/oauth/callback'],
  ['a list', 'a [b] (c), d'],
  ['German', 'Melden Sie sich bei „Example“ an – 5 % größer'],
  ['Japanese', '「例」にサインインします。'],
  ['an emoji', 'Ana 😀'],
  ['Persian', 'می خواهم'],
])('%s is unchanged', (_what, text) => {
  expect(plainText(text)).toBe(text);
});

test('a long text ends with an ellipsis, without splitting a character', () => {
  expect(plainText('a'.repeat(5000))).toBe(`${'a'.repeat(999)}…`);
  expect(plainText(`${'a'.repeat(998)}😀😀`)).toBe(`${'a'.repeat(998)}…`);
});
