import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { projectRoot } from './paths.ts';
import { runBinary } from './projectBinary.ts';

/** Whether every file is formatted; names those that are not. */
export function checkFormat(): Promise<number> {
  return runBinary('prettier', 'prettier', ['--check', '.']);
}

export function writeFormat(): Promise<number> {
  return runBinary('prettier', 'prettier', ['--write', '.']);
}

/** @param eslintArguments handed on, `--fix` for example */
export function lint(eslintArguments: readonly string[] = []): Promise<number> {
  return runBinary('eslint', 'eslint', [
    '--config',
    '.config/eslint.config.mjs',
    '--max-warnings',
    '0',
    ...eslintArguments,
    '.',
  ]);
}

/** The whole project, and the core once more without the types of Node and VS Code. */
export async function checkTypes(): Promise<number> {
  for (const project of ['.', '.config/tsconfig.core.json']) {
    const exitCode = await runBinary('@typescript/native', 'tsc', ['-p', project]);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

/** Exports that nobody imports. What VS Code, vitest, mocha or a script loads by its path is imported by nobody. */
export function checkUnused(): Promise<number> {
  return runBinary('ts-unused-exports', 'ts-unused-exports', [
    'tsconfig.json',
    '--showLineNumber',
    // A type that a function takes or gives has a name to read, whether somebody else writes it down or not.
    '--allowUnusedTypes',
    '--findCompletelyUnusedFiles',
    `--excludePathsFromReport=${ENTRY_POINTS.join(';')}`,
  ]);
}

const ENTRY_POINTS = [
  'src/extension\\.ts',
  '\\.test\\.ts',
  'test/host/suite/',
  'test/sandbox/main\\.ts',
  'test/tools/[^/]*\\.ts',
  'test/bench/',
  'test/host/pictures/',
  // What the unit tests of the shell import as `vscode`.
  'test/unit/fakes/vscode(OnScreen)?\\.ts',
  'test/readme/',
  '\\.config/',
  // `esbuild.mjs` puts it into another module's place.
  'src/adapters/node/noCredentials\\.ts',
  ...loadedLater(),
];

/** What `import()` loads when it is needed, which this check does not follow. */
function loadedLater(): string[] {
  return ['src', 'test/sandbox'].flatMap((folder) => {
    const source = join(projectRoot, folder);
    return globSync('**/*.ts', { cwd: source }).flatMap((file) =>
      [...readFileSync(join(source, file), 'utf8').matchAll(/\bimport\('(\.[^']+\.ts)'\)/g)].map(([, path]) =>
        [folder, join(dirname(file), path ?? '')].join('/').replaceAll('\\', '/').replace(/\.ts$/, '\\.ts'),
      ),
    );
  });
}
