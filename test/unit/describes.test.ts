import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { importsOf, parse, readFiles } from '../tools/lib/house/source.ts';
import type { Files } from '../tools/lib/house/source.ts';
import { projectRoot } from '../tools/lib/paths.ts';

/**
 * Test titles contain function names, so that tests of a function can be found: the `describe` of a test that
 * mirrors a file names what it tests.
 */

let files: Files;

beforeAll(() => {
  files = readFiles(projectRoot, ['src', 'test/unit']);
}, 60_000); // Loading the compiler takes time.

/** `test/unit/core/oidc/token.answer.test.ts` mirrors `src/core/oidc/token.ts`. */
function mirrored(path: string): string {
  const name = basename(path).replace(/(?:\.[A-Za-z]+)?\.test\.ts$/, '.ts');
  return path.replace(/^test\/unit\//, 'src/').replace(basename(path), name);
}

/** The exported values of files, without types. */
function exportsOf(paths: readonly string[], all: Files): readonly string[] {
  return paths.flatMap((path) => {
    const names: string[] = [];
    for (const statement of all.get(path)?.statements ?? []) {
      if (ts.isExportDeclaration(statement) && statement.exportClause !== undefined) {
        if (ts.isNamedExports(statement.exportClause))
          names.push(...statement.exportClause.elements.map(({ name }) => name.text));
      } else if (ts.isVariableStatement(statement)) {
        names.push(...statement.declarationList.declarations.map(({ name }) => name.getText()));
      } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
        if (statement.name !== undefined) names.push(statement.name.text);
      }
    }
    return names;
  });
}

/** The titles of the outermost `describe` calls, including `describe.each`. */
function titlesOf(file: ts.SourceFile): readonly string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return [];
    const [title] = statement.expression.arguments;
    const isDescribe = /^describe\b/.test(statement.expression.expression.getText(file));
    return isDescribe && title !== undefined ? [title.getText(file).slice(1, -1)] : [];
  });
}

/** Titles without a name from the mirrored file or from its source imports. */
function nameless(path: string, file: ts.SourceFile, all: Files): readonly string[] {
  const imported = importsOf(path, file).filter((one) => one.startsWith('src/'));
  const names = exportsOf([mirrored(path), ...imported], all);
  const words = (title: string): readonly string[] => title.match(/[A-Za-z_]\w*/g) ?? [];
  return titlesOf(file)
    .filter((title) => !words(title).some((word) => names.includes(word)))
    .map((title) => `${path}: ${title}`);
}

describe('titlesOf', () => {
  test('every describe of a test that mirrors a file names what it tests', () => {
    const tests = [...files].filter(
      ([path]) => path.endsWith('.test.ts') && existsSync(join(projectRoot, mirrored(path))),
    );
    expect(tests.length).toBeGreaterThan(200);
    expect(tests.flatMap(([path, file]) => nameless(path, file, files))).toEqual([]);
  });

  test('finds a title without a name, and accepts one with a name', () => {
    const source = parse('src/a.ts', 'export function askRegion() {}');
    const path = 'test/unit/a.more.test.ts';
    const own = parse(
      path,
      "describe('a region', () => {}); describe.each([1])('askRegion: a %s', () => {});",
    );
    expect(nameless(path, own, new Map([['src/a.ts', source]]))).toEqual([`${path}: a region`]);
  });
});
