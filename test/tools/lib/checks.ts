import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { projectRoot } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import type { CommandOptions } from './runCommand.ts';

/**
 * Names the files that are not formatted.
 * @param files paths below the repository's folder; the whole repository unless told
 * @returns the exit code: 0 when all of them are
 */
export async function checkFormat(
  files: readonly string[] = ['.'],
  options: CommandOptions = {},
): Promise<number> {
  if (files.length === 0) return 0;
  return runBinary('prettier', 'prettier', ['--check', '--ignore-unknown', ...files], options);
}

export function writeFormat(): Promise<number> {
  return runBinary('prettier', 'prettier', ['--write', '.']);
}

/** @param eslintArguments handed on, `--fix` for example */
export function lint(eslintArguments: readonly string[] = [], options: CommandOptions = {}): Promise<number> {
  return runBinary(
    'eslint',
    'eslint',
    ['--config', '.config/eslint.config.mjs', '--max-warnings', '0', ...eslintArguments, '.'],
    options,
  );
}

/**
 * The same rules for some files only, with a cache: a file that did not change is not read again. Types are followed into
 * other files, whose changes the cache does not see: `lint` sees them.
 */
export async function lintFiles(files: readonly string[], options: CommandOptions = {}): Promise<number> {
  if (files.length === 0) return 0;
  return runBinary(
    'eslint',
    'eslint',
    [
      ...['--config', '.config/eslint.config.mjs', '--max-warnings', '0', '--no-warn-ignored'],
      ...['--cache', '--cache-strategy', 'content', '--cache-location', 'dist/cache/eslint.json'],
      ...files,
    ],
    options,
  );
}

/** The whole project, and the core once more without the types of Node and VS Code. */
export async function checkTypes(options: CommandOptions = {}): Promise<number> {
  for (const project of ['.', '.config/tsconfig.core.json']) {
    const exitCode = await runBinary('@typescript/native', 'tsc', ['-p', project], options);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

/** Exports that no file imports. What VS Code, vitest, mocha or a script loads by its path has no importer. */
export function checkUnused(options: CommandOptions = {}): Promise<number> {
  return runBinary(
    'ts-unused-exports',
    'ts-unused-exports',
    [
      'tsconfig.json',
      '--showLineNumber',
      // A type that a function takes or returns has a name to read, whether another file writes it down or not.
      '--allowUnusedTypes',
      '--findCompletelyUnusedFiles',
      `--excludePathsFromReport=${ENTRY_POINTS.join(';')}`,
    ],
    options,
  );
}

const ENTRY_POINTS = [
  'src/extension\\.ts',
  'src/ssoToken/main\\.ts',
  '\\.test\\.ts',
  'test/host/suite/',
  'test/host/installHostNow\\.ts',
  'test/sandbox/main\\.ts',
  'test/tools/[^/]*\\.ts',
  'test/bench/',
  'test/host/pictures/',
  // What the unit tests of the shell import as `vscode`.
  'test/unit/fakes/vscode\\w*\\.ts',
  'test/readme/',
  '\\.config/',
  // Imported by its whole name, which the check takes for a folder's.
  '/index\\.ts',
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
