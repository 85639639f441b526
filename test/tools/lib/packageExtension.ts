import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packagedReadme } from './packagedReadme.ts';
import { distFolder, licensesFolder, projectRoot, vsixPath } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import type { CommandOptions } from './runCommand.ts';
import { runCommand } from './runCommand.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

/** Where the files of this version can be read by everyone, so that the extension's page has pictures and links. */
export interface PublishedFiles {
  /** The repository's https address, such as `https://github.com/owner/name`. */
  readonly repository: string;
  /** The tag or commit of this version. */
  readonly ref: string;
}

/** Builds the extension and packs it into `dist/developer-sign-in.vsix`, with the licenses of all that is bundled. */
export async function packageExtension(published?: PublishedFiles): Promise<number> {
  mkdirSync(distFolder, { recursive: true });
  const built = await runCommand(process.execPath, ['esbuild.mjs'], { cwd: projectRoot });
  if (built !== 0) return built;
  const metafile: unknown = JSON.parse(readFileSync(join(distFolder, 'meta.json'), 'utf8'));
  writeFileSync(
    join(projectRoot, 'ThirdPartyNotices.txt'),
    await thirdPartyNotices(metafile, { root: projectRoot, licenses: licensesFolder }),
  );
  return packFolder(projectRoot, vsixPath, published);
}

/**
 * Packs what lies in a folder, as it is.
 * @param folder holds package.json and README.md; the README of the package is written into its `dist`
 * @param vsix the file to make
 * @returns the exit code
 */
export async function packFolder(
  folder: string,
  vsix: string,
  published?: PublishedFiles,
  options: CommandOptions = {},
): Promise<number> {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  writeFileSync(join(folder, 'dist', 'README.md'), packagedReadme(readme, published !== undefined));
  return runBinary(
    '@vscode/vsce',
    'vsce',
    [
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--readme-path',
      'dist/README.md',
      ...(published === undefined
        ? []
        : [
            '--baseContentUrl',
            `${published.repository}/blob/${published.ref}/`,
            '--baseImagesUrl',
            `${published.repository}/raw/${published.ref}/`,
          ]),
      '-o',
      vsix,
    ],
    { cwd: folder, ...options },
  );
}
