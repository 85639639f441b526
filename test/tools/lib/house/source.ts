import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

import ts from 'typescript';

/** TypeScript files by path relative to the root, with `/`. */
export type Files = ReadonlyMap<string, ts.SourceFile>;

/** Files with type information. */
export interface Source {
  readonly checker: ts.TypeChecker;
  readonly files: Files;
}

/**
 * Reads all TypeScript files below the given folders of a repository, without types.
 * @param root absolute path of the repository
 */
export function readFiles(root: string, folders: readonly string[]): Files {
  return new Map(
    namesBelow(root, folders).map((name) => [
      toSlashes(name),
      parse(name, readFileSync(join(root, name), 'utf8')),
    ]),
  );
}

/** The last text of each file, parsed: many checks read the same files, and parsing takes most of their time. */
const parsed = new Map<string, ts.SourceFile>();

/** Parses one file from its text. The result is shared: only read it. */
export function parse(path: string, text: string): ts.SourceFile {
  const before = parsed.get(path);
  if (before?.text === text) return before;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  parsed.set(path, file);
  return file;
}

function namesBelow(root: string, folders: readonly string[]): string[] {
  return folders.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root })).sort();
}

/**
 * Reads all TypeScript files below the given folders of a repository, with types.
 * @param root absolute path of the repository; its `tsconfig.json` applies
 */
export function readSource(root: string, folders: readonly string[]): Source {
  const names = namesBelow(root, folders);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(
    names.map((name) => join(root, name)),
    options,
  );
  return toSource(program, root, names);
}

/** The given files of a program. */
export function toSource(program: ts.Program, root: string, names: readonly string[]): Source {
  const files = names.flatMap((name) => {
    const file = program.getSourceFile(join(root, name));
    return file === undefined ? [] : [[toSlashes(relative(root, file.fileName)), file] as const];
  });
  return { checker: program.getTypeChecker(), files: new Map(files) };
}

function toSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Calls `visit` with a node and all its descendants. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Root-relative paths of files that a file imports, re-exports or loads with `import()`; packages are excluded. */
export function importsOf(path: string, file: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(file, (node) => {
    const specifier =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : isDynamicImport(node)
          ? node.arguments[0]
          : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)
            ? node.argument.literal
            : undefined;
    if (specifier && ts.isStringLiteral(specifier) && specifier.text.startsWith('.')) {
      found.push(posix.join(toSlashes(dirname(path)), specifier.text));
    }
  });
  return found;
}

/** Whether a node is an `import()` expression. */
export function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}
