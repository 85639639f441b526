import { describe, expect, test } from 'vitest';

import {
  circles,
  decidingFiles,
  dynamicImports,
  folderCircles,
  importedByTests,
  linesBelow,
  roomsOf,
} from '../../../tools/lib/house/shape.ts';
import { parse, type Files } from '../../../tools/lib/house/source.ts';

const files = (texts: Readonly<Record<string, string>>): Files =>
  new Map(Object.entries(texts).map(([path, text]) => [path, parse(path, text)]));

describe('circles', () => {
  const arrows = (...pairs: readonly string[]) => {
    const found = new Map<string, Set<string>>();
    for (const [from = '', to = ''] of pairs.map((pair) => pair.split('>')))
      found.set(from, (found.get(from) ?? new Set()).add(to));
    return found;
  };

  test('a chain has none', () => {
    expect(circles(arrows('a>b', 'b>c', 'a>c'))).toEqual([]);
  });

  test('finds two that import each other, and three in a ring', () => {
    expect(circles(arrows('a>b', 'b>a', 'c>d', 'd>e', 'e>c', 'a>c'))).toEqual([
      ['a', 'b'],
      ['c', 'd', 'e'],
    ]);
  });
});

describe('folderCircles', () => {
  test('folders that import each other form one, also through a type or import()', () => {
    const source = files({
      'src/a/x.ts': "import type { Y } from '../b/y.ts';",
      'src/b/y.ts': "export const z = () => import('../a/x.ts');",
    });
    expect(folderCircles(source)).toEqual([['src/a', 'src/b']]);
  });

  test('files of one folder form none, and a file next to folders is a room of its own', () => {
    const source = files({
      'src/a/x.ts': "import { y } from './y.ts'; import { p } from '../ports.ts';",
      'src/a/y.ts': "import { x } from './x.ts';",
      'src/ports.ts': '',
      'src/extension.ts': "import { x } from './a/x.ts';",
    });
    expect(folderCircles(source)).toEqual([]);
  });
});

test('roomsOf: the folders and the files next to them', () => {
  expect(
    roomsOf(files({ 'src/core/a/x.ts': '', 'src/core/a/y.ts': '', 'src/core/ports.ts': '' }), 'src/core'),
  ).toEqual(['a', 'ports.ts']);
});

test('linesBelow: counts lines as an editor does', () => {
  expect(
    linesBelow(files({ 'src/core/x.ts': 'a;\nb;\n', 'src/core/y.ts': 'c;', 'src/z.ts': 'd;\n' }), 'src/core'),
  ).toBe(3);
});

test('dynamicImports: expressions, but not types or comments', () => {
  const text = "const a = () => import('./a.ts'); // import('./b.ts')\ntype B = import('./b.ts').B;";
  expect(dynamicImports(files({ 'src/x.ts': text }), 'src')).toEqual(['src/x.ts']);
});

test('decidingFiles: constants and plain calls are not decisions', () => {
  const source = files({
    'src/shell/a.ts': 'export const a = f(1);',
    'src/shell/b.ts': 'export const b = (x) => x ?? 1;',
  });
  expect(decidingFiles(source, 'src/shell')).toEqual(['src/shell/b.ts']);
});

test('importedByTests: imported by a test or by its imports, and no further', () => {
  const tests = files({
    'test/unit/a.test.ts':
      "import { a } from '../../src/shell/a.ts'; import { world } from './fakes/world.ts';",
    'test/unit/fakes/world.ts': "import { b } from '../../../src/shell/b.ts';",
    'test/unit/fakes/unused.ts': "import { c } from '../../../src/shell/c.ts';",
  });
  expect([...importedByTests(tests, 'src/shell')].sort()).toEqual(['src/shell/a.ts', 'src/shell/b.ts']);
});
