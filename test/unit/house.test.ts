import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileCircles, folderCircles } from '../tools/lib/house/shape.ts';
import { importsOf, readFiles } from '../tools/lib/house/source.ts';
import type { Files } from '../tools/lib/house/source.ts';
import { projectRoot } from '../tools/lib/paths.ts';

/** The rooms of the source and the imports between them, including type imports. */

let files: Files;

beforeAll(() => {
  files = readFiles(projectRoot, ['src']);
}, 60_000); // Loading the compiler takes time.

/** The rooms that files below a folder import from, outside of that folder. */
function importedFrom(folder: string): string[] {
  const below = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  const targets = below.flatMap(([path, file]) => importsOf(path, file)).filter((path) => files.has(path));
  return [...new Set(targets.map(dirname))].filter((room) => !`${room}/`.startsWith(`${folder}/`)).sort();
}

const inShell = (room: string): boolean => room.startsWith('src/shell');

describe('folderCircles', () => {
  test('no rooms import each other in a circle', () => {
    expect(folderCircles(files)).toEqual([]);
  });
});

describe('fileCircles', () => {
  test('no files import each other in a circle, not even for types', () => {
    expect(fileCircles(files)).toEqual([]);
  });
});

describe('the shared rooms of the shell', () => {
  test.each([
    ['src/shell/ui', ['src/shell']],
    ['src/shell/providers', ['src/shell', 'src/shell/ui']],
    ['src/shell/format', ['src/shell', 'src/shell/providers', 'src/shell/ui']],
  ])('%s imports no other room of the shell', (folder, allowed) => {
    const rooms = importedFrom(folder).filter(inShell);
    expect(rooms.filter((room) => !allowed.includes(room))).toEqual([]);
  });
});

describe('imports go one way', () => {
  test.each([
    ['src/core', []],
    ['src/input', ['src/core']],
    ['src/output', []],
    ['src/features', ['src/core', 'src/input', 'src/output']],
    ['src/setup', ['src/core', 'src/input', 'src/output']],
    ['src/adapters', ['src/core', 'src/input', 'src/output', 'src/features', 'src/setup']],
    ['src/shell', ['src/core', 'src/input', 'src/output', 'src/features', 'src/setup']],
    ['src/ssoToken', ['src/features']],
    // `src` itself contains the composition without an editor.
    ['src/checkSetup', ['src', 'src/setup', 'src/input', 'src/core']],
  ])('%s', (folder, allowed) => {
    const isAllowed = (room: string): boolean =>
      allowed.some((one) => room === one || (one !== 'src' && room.startsWith(`${one}/`)));
    expect(importedFrom(folder).filter((room) => !isAllowed(room))).toEqual([]);
  });
});
