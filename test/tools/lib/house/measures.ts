import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../paths.ts';
import { kindQuestions } from './kindQuestions.ts';
import {
  decidingFiles,
  dynamicImports,
  folderCircles,
  importedByTests,
  linesBelow,
  roomsOf,
} from './shape.ts';
import { readFiles, readSource } from './source.ts';
import { signInWay, tokenWay } from './theWays.ts';
import { measureWay, type Step } from './ways.ts';

/** One measure of the house. */
export interface Measure {
  readonly name: string;
  /** Value before the restructuring, counted by hand unless it names this script. */
  readonly before: string;
  readonly now: string;
  readonly goal: string;
  /** Details behind `Current`, one per line. */
  readonly details: readonly string[];
}

/** Measures the source on disk. */
export function measureHouse(): Measure[] {
  const source = readSource(projectRoot, ['src']);
  const { files } = source;
  const tests = readFiles(projectRoot, ['test/unit']);
  const way = (name: string, before: string, goal: string, steps: readonly Step[]): Measure => {
    const { files: onTheWay, broken } = measureWay(files, steps);
    const gaps = broken.length === 0 ? '' : ` (and ${broken.length} steps that are not found)`;
    return {
      name: `files on the way ${name}`,
      before,
      now: `${onTheWay.length}${gaps}`,
      goal,
      details: [...broken, ...onTheWay],
    };
  };
  const isOfProviders = (path: string) => /^src\/(core|shell)\/providers\//.test(path);
  const questions = kindQuestions(source).filter(({ path }) => !isOfProviders(path));
  const rooms = roomsOf(files, 'src/core');
  const circles = folderCircles(files);
  const deciding = decidingFiles(files, 'src/shell');
  const imported = importedByTests(tests, 'src/shell');
  const untested = deciding.filter((path) => !imported.has(path));
  const imports = dynamicImports(files, 'src');
  const inProtocols = imports.filter((path) => /^src\/core\/(identityCenter|okta|oidc)\//.test(path));
  return [
    way('command → token stored', '46 (46 by this list)', '≤ 34', signInWay),
    way('getSession → refreshed token', '31 (26 by this list)', '≤ 22', tokenWay),
    {
      name: 'places outside `providers/` that ask for the kind of connection',
      before: '76 in 36 files (104 in 47 by this script)',
      now: `${questions.length} in ${new Set(questions.map(({ path }) => path)).size} files`,
      goal: '≤ 4',
      details: questions.map(({ path, line }) => `${path}:${line}`),
    },
    {
      name: 'files to touch for a provider / a check / a member / an error kind / a command',
      before: '44 / 12–15 / 14 / 5 / 9',
      now: ['A provider', 'A setup check', 'A member of a connection', 'An error kind', 'A command']
        .map((title) => stepsOf(title))
        .join(' / '),
      goal: '≤ 6 / ≤ 4 / ≤ 4 / ≤ 5 / ≤ 6',
      details: [],
    },
    {
      name: 'lines of `src/core`',
      before: '7,079 (9,956 when the house was moved)',
      now: linesBelow(files, 'src/core').toLocaleString('en'),
      goal: '≤ 4,600',
      details: [],
    },
    { name: 'rooms of `src/core`', before: '24', now: `${rooms.length}`, goal: '≤ 10', details: rooms },
    {
      name: 'folder circles in `src`',
      before: '3',
      now: `${circles.length}`,
      goal: '0',
      details: circles.map((circle) => circle.join(' ⇄ ')),
    },
    {
      name: 'shell files that decide something and that a unit test imports',
      before: '22 of 70',
      now: `${deciding.length - untested.length} of ${deciding.length}`,
      goal: 'all',
      details: untested.map((path) => `not: ${path}`),
    },
    {
      name: '`import()` in `src`',
      before: '56',
      now: `${imports.length}`,
      goal: '≤ 20',
      details: counted(imports),
    },
    {
      name: '`import()` in the protocols of `src/core`',
      before: '8',
      now: `${inProtocols.length}`,
      goal: '0',
      details: counted(inProtocols),
    },
  ];
}

/** The files listed by a recipe in CONTRIBUTING.md. */
function stepsOf(title: string): number {
  const recipes = readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8').split(/^#+ /m);
  const recipe = recipes.find((text) => text.startsWith(`${title}\n`)) ?? '';
  return [...recipe.matchAll(/^\d+\. `/gm)].length;
}

function counted(paths: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const path of paths) times.set(path, (times.get(path) ?? 0) + 1);
  return [...times].map(([path, count]) => `${path}: ${count}`);
}

/** Formats the measures as a Markdown table. */
export function measuresTable(measures: readonly Omit<Measure, 'details'>[]): string {
  const rows = measures.map(({ name, before, now, goal }) => [name, before, now, goal]);
  const lines = [['measure', 'at the start', 'now', 'goal'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
