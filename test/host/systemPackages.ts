import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runQuietly } from './runQuietly.ts';

/** Path of a program on the PATH; undefined if not installed. */
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
 * Installs Debian or Ubuntu packages, if this process has permission.
 * @param why a clause to print: "the host tests drive a browser"
 * @throws an Error with the command to run manually, without permission or if apt-get fails
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
 * Verifies that {@link installSystemPackages} has permission, without installing anything.
 * @returns the command
 * @throws with the command to run manually, without permission
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

/** Whether a program exists and runs, such as `python3 --version`. */
export function answers(program: string, argument = '--version'): boolean {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0;
}
