import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runQuietly } from './runQuietly.ts';

/** Where a program lies that the PATH leads to; undefined when it is not installed. */
export function findOnPath(program: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders
    .flatMap((folder) => endings.map((ending) => join(folder, program + ending)))
    .find((file) => isExecutable(file));
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs packages of Debian or Ubuntu, where this process may.
 * @param why one clause for the person who watches: "the host tests drive a browser"
 * @throws an Error with the command to run by hand where it may not, or where apt-get fails
 */
export async function installSystemPackages(packages: readonly string[], why: string): Promise<void> {
  const install = installable(packages, why);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly(
    `Reading the package lists, because ${packages.join(', ')} is missing (${why})`,
    'apt-get',
    ['update'],
    {
      env,
    },
  );
  await runQuietly(`Installing ${packages.join(', ')}`, 'apt-get', install.slice(1), { env });
}

/**
 * Whether {@link installSystemPackages} may do that here; it looks and installs nothing.
 * @returns the command
 * @throws with the command to run by hand where it may not
 */
export function installable(packages: readonly string[], why: string): readonly string[] {
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  if (!findOnPath('apt-get'))
    throw new Error(
      `Missing on this machine: ${packages.join(', ')} (${why}). Install it and run the same command again.`,
    );
  if (process.getuid?.() !== 0)
    throw new Error(
      `Missing on this machine: ${packages.join(', ')} (${why}). Install it and run the same command again:\n` +
        `  sudo apt-get update && sudo ${install.join(' ')}`,
    );
  return install;
}

/** Whether a program is there and answers, `python3 --version` for example. */
export function answers(program: string, argument = '--version'): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}
