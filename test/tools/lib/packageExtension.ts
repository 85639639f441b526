import { mkdirSync } from 'node:fs';

import { distFolder, projectRoot, vsixPath } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import { runCommand } from './runCommand.ts';

/**
 * Builds the extension and packs it into `dist/developer-sign-in.vsix`.
 *
 * The repository's address is not known here and none is made up: the bases are of a domain that never exists, and relative
 * links in the README lead nowhere until somebody publishes the extension with bases of their own.
 */
export async function packageExtension(): Promise<number> {
  mkdirSync(distFolder, { recursive: true });
  const built = await runCommand(process.execPath, ['esbuild.mjs'], { cwd: projectRoot });
  if (built !== 0) return built;
  return runBinary('@vscode/vsce', 'vsce', [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--baseContentUrl',
    'https://example.invalid/',
    '--baseImagesUrl',
    'https://example.invalid/',
    '-o',
    vsixPath,
  ]);
}
