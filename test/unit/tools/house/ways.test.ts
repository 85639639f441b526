import { describe, expect, test } from 'vitest';

import { parse, readFiles } from '../../../tools/lib/house/source.ts';
import { signInWay, tokenWay } from '../../../tools/lib/house/theWays.ts';
import { measureWay } from '../../../tools/lib/house/ways.ts';
import { projectRoot } from '../../../tools/lib/paths.ts';

const files = new Map(
  Object.entries({
    'src/a.ts': 'export function command() { return store(); } class Box { put() { return write(); } }',
    'src/b.ts': 'export const store = () => new Box().put();',
    'src/c.ts': 'export function createFiles() { return {}; } function put() {}',
  }).map(([path, text]) => [path, parse(path, text)]),
);

describe('measureWay', () => {
  test('counts files, not functions', () => {
    expect(measureWay(files, ['command', 'store', 'Box.put', 'createFiles as write'])).toEqual({
      files: ['src/a.ts', 'src/b.ts', 'src/c.ts'],
      broken: [],
    });
  });

  test('reports a step that no longer exists', () => {
    expect(measureWay(files, ['command', 'gone']).broken).toEqual(['gone: does not exist']);
  });

  test('reports a step that no earlier one mentions', () => {
    expect(measureWay(files, ['command', 'createFiles']).broken).toEqual([
      'createFiles: no earlier step mentions "createFiles"',
    ]);
  });

  test('requires the end of a path for a name that occurs in two files', () => {
    const two = new Map([...files, ['src/d.ts', parse('src/d.ts', 'function store() {}')] as const]);
    expect(measureWay(two, ['command', 'store']).broken).toEqual(['store: is in src/b.ts and src/d.ts']);
    expect(measureWay(two, ['command', 'store in d.ts']).broken).toEqual([]);
  });
});

test.each([
  ['command → token stored', signInWay],
  ['getSession → refreshed token', tokenWay],
])('the listed path %s matches the source', (_, steps) => {
  expect(measureWay(readFiles(projectRoot, ['src']), steps).broken).toEqual([]);
});
