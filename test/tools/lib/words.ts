import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { readFiles, walk } from './house/source.ts';
import { projectRoot } from './paths.ts';

/** Words by key: what the source calls them, or the manifest. */
export type Words = Readonly<Record<string, string>>;

/** The languages beside English, as VS Code names them. */
export const languages = ['de', 'ja'] as const;
export type Language = (typeof languages)[number];

/** Every string that the source hands to `l10n.t`; a comment for translators is left out. */
export function sourceTexts(): Words {
  const words = [...readFiles(projectRoot, ['src']).values()].flatMap(wordsIn);
  return Object.fromEntries(words.map((text) => [text, text]));
}

/** The strings of one file. */
export function wordsIn(file: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(file, (node) => {
    const [text] = isTranslation(node) ? node.arguments : [];
    // Without a comment, the key is the sentence.
    if (text !== undefined && ts.isStringLiteralLike(text)) found.push(text.text);
  });
  return found;
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const { expression, name } = node.expression;
  return name.text === 't' && ts.isIdentifier(expression) && expression.text === 'l10n';
}

/** The words of the manifest: in English, or in a language. Those in English are what the palette finds; see {@link manifestTitles}. */
export function manifestTexts(language?: Language): Words {
  return readTexts(language === undefined ? 'package.nls.json' : `package.nls.${language}.json`);
}

/**
 * The words of the manifest as a person reads them in English. Where `package.nls.en.json` has another title than
 * `package.nls.json`, VS Code shows the first, and its palette finds the command by both. A hair space before an ellipsis,
 * by which VS Code sorts, is not read.
 */
export function manifestTitles(): Words {
  const shown = Object.entries(readTexts('package.nls.en.json'));
  return {
    ...manifestTexts(),
    ...Object.fromEntries(shown.map(([key, title]) => [key, title.replaceAll('\u200a', '')])),
  };
}

/** What the strings of the source are called in a language. */
export function translatedTexts(language: Language): Words {
  return readTexts(`l10n/bundle.l10n.${language}.json`);
}

function readTexts(file: string): Words {
  return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as Words;
}
