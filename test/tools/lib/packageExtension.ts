import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder, licensesFolder, projectRoot, vsixPath } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import { runCommand } from './runCommand.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

/**
 * Builds the extension and packs it into `dist/developer-sign-in.vsix`, with the licenses of all that is bundled.
 *
 * `PACKAGE_REPOSITORY` and `PACKAGE_REF` (a tag) say where the files lie to which the README's relative links lead. Without
 * them the address is not known here and none is made up: the links are of a domain that never exists.
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
    baseUrl('blob'),
    '--baseImagesUrl',
    baseUrl('raw'),
    '-o',
    vsixPath,
  ]);
}

function baseUrl(kind: 'blob' | 'raw'): string {
  const { PACKAGE_REPOSITORY: repository, PACKAGE_REF: ref } = process.env;
  return repository && ref ? `${repository}/${kind}/${ref}/` : 'https://example.invalid/';
}
