import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { distFolder } from '../tools/lib/paths.ts';
import { cleanEnvironment } from './cleanEnvironment.ts';
import type { InstalledHost } from './installHost.ts';

/** Folders of a code-server. */
export interface ProfileFolders {
  readonly root: string;
  readonly userData: string;
  readonly extensions: string;
}

/** Arguments for every code-server on a profile. */
export function folderArguments({ root, userData, extensions }: ProfileFolders): string[] {
  return ['--config', join(root, 'config.yaml'), '--user-data-dir', userData, '--extensions-dir', extensions];
}

/**
 * Lets code-server install extensions into a profile.
 * @param vsix paths of VSIX files
 * @throws with its output on failure
 */
export function installExtensions(
  { node, entry }: InstalledHost,
  folders: ProfileFolders,
  env: NodeJS.ProcessEnv,
  vsix: readonly string[],
): void {
  if (vsix.length === 0) return;
  const install = vsix.flatMap((file) => ['--install-extension', file]);
  const { status, stdout, stderr } = spawnSync(
    node,
    [entry, ...folderArguments(folders), '--force', ...install],
    { env, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`code-server did not install ${vsix.join(' and ')}:\n${stdout}${stderr}`);
}

/** VS Code's list of installed extensions; it contains absolute paths. */
const LIST = 'extensions.json';

/**
 * Fills an empty extensions folder as code-server would: installs each version of the VSIX files once, then
 * copies the result.
 */
export function copyExtensions(host: InstalledHost, vsix: readonly string[], folder: string): void {
  if (vsix.length === 0) return;
  const installed = installOnce(host, vsix);
  cpSync(installed, folder, { recursive: true });
  const list = join(folder, LIST);
  writeFileSync(list, readFileSync(list, 'utf8').replaceAll(installed, folder));
}

function installOnce(host: InstalledHost, vsix: readonly string[]): string {
  const hash = createHash('sha256').update(host.entry);
  for (const file of vsix) hash.update(readFileSync(file));
  const parent = join(distFolder, 'test/installed');
  const folder = join(parent, hash.digest('hex').slice(0, 16));
  if (existsSync(folder)) return folder;
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(join(parent, 'new-'));
  try {
    const folders = { root, userData: join(root, 'data'), extensions: join(root, 'ext') };
    writeFileSync(join(root, 'config.yaml'), '{}\n');
    installExtensions(host, folders, cleanEnvironment({ HOME: root, USERPROFILE: root }), vsix);
    const list = join(folders.extensions, LIST);
    writeFileSync(list, readFileSync(list, 'utf8').replaceAll(folders.extensions, folder));
    // Another process may have been faster.
    if (!existsSync(folder)) renameSync(folders.extensions, folder);
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
  return folder;
}
