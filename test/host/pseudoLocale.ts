import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { getL10nPseudoLocalized } from '@vscode/l10n-dev';

import { manifestTexts, sourceTexts } from '../tools/lib/words.ts';
import { EXTENSION_ID } from './scene.ts';
import type { HostFolders } from './vscodeHost.ts';

/** A pseudo-language: adds an accent to each letter, and lengthens every word. */
export const PSEUDO = 'qps-ploc';

/** Installs translations into that language in the installed extension. */
export function pseudoTexts(): (folders: HostFolders) => void {
  const bundle = JSON.stringify(getL10nPseudoLocalized(sourceTexts()));
  const { organizationPolicySchema, ...words } = manifestTexts();
  // The first argument is a path.
  const manifest = JSON.stringify({ ...getL10nPseudoLocalized(words), organizationPolicySchema });
  return ({ extensions }) => {
    const folder = readdirSync(extensions).find((name) => name.startsWith(`${EXTENSION_ID}-`));
    if (folder === undefined) throw new Error('The extension is not installed.');
    const l10n = join(extensions, folder, 'l10n');
    mkdirSync(l10n, { recursive: true });
    writeFileSync(join(l10n, `bundle.l10n.${PSEUDO}.json`), bundle);
    writeFileSync(join(extensions, folder, `package.nls.${PSEUDO}.json`), manifest);
  };
}

/** Finds untranslated words: those without accents, except `known`. */
export function untranslated(text: string, known: readonly (string | RegExp)[] = []): readonly string[] {
  const rest = [...ALWAYS, ...known].reduce<string>((left, one) => left.replaceAll(one, ' '), text);
  return rest.match(/[A-Za-z]{2,}/g) ?? [];
}

/** Untranslated values: addresses, accounts, scopes, codes, Regions, IDs. */
const ALWAYS = [
  /\bhttps?:\/\/\S+/g,
  /\S+@\S+/g,
  /\b[\w-]+(\.[\w-]+)+(:\d+)?\b/g,
  /\bcodewhisperer:[\w,]+/g,
  /\boffline_access\b/g,
  /\b[A-Z]{4}-[A-Z]{4}\b/g,
  /\b0oa\w+/g,
  /\b(?:[a-z]{2,4}-){1,2}[a-z]+-\d\b/g,
];
