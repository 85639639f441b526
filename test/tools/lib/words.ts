import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { readFiles, walk } from './house/source.ts';
import { projectRoot } from './paths.ts';

/** Texts by key, from the source or the manifest. */
export type Words = Readonly<Record<string, string>>;

/** Languages besides English, by VS Code's identifiers. */
export const languages = ['de', 'ja'] as const;
export type Language = (typeof languages)[number];

/** All strings passed to `l10n.t` in the source, without comments for translators. Parses the source once. */
export function sourceTexts(): Words {
  const words = (inSource ??= [...readFiles(projectRoot, ['src']).values()].flatMap(wordsIn));
  return Object.fromEntries(words.map((text) => [text, text]));
}

let inSource: readonly string[] | undefined;

/** The strings passed to `l10n.t` in one file. */
export function wordsIn(file: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(file, (node) => {
    const [text] = isTranslation(node) ? node.arguments : [];
    // Without a comment, the sentence is the key.
    if (text !== undefined && ts.isStringLiteralLike(text)) found.push(text.text);
  });
  return found;
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  return name.text === 't' && ts.isIdentifier(expression) && expression.text === 'l10n';
}

/**
 * The texts of the manifest, in English by default. English ones are those that the palette searches; see {@link
 * manifestTitles}.
 */
export function manifestTexts(language?: Language): Words {
  return readTexts(language === undefined ? 'package.nls.json' : `package.nls.${language}.json`);
}

/**
 * The texts of the manifest as users read them in English. If `package.nls.en.json` has a different title than
 * `package.nls.json`, VS Code shows the former, and its palette finds the command by both. Drops the hair space
 * before an ellipsis, which only affects VS Code's sort order.
 */
export function manifestTitles(): Words {
  const shown = Object.entries(readTexts('package.nls.en.json'));
  return {
    ...manifestTexts(),
    ...Object.fromEntries(shown.map(([key, title]) => [key, title.replaceAll('\u200a', '')])),
  };
}

/** The translations of the strings in the source. */
export function translatedTexts(language: Language): Words {
  return readTexts(`l10n/bundle.l10n.${language}.json`);
}

function readTexts(file: string): Words {
  return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as Words;
}
