import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';

import { listFiles, PackageManager } from '@vscode/vsce';

import { packagedReadme } from './packagedReadme.ts';
import { distFolder, licensesFolder, projectRoot, vsixPath } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import type { CommandOptions } from './runCommand.ts';
import { runCommand } from './runCommand.ts';
import { thirdPartyNotices } from './thirdPartyNotices.ts';

/** Where this version is published. No address is invented: what is not given is not in the package. */
export interface Published {
  /** The repository's https address, such as `https://github.com/owner/name`. */
  readonly repository: string;
  /** The tag or commit of this version. */
  readonly ref: string;
  /** Where the README's pictures lie, with a slash at its end; below the repository unless told. */
  readonly pictures?: string | undefined;
  /** Where problems are reported; VS Code's own issue reporter leads there. */
  readonly bugs?: string | undefined;
  readonly homepage?: string | undefined;
}

/** Builds the extension and packs it into `dist/developer-sign-in.vsix`, with the licenses of all that is bundled. */
export async function packageExtension(published?: Published): Promise<number> {
  mkdirSync(distFolder, { recursive: true });
  const built = await runCommand(process.execPath, ['esbuild.mjs'], { cwd: projectRoot });
  if (built !== 0) return built;
  const metafile: unknown = JSON.parse(readFileSync(join(distFolder, 'meta.json'), 'utf8'));
  writeFileSync(
    join(projectRoot, 'ThirdPartyNotices.txt'),
    await thirdPartyNotices(metafile, { root: projectRoot, licenses: licensesFolder }),
  );
  const exitCode = await packFolder(projectRoot, vsixPath, published);
  if (exitCode === 0) console.log(`SHA-256 ${sha256(vsixPath)}`);
  return exitCode;
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * Packs what of a folder belongs into a package. The same content makes the same file, wherever and whenever it is packed.
 * @param folder holds package.json, README.md and .vscodeignore; what is packed is put together in its `dist/package`
 * @param vsix the file to make
 * @returns the exit code
 */
export async function packFolder(
  folder: string,
  vsix: string,
  published?: Published,
  options: CommandOptions = {},
): Promise<number> {
  const staged = join(folder, 'dist', 'package');
  rmSync(staged, { recursive: true, force: true });
  for (const file of await listFiles({ cwd: folder, packageManager: PackageManager.None })) {
    mkdirSync(dirname(join(staged, file)), { recursive: true });
    if (file.endsWith('.json')) writeFileSync(join(staged, file), JSON.stringify(readJson(folder, file)));
    else cpSync(join(folder, file), join(staged, file));
  }
  const manifest = publishedManifest(readJson(folder, 'package.json') as object, published);
  writeFileSync(join(staged, 'package.json'), JSON.stringify(manifest));
  // What is there is what is to be packed.
  writeFileSync(join(staged, '.vscodeignore'), '');
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  writeFileSync(join(staged, 'README.md'), packagedReadme(readme, published !== undefined));
  return runBinary(
    '@vscode/vsce',
    'vsce',
    [
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      ...(published === undefined
        ? []
        : [
            '--baseContentUrl',
            `${published.repository}/blob/${published.ref}/`,
            '--baseImagesUrl',
            published.pictures ?? `${published.repository}/raw/${published.ref}/`,
          ]),
      '-o',
      vsix,
    ],
    { cwd: staged, env: { ...process.env, SOURCE_DATE_EPOCH: String(sourceDate(folder)) }, ...options },
  );
}

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** What only builds the extension: who installs it has no use for it, and what it depends on is in the bundle. */
const building = ['scripts', 'dependencies', 'devDependencies', 'allowScripts'];

function publishedManifest(whole: object, published: Published | undefined): object {
  const manifest = Object.fromEntries(Object.entries(whole).filter(([name]) => !building.includes(name)));
  if (published === undefined) return manifest;
  const { repository, bugs, homepage } = published;
  return {
    ...manifest,
    repository: { type: 'git', url: `${repository}.git` },
    ...(bugs === undefined ? {} : { bugs: { url: bugs } }),
    ...(homepage === undefined ? {} : { homepage }),
  };
}

/** 2025-01-01: for a copy without its history. A ZIP file cannot say 1970. */
const SOME_DAY = 1_735_689_600;

/** The time that the packed files get, in epoch seconds: `SOURCE_DATE_EPOCH`, or that of the commit. */
function sourceDate(folder: string): number {
  const told = process.env['SOURCE_DATE_EPOCH'];
  if (told !== undefined && /^\d+$/.test(told)) return Number(told);
  const { stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: folder, encoding: 'utf8' });
  return Number(/^\d+$/.exec((stdout as string | null)?.trim() ?? '')?.[0] ?? SOME_DAY);
}
