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

/** The place of publication of this version. Missing values stay out of the package; none is made up. */
export interface Published {
  /** The https address of the repository, such as `https://github.com/owner/name`. */
  readonly repository: string;
  /** The tag or commit of this version. */
  readonly ref: string;
  /** The address of the README's pictures, with a trailing slash; by default inside the repository. */
  readonly pictures?: string | undefined;
  /** The address for bug reports, also used by VS Code's issue reporter. */
  readonly bugs?: string | undefined;
  readonly homepage?: string | undefined;
}

/**
 * Builds the extension and packages it as `dist/developer-sign-in.vsix`, with the licenses of all bundled code.
 * @returns the exit code
 */
export async function packageExtension(
  published?: Published,
  options: Pick<CommandOptions, 'onOutput'> = {},
): Promise<number> {
  const { onOutput = (text: string) => process.stdout.write(text) } = options;
  mkdirSync(distFolder, { recursive: true });
  const built = await runCommand(process.execPath, ['esbuild.mjs'], { cwd: projectRoot, ...options });
  if (built !== 0) return built;
  const metafile: unknown = JSON.parse(readFileSync(join(distFolder, 'meta.json'), 'utf8'));
  writeFileSync(
    join(projectRoot, 'ThirdPartyNotices.txt'),
    await thirdPartyNotices(metafile, { root: projectRoot, licenses: licensesFolder }),
  );
  const exitCode = await packFolder(projectRoot, vsixPath, published, options);
  if (exitCode === 0) onOutput(`SHA-256 ${sha256(vsixPath)}\n`);
  return exitCode;
}

export function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * Packages the relevant files of a folder. The build is reproducible: the same content always results in the same
 * file.
 * @param folder contains package.json, README.md and .vscodeignore; its `dist/package` is the staging folder
 * @param vsix the output file
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
  // The staging folder contains exactly the files to package.
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

/** Manifest members for development only: dependencies are in the bundle. */
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

/** 2025-01-01, for a copy without Git history. ZIP cannot represent 1970. */
const SOME_DAY = 1_735_689_600;

/** Timestamp of packaged files in epoch seconds: `SOURCE_DATE_EPOCH`, or the time of the commit. */
function sourceDate(folder: string): number {
  const told = process.env['SOURCE_DATE_EPOCH'];
  if (told !== undefined && /^\d+$/.test(told)) return Number(told);
  const { stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: folder, encoding: 'utf8' });
  return Number(/^\d+$/.exec((stdout as string | null)?.trim() ?? '')?.[0] ?? SOME_DAY);
}
