import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { projectRoot } from '../../tools/lib/paths.ts';
import { JOURNEY_COMMAND, journeySection } from '../../tools/lib/journeyTable.ts';
import { withSection } from '../../tools/lib/measured.ts';

const journey = readFileSync(join(projectRoot, 'test/host/journey.ts'), 'utf8');
const titles = [...journey.matchAll(/\bit\('([^']+)'/g)].map(([, title = '']) => title);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journey-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(tests: readonly (readonly [title: string, status: string])[]): string {
  const file = join(folder, 'report.json');
  const assertionResults = tests.map(([title, status]) => ({ title, status }));
  writeFileSync(file, JSON.stringify({ testResults: [{ assertionResults }] }));
  return file;
}

const passed = (guides: string): string =>
  report([...titles, guides].map((title) => [title, 'passed'] as const));
const rows = (section: string): string[] => section.split('\n').filter((line) => /^\| (VS|Ecl)/.test(line));

describe('journeySection', () => {
  test('has a column for each part of the journey', () => {
    expect(titles).toHaveLength(6);
    const [row] = rows(journeySection('', 'VS Code 1.105.1', passed('reads the walkthroughs')));
    expect(row).toBe('| VS Code 1.105.1 | works | works | works | works | works | works | works |');
  });

  test('shows failures, and parts that were not reached', () => {
    const [first = '', second = ''] = titles;
    const file = report([
      [first, 'passed'],
      [second, 'failed'],
    ]);
    const [row] = rows(journeySection('', 'VS Code 1.105.1', file));
    expect(row).toMatch(/^\| VS Code 1\.105\.1 \| works \| \*\*fails\*\* \| not reached \| /);
  });

  test('replaces the editor’s row, and keeps the others, VS Code first', () => {
    let document = '# Measured\n';
    const add = (editor: string, file: string): void => {
      document = withSection(document, JOURNEY_COMMAND, journeySection(document, editor, file));
    };
    add('Eclipse Theia 1.74.1', passed('has no walkthroughs, and offers none'));
    add('VS Code 1.139.1', passed('reads the walkthroughs'));
    add('VS Code 1.105.1', report([]));
    add('VS Code 1.105.1', passed('reads the walkthroughs'));
    expect(rows(document).map((row) => row.split(' | ')[0])).toEqual([
      '| VS Code 1.105.1',
      '| VS Code 1.139.1',
      '| Eclipse Theia 1.74.1',
    ]);
    expect(document).not.toContain('not reached');
    expect(rows(document)[2]).toContain('none there');
  });
});
