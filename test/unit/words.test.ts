import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { projectRoot } from '../tools/lib/paths.ts';
import { languages, manifestTexts, sourceTexts, translatedTexts } from '../tools/lib/words.ts';
import type { Language } from '../tools/lib/words.ts';

/** All UI texts exist in three languages. */

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  readonly contributes: { readonly walkthroughs: readonly { readonly id: string }[] };
};

/** Names, and texts that are the same in every language. */
const THE_SAME = new Set([
  'OK',
  'IAM Identity Center',
  'OpenID Connect',
  'Okta',
  'Developer Sign-In',
  'category',
  'displayName',
  ...[
    '{0}: {1}',
    'Name',
    'Name: {0}',
    'Host: {0}',
    'Region',
    'Host',
    'Scopes',
    'Token',
    'Details',
    'Code: {0}.',
  ],
  ...['Partition', 'Person', 'Rotation', 'Status', '{0} (offline)', 'ACS URL'],
]);

const source = sourceTexts();

test('every call of l10n.t has a literal string, which is found', () => {
  const calls = globSync('src/**/*.ts', { cwd: projectRoot }).flatMap((file) => [
    ...read(file).matchAll(/\bl10n\.t\(\s*(.)/g),
  ]);
  expect(calls.filter(([, first]) => first !== "'" && first !== '"')).toEqual([]);
  expect(Object.keys(source).length).toBeGreaterThan(500);
});

test('a translator parameter is called l10n, so that its strings are found', () => {
  const names = globSync('src/{setup,shell}/**/*.ts', { cwd: projectRoot }).flatMap((file) =>
    [...read(file).matchAll(/\b(\w+)(?:\.t\(|: Translator\b)/g)].map(([, name]) => name),
  );
  expect(new Set(names)).toEqual(new Set(['l10n']));
});

test('every text of the manifest has a key in package.nls.json, and every key is used', () => {
  const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(
    ([, name = '']) => [name, ''] as const,
  );
  expectSameKeys('package.nls.json', manifestTexts(), Object.fromEntries(used));
});

describe.each(languages)('in %s', (language) => {
  test('has every string of the source, and no unused one', () => {
    expectSameKeys(`l10n/bundle.l10n.${language}.json`, translatedTexts(language), source);
  });

  test('has every string of the manifest, and no unused one', () => {
    expectSameKeys(`package.nls.${language}.json`, manifestTexts(language), manifestTexts());
  });

  test.each(['source', 'manifest'] as const)('has every translation of the %s complete', (where) => {
    for (const [name, english, translated] of translatedPairs(where, language)) {
      expect(translated.trim(), name).toBe(translated);
      expect(translated, name).not.toBe('');
      expect(placeholders(translated), name).toEqual(placeholders(english));
      expect(commandLinks(translated), name).toEqual(commandLinks(english));
      expect(quoted(translated), name).toEqual(quoted(english));
      expect(icons(translated), name).toEqual(icons(english));
    }
  });

  test.each(['source', 'manifest'] as const)('translates the %s instead of copying it', (where) => {
    const copied = pairs(where, language)
      .filter(([name, english, translated]) => english === translated && !isTheSame(name, english, language))
      .map(([name]) => name);
    expect(
      copied,
      'Translate these; a name that is the same everywhere goes into THE_SAME of this test',
    ).toEqual([]);
  });

  test("uses the product's own labels in the walkthroughs", () => {
    const [english, ours, theirs] = [manifestTexts(), manifestTexts(language), translatedTexts(language)];
    const known = new Map([
      ...Object.entries(source).map(([key, text]) => [text, theirs[key]] as const),
      ...Object.entries(english).map(([key, text]) => [text, ours[key]] as const),
    ]);
    // The other one mostly uses names from Okta's and AWS's consoles.
    const texts = Object.keys(english).filter((key) => key.startsWith('walkthrough.getStarted.'));
    const named = texts.flatMap((key) => emphasised(english[key] ?? '').map((word) => ({ key, word })));
    expect(named.length).toBeGreaterThanOrEqual(5);
    for (const { key, word } of named.filter((one) => known.has(one.word)))
      expect(emphasised(ours[key] ?? ''), key).toContain(known.get(word));
  });
});

describe('the walkthroughs', () => {
  const steps = (language?: Language) =>
    Object.entries(manifestTexts(language)).filter(([name]) =>
      /^walkthrough\.(?!picture)\w+\.\w+$/.test(name),
    );

  test.each([undefined, ...languages])('have titles that fit on one line (%s)', (language) => {
    const titles = steps(language).filter(([name]) => !name.endsWith('.description'));
    expect(titles.length).toBeGreaterThanOrEqual(15);
    expect(titles.filter(([, title]) => widthOf(title) > 34)).toEqual([]);
  });

  test.each([undefined, ...languages])('have descriptions that fit on three (%s)', (language) => {
    const descriptions = steps(language).filter(([name]) => name.endsWith('.description'));
    expect(descriptions).toHaveLength(manifest.contributes.walkthroughs.length);
    expect(descriptions.filter(([, text]) => widthOf(text) > 75)).toEqual([]);
  });

  test.each([undefined, ...languages])(
    'have buttons that fit at 1280 x 800 (%s; regression: one was cut off and shifted its step)',
    (language) => {
      // VS Code renders a line with only a link as a button, which does not wrap.
      const buttons = Object.values(manifestTexts(language)).flatMap((text) =>
        [...text.matchAll(/^\[([^\]]+)\]\(command:[^)]*\)$/gm)].map(([, label = '']) => label),
      );
      expect(buttons.length).toBeGreaterThanOrEqual(10);
      expect(buttons.filter((label) => widthOf(label) > 37)).toEqual([]);
    },
  );
});

