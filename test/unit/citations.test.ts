import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import ts from 'typescript';
import { describe, expect, test } from 'vitest';

import { projectRoot } from '../tools/lib/paths.ts';

/** Comments and documents cite only what is in the repository, so that readers can open it. */

const glob = (...patterns: readonly string[]): string[] =>
  patterns
    .flatMap((pattern) => globSync(pattern, { cwd: projectRoot }))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

const sources = glob('src/**/*.ts', 'test/**/*.{ts,mjs}', '.config/*.{ts,mjs}', 'esbuild.mjs');
const documents = glob('*.md', 'docs/*.md').filter((path) => path !== 'CHANGELOG.md');
const all = new Set(
  glob('*', 'docs/**', 'src/**', 'test/**', '.config/**', 'media/**', 'l10n/**', '.github/**', '.vscode/**'),
);

const rooms = '(?:src|test|docs|media|l10n|\\.config|\\.github|\\.vscode)/';
/** A path from the root, a document, or a source file name with or without its folders. */
const cited = new RegExp(
  `(?<![\\w./@-])(${rooms}[\\w@.{}*/-]*[\\w/]|(?:[\\w-]+/)*[\\w.-]+\\.md|(?:[\\w-]+/)*\\w+(?:\\.\\w+)*\\.(?:ts|mjs))(?![\\w-])`,
  'g',
);

/** Code, the manifest and the workflows, where documents' code names must occur. */
const code = [...sources, ...glob('package.json', 'media/*.json', '.github/workflows/*.yml')]
  .map(read)
  .join('\n');

test.each(['docs/ARCHITECTURE.md', 'docs/PROTOCOL.md', 'CONTRIBUTING.md'])(
  'the functions, members and scripts named in %s exist',
  (path) => {
    const text = read(path).replaceAll(/```[\s\S]*?```/g, '');
    const names = [...text.matchAll(/`([a-zA-Z]+[A-Z]\w*|[a-z]\w+)(?:\(\))?`/g)].map(
      ([, name]) => name ?? '',
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => /[A-Z]/.test(name) && !code.includes(name))).toEqual([]);
    const { scripts } = JSON.parse(read('package.json')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const run = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name]) => name ?? '');
    expect(run.filter((name) => scripts[name] === undefined)).toEqual([]);
  },
);

test.each(documents)('the links in %s lead to files', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? '');
  const relative = links
    .filter((link) => !/^[a-z]+:/i.test(link))
    .map((link) => posix.join(posix.dirname(path), link));
  expect(relative.filter((link) => !existsSync(join(projectRoot, link)))).toEqual([]);
});

describe('what is cited is in the repository', () => {
  test.each(sources)('%s', (path) => {
    const text = read(path);
    // Finding the comments takes long, and most files have no such text anywhere.
    if (missingIn([text]).length === 0) return;
    expect(missingIn(commentsOf(path, text))).toEqual([]);
  });

  test.each(documents)('%s', (path) => {
    const inBackticks = [...read(path).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code ?? '');
    expect(missingIn(inBackticks.filter((code) => /^[\w.@/{}*-]+$/.test(code)))).toEqual([]);
  });
});

test.each([
  ['// see DESIGN.md', ['DESIGN.md']],
  ['/** As in src/core/gone.ts. */', ['src/core/gone.ts']],
  ['/** (`gone.ts`) */', ['gone.ts']],
  ['/** (`session/sessions.ts`, docs/PROTOCOL.md, test/unit/) */', []],
  ['// issue 4 asks for it, as microsoft/vscode#12 and https://example.com/issues/4', ['issue 4']],
  ["const x = 'DESIGN.md'; // https://example.com/a/b.md", []],
])('%s', (text, missing) => {
  expect(missingIn(commentsOf('x.ts', text))).toEqual(missing);
});

function missingIn(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [
    ...[...text.matchAll(cited)].map(([, name]) => name ?? '').filter((name) => !isThere(name)),
    ...(text.match(/\bissues? #?\d+/gi) ?? []),
  ]);
}

function isThere(name: string): boolean {
  if (name.includes('*') || name.includes('{')) return glob(name).length > 0;
  if (existsSync(join(projectRoot, name))) return true;
  return /\.(?:ts|mjs)$/.test(name) && [...all].some((path) => path.endsWith(`/${name}`));
}

/** The comments of a file, without web addresses. */
function commentsOf(path: string, text: string): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) {
      if (!seen.has(pos)) found.push(text.slice(pos, end));
      seen.add(pos);
    }
    node.getChildren(file).forEach(visit);
  };
  visit(file);
  const last = file.endOfFileToken.getFullStart();
  for (const { pos, end } of ts.getTrailingCommentRanges(text, last) ?? []) {
    if (!seen.has(pos)) found.push(text.slice(pos, end));
  }
  return found.map((comment) => comment.replaceAll(/https?:\/\/\S+/g, ''));
}
