import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, readFiles, walk } from '../tools/lib/house/source.ts';
import type { Files } from '../tools/lib/house/source.ts';
import { projectRoot } from '../tools/lib/paths.ts';

/** Docstrings of exports describe them, including their errors. */

let files: Files;

beforeAll(() => {
  files = readFiles(projectRoot, ['src']);
}, 60_000); // Loading the compiler takes time.

function docOf(node: ts.Node): string {
  const text = node.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const last = comments.map(({ pos, end }) => text.slice(pos, end)).findLast((one) => one.startsWith('/**'));
  return last ?? '';
}

/** The exported statements of a file, by declared name. */
function exportsOf(file: ts.SourceFile): [string, ts.Statement][] {
  return file.statements.flatMap((statement): [string, ts.Statement][] => {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    if (!modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((one) => [one.name.getText(file), statement]);
    const name = (statement as ts.DeclarationStatement).name;
    return name === undefined ? [] : [[name.getText(file), statement]];
  });
}

/** Exports without a docstring; one overload's docstring is enough. */
function undocumented(path: string, file: ts.SourceFile): string[] {
  const found = exportsOf(file);
  const documented = new Set(found.filter(([, node]) => docOf(node) !== '').map(([name]) => name));
  return found.filter(([name]) => !documented.has(name)).map(([name]) => `${path}: ${name}`);
}

/** Whether a function throws an error of its own that neither it nor a nested function catches. */
function throwsItself(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  if (ts.isTryStatement(node) && node.catchClause !== undefined) {
    const { block, variableDeclaration: caught } = node.catchClause;
    return [block, node.finallyBlock].some(
      (one) => one !== undefined && throwsBut(one, caught?.name.getText()),
    );
  }
  return ts.forEachChild(node, (child) => !ts.isFunctionLike(child) && throwsItself(child)) ?? false;
}

/** As {@link throwsItself}, except for rethrowing `caught`. */
function throwsBut(node: ts.Node, caught: string | undefined): boolean {
  if (ts.isThrowStatement(node)) return node.expression.getText() !== caught;
  return ts.forEachChild(node, (child) => !ts.isFunctionLike(child) && throwsBut(child, caught)) ?? false;
}

/** Exported functions, and public methods of exported classes, that throw without saying so. */
function silentlyThrowing(path: string, file: ts.SourceFile): string[] {
  const found: string[] = [];
  const look = (name: string, node: ts.FunctionDeclaration | ts.MethodDeclaration): void => {
    const says = /@throws|\b[Rr]ejects|\b[Tt]hrows/.test(docOf(node));
    if (node.body !== undefined && throwsItself(node.body) && !says) found.push(`${path}: ${name}`);
  };
  for (const [name, node] of exportsOf(file)) {
    if (ts.isFunctionDeclaration(node)) look(name, node);
    if (!ts.isClassDeclaration(node)) continue;
    for (const member of node.members)
      if (ts.isMethodDeclaration(member) && !ts.isPrivateIdentifier(member.name))
        look(`${name}.${member.name.getText(file)}`, member);
  }
  return found;
}

/** Functions with five or more positional parameters. */
function longLists(path: string, file: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(file, (node) => {
    if (!ts.isFunctionLike(node) || ts.isFunctionTypeNode(node) || node.parameters.length < 5) return;
    found.push(`${path}: ${node.name?.getText(file) ?? 'a function'}`);
  });
  return found;
}

/** Violations of a rule in the source. */
const all = (rule: (path: string, file: ts.SourceFile) => string[]): string[] =>
  [...files].flatMap(([path, file]) => rule(path, file));

describe('undocumented', () => {
  test('every export of the source has a docstring', () => {
    expect(all(undocumented)).toEqual([]);
  });

  test('finds an export without one, and accepts one on another overload', () => {
    const text =
      '/** A. */\nexport function a(one: 1): 1;\nexport function a(): 1;\nexport type B = 1;\nconst c = 1;';
    expect(undocumented('a.ts', parse('a.ts', text))).toEqual(['a.ts: B']);
  });
});

describe('silentlyThrowing', () => {
  test('every exported function that throws documents its errors', () => {
    expect(all(silentlyThrowing)).toEqual([]);
  });

  test.each([
    ['/** A. */\nexport function a() { throw new Error(); }', ['a.ts: a']],
    ['/** A. @throws an error */\nexport function a() { throw new Error(); }', []],
    ['/** A. */\nexport function a() { return () => { throw new Error(); }; }', []],
    ['/** A. */\nexport function a() { try { throw b; } catch (error) { throw error; } }', []],
    ['/** A. */\nexport function a() { try { b(); } catch (error) { throw c(error); } }', ['a.ts: a']],
    ['/** A. */\nexport class A { b() { if (x) throw x; } #c() { throw x; } }', ['a.ts: A.b']],
  ])('%s', (text, found) => {
    expect(silentlyThrowing('a.ts', parse('a.ts', text))).toEqual(found);
  });
});

describe('longLists', () => {
  test('five or more parameters are one object', () => {
    expect(all(longLists)).toEqual([]);
  });

  test('finds methods and functions', () => {
    const text = 'class A { b(c, d, e, f, g) {} }\nfunction h(i, j, k, l) {}';
    expect(longLists('a.ts', parse('a.ts', text))).toEqual(['a.ts: b']);
  });
});
