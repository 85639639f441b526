import { basename } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, readFiles, walk } from '../tools/lib/house/source.ts';
import type { Files } from '../tools/lib/house/source.ts';
import { projectRoot } from '../tools/lib/paths.ts';

/** Names use the field's terms (docs/ARCHITECTURE.md, glossary). Names with these suffixes are too vague. */

const vague = /(?:Words|Facts|Wish|Turn|Manager|Helpers?|Utils?)$/;
/** Functions may name an AWS service (`checkService`), and so may their file. */
const vagueType = /(?:Words|Facts|Wish|Turn|Manager|Helpers?|Utils?|.Service)$/;

let files: Files;

beforeAll(() => {
  files = readFiles(projectRoot, ['src']);
}, 60_000); // Loading the compiler takes time.

/** Vague names among a file's declarations and its own name; members of objects are exempt. */
function vagueNames(path: string, file: ts.SourceFile): string[] {
  const found: string[] = [];
  const own = basename(path, '.ts');
  if (vagueType.test(own.charAt(0).toUpperCase() + own.slice(1))) found.push(path);
  walk(file, (node) => {
    const isType =
      ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node);
    const isValue =
      ts.isFunctionDeclaration(node) ||
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isMethodDeclaration(node);
    if (!isType && !isValue) return;
    const name = node.name?.getText(file);
    if (name !== undefined && (isType ? vagueType : vague).test(name)) found.push(`${path}: ${name}`);
  });
  return found;
}

describe('vagueNames', () => {
  test('no name in the source ends in a vague word', () => {
    expect([...files].flatMap(([path, file]) => vagueNames(path, file))).toEqual([]);
  });

  test.each([
    ['a.ts', 'interface AwsFacts {}', 'a.ts: AwsFacts'],
    ['a.ts', 'type Words = string', 'a.ts: Words'],
    ['a.ts', 'class TokenService {}', 'a.ts: TokenService'],
    ['a.ts', 'function askWish() {}', 'a.ts: askWish'],
    ['a.ts', 'const browserTurn = 1', 'a.ts: browserTurn'],
    ['src/errorWords.ts', '', 'src/errorWords.ts'],
    ['src/utils.ts', '', 'src/utils.ts'],
  ])('rejects %s with %s', (path, text, name) => {
    expect(vagueNames(path, parse(path, text))).toEqual([name]);
  });

  test.each([
    ['src/setup/checks/service.ts', 'function checkService() {}'],
    ['a.ts', 'interface TokenSet { inTurn: true }'],
    ['a.ts', 'const words = 1'],
  ])('accepts %s with %s', (path, text) => {
    expect(vagueNames(path, parse(path, text))).toEqual([]);
  });
});
