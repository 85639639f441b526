import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { projectRoot } from '../tools/lib/paths.ts';
import { manifestTexts, sourceTexts } from '../tools/lib/words.ts';

/**
 * Code, comments and tests name the actor (user, administrator, caller, server, process), and negate in plain
 * words: “is not a URL”, “without a session”.
 */
const forbidden =
  /\b(?:whoever|somebody|nobody|anybody|everybody)\b|\b(?:is|are) (?:no|none)\b(?! longer\b)/i;

const files = globSync(['src/**/*.ts', 'test/**/*.{ts,mjs}', '.config/*.{ts,mjs}', 'esbuild.mjs'], {
  cwd: projectRoot,
})
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path !== 'test/unit/plainEnglish.test.ts')
  .sort();

const sentences = [...Object.keys(sourceTexts()), ...Object.values(manifestTexts())];

test.each(files)('%s', (path) => {
  const lines = readFileSync(join(projectRoot, path), 'utf8').split('\n');
  const found = lines.flatMap((line, index) => {
    const [phrase] = forbidden.exec(line) ?? [];
    return phrase === undefined ? [] : [`${path}:${index + 1}: “${phrase}” in ${line.trim()}`];
  });
  expect(found, 'Name who acts, and say “is not a …” or “without …” instead').toEqual([]);
});

/** Docstrings name a thing or say what a function does: “Rows of the list” or “Parses …”, not “What the list shows”. */
const openers = /\/\*\*[\s*]*(What|That)\b[^\n]*/g;

test.each(files)('docstrings: %s', (path) => {
  const found = [...readFileSync(join(projectRoot, path), 'utf8').matchAll(openers)];
  expect(
    found.map(([docstring]) => docstring),
    'Begin with a noun or a verb instead of “What” or “That”',
  ).toEqual([]);
});

test.each(['/** What it asks. */', '/**\n   * What it asks.\n   */', '/** That it is so. */'])(
  'rejects the docstring %j',
  (text) => {
    expect(text).toMatch(new RegExp(openers.source));
  },
);

test.each(['/** Whatever came. */', '/** The text.\n * What follows is not read. */', '// What is left.'])(
  'accepts %j',
  (text) => {
    expect(text).not.toMatch(new RegExp(openers.source));
  },
);

test('no UI text has such a phrase', () => {
  expect(sentences.filter((sentence) => forbidden.test(sentence))).toEqual([]);
});

test.each(['whoever asks', 'Nobody’s turn', 'there is no file', 'they are none'])('rejects: %s', (text) => {
  expect(text).toMatch(forbidden);
});

test.each(['is no longer there', 'has no file', 'noble bodies', 'this nobodyElse'])('accepts: %s', (text) => {
  expect(text).not.toMatch(forbidden);
});
