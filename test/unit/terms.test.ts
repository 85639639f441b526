import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../tools/lib/paths.ts';
import { languages, manifestTexts, sourceTexts, translatedTexts } from '../tools/lib/words.ts';

/** Translations use the terms in docs/TERMS.md. */

const cells = (line: string): readonly string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const forms = (cell = ''): readonly string[] => cell.split(',').map((form) => form.trim());
const rows = readFileSync(join(projectRoot, 'docs/TERMS.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map(cells)
  .map(([english, de, ja]) => ({ english: forms(english), de: forms(de), ja: forms(ja) }));

/** Texts that are not our own: names, quotes, code, addresses and console paths. */
const names = [
  /Developer Sign-In/g,
  /\*\*[^*]+\*\*/g,
  /\]\([^)]*\)/g,
  /“[^”]*”/g,
  /``[^`]*``|`[^`]*`/g,
  /\S*:\/\/\S*|\b\w+\.\w[\w.]*/g,
  /[^.:;,]* > [^.:;,]*/g,
];

const own = (english: string): string => names.reduce((text, name) => text.replace(name, ' '), english);

const english: readonly (readonly [name: string, text: string])[] = [
  ...Object.entries(sourceTexts()),
  ...Object.entries(manifestTexts()),
];

test('the table has the common terms, each in three languages', () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
  for (const row of rows) for (const cell of Object.values(row)) expect(cell.join()).not.toBe('');
});

describe.each(languages)('in %s', (language) => {
  test.each(rows.map((row) => [row.english[0], row] as const))('uses the term for “%s”', (_, row) => {
    const translations: Readonly<Record<string, string>> = {
      ...translatedTexts(language),
      ...manifestTexts(language),
    };
    const meant = patternOf(row.english);
    // `words.test.ts` reports missing translations.
    const used = english.filter(([name, text]) => Object.hasOwn(translations, name) && meant.test(own(text)));
    expect(used.length).toBeGreaterThan(0);
    const said = row[language].map((form) => new RegExp(form.split(' … ').join('.*'), 'is'));
    const otherwise = used.filter(([name]) => !said.some((form) => form.test(translations[name] ?? '')));
    expect(
      otherwise.map(([name, text]) => `${text} → ${translations[name]}`),
      `docs/TERMS.md has for “${row.english.join(', ')}”: ${row[language].join(', ')}`,
    ).toEqual([]);
  });
});

test.each([
  ['Your session has expired', true],
  ['Session ended', true],
  ['The sessions', false],
  ['Select “Your session”', false],
  ['Console > Your session > Edit', false],
])('matches whole words outside names: %s', (text, isFound) => {
  expect(patternOf(['session']).test(own(text))).toBe(isFound);
});

/** Matches a form as in the table, or capitalized at the start of a sentence. */
function patternOf(words: readonly string[]): RegExp {
  const either = words.flatMap((word) => [
    `(?<![\\w-])${word}(?![\\w-])`,
    `^\\s*${word.slice(0, 1).toUpperCase()}${word.slice(1)}(?![\\w-])`,
  ]);
  return new RegExp(either.join('|'));
}