test.each([undefined, ...languages])(
  'rows in a sign-in’s list fit in a window of 900 pixels (%s; regression: one was truncated)',
  (language) => {
    const files = globSync('src/shell/signIn/{errorPageRows,promptNotes,signInRows}.ts', {
      cwd: projectRoot,
    });
    const pages = files.concat(
      globSync('src/shell/providers/{openId,identityCenter}.ts', { cwd: projectRoot }),
    );
    const lines = pages.flatMap((file) => {
      const details = file.includes('providers')
        ? /\bdetail: l10n\.t\(\s*'([^']+)'/g
        : /\bl10n\.t\(\s*'([^']+)'/g;
      return [...read(file).matchAll(details)].map(([, key = '']) => key);
    });
    expect(lines.length).toBeGreaterThan(40);
    const texts = language === undefined ? source : translatedTexts(language);
    expect(lines.map((key) => texts[key] ?? key).filter((text) => widthOf(text) > 84)).toEqual([]);
  },
);

test.each([undefined, ...languages])(
  'an empty row of the setup form says all of its alternative (%s; regression: the German one was cut off)',
  (language) => {
    const texts = language === undefined ? source : translatedTexts(language);
    const rows = [
      ['Read-only Okta API token', 'Not provided. Either this or a service app.'],
      ['Okta service app: client ID', 'Not provided. Either this with its key or an API token.'],
    ];
    const shown = rows.map((parts) => parts.map((key) => texts[key] ?? key).join(' '));
    expect(shown.filter((row) => widthOf(row) > 84)).toEqual([]);
  },
);

test.each([undefined, ...languages])(
  'the buttons of a reminder fit in a notification (%s; regression: German ones took all of it)',
  (language) => {
    const texts = language === undefined ? source : translatedTexts(language);
    const buttons = ['Open Console', 'Check SSO Setup', 'Don’t Remind Me Again'];
    // A notification is 450 pixels wide, with 55 characters in three buttons.
    expect(widthOf(buttons.map((key) => texts[key] ?? key).join(''))).toBeLessThan(55);
  },
);

