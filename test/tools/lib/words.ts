import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { getL10nJson } from '@vscode/l10n-dev';

import { projectRoot } from './paths.ts';

/** Words by key: what the source calls them, or the manifest. */
export type Words = Readonly<Record<string, string>>;

/** The languages beside English, as VS Code names them. */
export const languages = ['de', 'ja'] as const;
export type Language = (typeof languages)[number];

/** Every string that the source hands to `l10n.t`; a comment for translators is left out. */
export async function sourceWords(): Promise<Words> {
  const contents = globSync('src/**/*.ts', { cwd: projectRoot })
    .map((file) => readFileSync(join(projectRoot, file), 'utf8'))
    .filter((source) => source.includes('l10n'));
  // All as one: a parser is loaded for each, and that takes longer than to parse it.
  const bundle = await getL10nJson([{ contents: contents.join('\n'), extension: '.ts' }]);
  return Object.fromEntries(
    Object.entries(bundle).map(([key, value]) => [key, typeof value === 'string' ? value : value.message]),
  );
}

/** The words of the manifest: in English, or in a language. Those in English are what the palette finds; see {@link manifestTitles}. */
export function manifestWords(language?: Language): Words {
  return readWords(language === undefined ? 'package.nls.json' : `package.nls.${language}.json`);
}

/**
 * The words of the manifest as a person reads them in English. Where `package.nls.en.json` has another title than
 * `package.nls.json`, VS Code shows the first, and its palette finds the command by both.
 */
export function manifestTitles(): Words {
  return { ...manifestWords(), ...readWords('package.nls.en.json') };
}

/** What the strings of the source are called in a language. */
export function translatedWords(language: Language): Words {
  return readWords(`l10n/bundle.l10n.${language}.json`);
}

function readWords(file: string): Words {
  return JSON.parse(readFileSync(join(projectRoot, file), 'utf8')) as Words;
}
