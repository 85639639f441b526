import ts from 'typescript';

import { walk, type Files } from './source.ts';

/**
 * A function on a path: `name` or `Class.member`, declared at the top level of a file below `src`. If the name is
 * ambiguous, ` in ` and the end of the file's path follow. A final ` as member` is the name by which an earlier
 * function calls it (a member of a port).
 */
export type Step = string;

/** Result of checking a path. */
export interface WayMeasure {
  /** Number of distinct files. */
  readonly files: readonly string[];
  /** Steps that do not exist or are not mentioned by an earlier step. */
  readonly broken: readonly string[];
}

/**
 * Counts the files of a path and verifies it: every step exists, and every step but the first is mentioned by an
 * earlier one, by its own name or by the port member after ` as `.
 */
export function measureWay(all: Files, steps: readonly Step[]): WayMeasure {
  const mentioned = new Set<string>();
  const broken: string[] = [];
  const files = new Set<string>();
  steps.forEach((step, index) => {
    const {
      name = '',
      pathEnd = '',
      alias,
    } = /^(?<name>\S+)(?: in (?<pathEnd>\S+))?(?: as (?<alias>\S+))?$/.exec(step)?.groups ?? {};
    const places = [...all].flatMap(([path, file]) => {
      const node = path.endsWith(pathEnd) ? declarationOf(file, name) : undefined;
      return node === undefined ? [] : [{ path, node }];
    });
    const [declared] = places;
    if (declared === undefined || places.length > 1) {
      broken.push(
        `${step}: ${places.length === 0 ? 'does not exist' : `is in ${places.map(({ path }) => path).join(' and ')}`}`,
      );
      return;
    }
    files.add(declared.path);
    const called = alias ?? name.split('.').at(-1) ?? name;
    if (index > 0 && !mentioned.has(called)) broken.push(`${step}: no earlier step mentions "${called}"`);
    walk(declared.node, (node) => {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) mentioned.add(node.text);
    });
  });
  return { files: [...files].sort(), broken };
}

function declarationOf(file: ts.SourceFile, name: string): ts.Node | undefined {
  const [outer = '', inner] = name.split('.');
  const found = file.statements
    .flatMap((statement) => namedIn(statement))
    .find(([own]) => own === outer)?.[1];
  if (found === undefined || inner === undefined) return found;
  if (!ts.isClassDeclaration(found)) return undefined;
  return found.members.find((member) => member.name?.getText(file) === inner);
}

function namedIn(statement: ts.Statement): [string, ts.Node][] {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    return statement.name ? [[statement.name.text, statement]] : [];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((declaration): [string, ts.Node][] =>
    ts.isIdentifier(declaration.name) ? [[declaration.name.text, declaration]] : [],
  );
}