describe.each(globSync('media/walkthrough/*.svg', { cwd: projectRoot }))('%s', (file) => {
  const svg = read(file);
  const name = /(?<name>[\w-]+)\.svg$/.exec(file)?.groups?.['name'] ?? '';

  test('has its alternative text in three languages', () => {
    const [alternative] = switches(svg);
    expect(alternative).toEqual({
      en: manifestTexts()[`walkthrough.picture.${name}`],
      de: manifestTexts('de')[`walkthrough.picture.${name}`],
      ja: manifestTexts('ja')[`walkthrough.picture.${name}`],
    });
  });

  test("uses the editor's texts, in three languages", () => {
    for (const { en, de, ja } of switches(svg).slice(1)) {
      expect(source[en], en).toBe(en);
      expect({ de, ja }).toEqual({ de: translatedTexts('de')[en], ja: translatedTexts('ja')[en] });
    }
  });

  test('takes all colors from the theme, and runs and loads nothing', () => {
    const colours = [...svg.matchAll(/\b(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour ?? '');
    expect(colours.filter((colour) => !/^(none|var\(--vscode-[\w-]+.*\))$/.test(colour))).toEqual([]);
    // VS Code's policy for it allows neither styles nor scripts.
    expect(svg).not.toMatch(/<(style|script|image|foreignObject)|\s(style|on\w+|href)=/);
  });
});

/** Lists the keys to add to a file, and those to remove. */
function expectSameKeys(file: string, words: object, wanted: object): void {
  const [has, needs] = [words, wanted].map((one) => Object.keys(one));
  const missing = needs?.filter((key) => has?.includes(key) !== true);
  const unused = has?.filter((key) => needs?.includes(key) !== true);
  expect({ missing, unused }, `Add what is missing to ${file}, and remove what is unused`).toEqual({
    missing: [],
    unused: [],
  });
}

/** The {@link pairs} with a translation; another test reports missing ones. */
function translatedPairs(
  where: 'source' | 'manifest',
  language: Language,
): readonly (readonly [string, string, string])[] {
  const translations = where === 'source' ? translatedTexts(language) : manifestTexts(language);
  return pairs(where, language).filter(([name]) => Object.hasOwn(translations, name));
}

/** Key, English text and translation of everything. */
function pairs(
  where: 'source' | 'manifest',
  language: Language,
): readonly (readonly [string, string, string])[] {
  const [english, translated] =
    where === 'source' ? [source, translatedTexts(language)] : [manifestTexts(), manifestTexts(language)];
  return Object.entries(english).map(([name, text]) => [name, text, translated[name] ?? ''] as const);
}

const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([all]) => all).sort();
const placeholders = (text: string) => found(text, /\{\w+\}/g);
const commandLinks = (text: string) => found(text, /\(command:[^)]+\)/g);
/** Parts that must be typed or read unchanged. */
const quoted = (text: string) => found(text, /``[^`]+``|`[^`]+`/g);
const icons = (text: string) => found(text, /\$\([\w~-]+\)/g);
const emphasised = (text: string) => [...text.matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word ?? '');

function isTheSame(name: string, english: string, language: Language): boolean {
  if (THE_SAME.has(name) || THE_SAME.has(english)) return true;
  // Console paths of Okta, which are in English everywhere.
  return language === 'de' && english.startsWith('Okta Admin Console >');
}

/** Japanese characters are almost twice as wide. */
function widthOf(text: string): number {
  return text.length + 0.8 * (text.match(/[\u3000-\u9fff\uff00-\uffef]/g) ?? []).length;
}

/** The texts of a picture that exist once per language. */
function switches(svg: string): readonly { readonly en: string; readonly de: string; readonly ja: string }[] {
  const plain = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&amp;', '&');
  return [...svg.matchAll(/<switch\b[^>]*>(.*?)<\/switch>/gs)].map(([, inside = '']) => {
    const texts = [...inside.matchAll(/<text\b([^>]*)>([^<]*)<\/text>/g)].map(
      ([, attributes = '', text = '']) =>
        [/systemLanguage="(\w+)"/.exec(attributes)?.[1] ?? 'en', plain(text)] as const,
    );
    return Object.fromEntries(texts) as { en: string; de: string; ja: string };
  });
}
