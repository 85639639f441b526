import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { projectRoot } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import type { CommandOptions } from './runCommand.ts';

/**
 * Lists files that are not formatted.
 * @param files paths relative to the repository; by default the whole repository
 * @returns the exit code: 0 if all are formatted
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

/**
 * Lints with two linters: oxlint has the general rules, with types, in a fifth of ESLint's time; ESLint has this
 * project's own, for `src`.
 * @param lintArguments for both, such as `--fix`
 * @returns the exit code: 0 if neither found a mistake
 */
export function lint(lintArguments: readonly string[] = [], options: CommandOptions = {}): Promise<number> {
  return lintFiles(['src', 'test', '.config'], options, lintArguments);
}

/** As {@link lint}, for some files or folders. */
export async function lintFiles(
  files: readonly string[],
  options: CommandOptions = {},
  lintArguments: readonly string[] = [],
): Promise<number> {
  if (files.length === 0) return 0;
  const general = await runBinary(
    'oxlint',
    'oxlint',
    [
      ...[
        '--config',
        '.config/oxlint.jsonc',
        '--disable-nested-config',
        '--ignore-pattern=**/*.{js,mjs,cjs}',
      ],
      ...lintArguments,
      ...files,
    ],
    options,
  );
  const product = files.filter((file) => /^src(\/|$)/.test(file));
  if (product.length === 0) return general;
  const own = await runBinary(
    'eslint',
    'eslint',
    ['--config', '.config/eslint.config.mjs', '--max-warnings', '0', ...lintArguments, ...product],
    options,
  );
  return Math.max(general, own);
}

/** Type-checks the whole project, then the core again without the types of Node and VS Code. */
export async function checkTypes(options: CommandOptions = {}): Promise<number> {
  for (const project of ['.', '.config/tsconfig.core.json']) {
    const exitCode = await runBinary('@typescript/native', 'tsc', ['-p', project], options);
    if (exitCode !== 0) return exitCode;
  }
  return 0;
}

/**
 * Finds exports that no file imports. Files that VS Code, vitest, mocha or a script loads by path have no
 * importer.
 */
export function checkUnused(options: CommandOptions = {}): Promise<number> {
  return runBinary(
    'ts-unused-exports',
    'ts-unused-exports',
    [
      'tsconfig.json',
      '--showLineNumber',
      // Types of parameters and results stay exported to be readable, even if no other file imports them.
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
  // Unit tests of the shell import this file as `vscode`.
  'test/unit/fakes/vscode\\w*\\.ts',
  'test/readme/',
  '\\.config/',
  // Imported by its full name, which the check mistakes for a folder's.
  '/index\\.ts',
  // `esbuild.mjs` substitutes it for another module.
  'src/adapters/node/noCredentials\\.ts',
  ...loadedLater(),
];

/** Modules loaded with `import()`, which this check does not follow. */
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
