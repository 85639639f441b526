import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder, licensesFolder, projectRoot, vsixPath } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import { runCommand } from './runCommand.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

/**
 * Builds the extension and packs it into `dist/developer-sign-in.vsix`, with the licenses of all that is bundled.
 *
 * The repository's address is not known here and none is made up: the bases are of a domain that never exists, and relative
 * links in the README lead nowhere until somebody publishes the extension with bases of their own.
 */
export async function packageExtension(): Promise<number> {
  mkdirSync(distFolder, { recursive: true });
  const built = await runCommand(process.execPath, ['esbuild.mjs'], { cwd: projectRoot });
  if (built !== 0) return built;
  const metafile: unknown = JSON.parse(readFileSync(join(distFolder, 'meta.json'), 'utf8'));
  writeFileSync(
    join(projectRoot, 'ThirdPartyNotices.txt'),
    await thirdPartyNotices(metafile, { root: projectRoot, licenses: licensesFolder }),
  );
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
