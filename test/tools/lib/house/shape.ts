import { dirname, posix } from 'node:path';

import ts from 'typescript';

import { importsOf, isDynamicImport, walk, type Files } from './source.ts';

/** Number of lines of the files below a folder. */
export function linesBelow(files: Files, folder: string): number {
  return below(files, folder)
    .map(([, file]) => file.getFullText().replace(/\n$/, '').split('\n').length)
    .reduce((sum, lines) => sum + lines, 0);
}

/** The rooms of a folder: its subfolders, and the files next to them. */
export function roomsOf(files: Files, folder: string): string[] {
  const names = below(files, folder).map(([path]) => path.slice(folder.length + 1).split('/')[0] ?? '');
  return [...new Set(names)].sort();
}

/** Paths of files with `import()`, one entry per occurrence. */
export function dynamicImports(files: Files, folder: string): string[] {
  return below(files, folder).flatMap(([path, file]) => {
    const found: string[] = [];
    walk(file, (node) => {
      if (isDynamicImport(node)) found.push(path);
    });
    return found;
  });
}

/**
 * Circular imports between folders: each result is a set of folders that all reach each other through imports. A
 * file next to folders (`src/core/ports.ts`) counts as a room of its own. Type imports count.
 */
export function folderCircles(files: Files): string[][] {
  const folders = new Set([...files.keys()].map((path) => dirname(path)));
  const hasFolders = (folder: string) => [...folders].some((other) => dirname(other) === folder);
  const roomOf = (path: string) => (hasFolders(dirname(path)) ? path : dirname(path));
  const arrows = new Map<string, Set<string>>();
  for (const [path, file] of files) {
    const targets = arrows.get(roomOf(path)) ?? new Set();
    arrows.set(roomOf(path), targets);
    for (const target of importsOf(path, file)) {
      if (files.has(target) && roomOf(target) !== roomOf(path)) targets.add(roomOf(target));
    }
  }
  return circles(arrows);
}

/** Circular imports between files: each result is a set of files that all reach each other. Type imports count. */
export function fileCircles(files: Files): string[][] {
  const arrows = [...files].map(
    ([path, file]) => [path, new Set(importsOf(path, file).filter((target) => files.has(target)))] as const,
  );
  return circles(new Map(arrows));
}

/** Strongly connected components with more than one node, sorted. */
export function circles(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const reached = new Map([...arrows.keys()].map((node) => [node, reachable(arrows, node)]));
  const found = new Map<string, string[]>();
  for (const [node, nodes] of reached) {
    if (!nodes.has(node)) continue;
    const circle = [...nodes].filter((other) => reached.get(other)?.has(node)).sort();
    if (circle.length > 1) found.set(circle.join(' '), circle);
  }
  return [...found.values()].sort((a, b) => a.join().localeCompare(b.join()));
}

function reachable(arrows: ReadonlyMap<string, ReadonlySet<string>>, from: string): Set<string> {
  const found = new Set<string>();
  const open = [...(arrows.get(from) ?? [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...(arrows.get(node) ?? []));
  }
  return found;
}

/** Files below a folder that contain a decision: an `if`, a `switch`, a loop, `?:`, `&&`, `||` or `??`. */
export function decidingFiles(files: Files, folder: string): string[] {
  const decisions = new Set([
    ts.SyntaxKind.IfStatement,
    ts.SyntaxKind.SwitchStatement,
    ts.SyntaxKind.ConditionalExpression,
    ts.SyntaxKind.ForOfStatement,
    ts.SyntaxKind.ForStatement,
    ts.SyntaxKind.WhileStatement,
    ts.SyntaxKind.AmpersandAmpersandToken,
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.QuestionQuestionToken,
  ]);
  const decides = (node: ts.Node): boolean =>
    decisions.has(node.kind) || (ts.forEachChild(node, decides) ?? false);
  return below(files, folder)
    .filter(([, file]) => decides(file))
    .map(([path]) => path);
}

/** Files of `src` that some test files import directly or through a fake. */
export function importedByTests(tests: Files, folder: string): Set<string> {
  const found = new Set<string>();
  const open = [...tests.keys()].filter((path) => path.endsWith('.test.ts'));
  const seen = new Set(open);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = tests.get(path);
    if (file === undefined) continue;
    for (const target of importsOf(path, file)) {
      if (target.startsWith(`${folder}/`)) found.add(target);
      else if (!seen.has(target)) {
        seen.add(target);
        open.push(target);
      }
    }
  }
  return found;
}

function below(files: Files, folder: string): [string, ts.SourceFile][] {
  return [...files].filter(([path]) => posix.normalize(path).startsWith(`${folder}/`));
}
