import { spawnSync } from 'node:child_process';

import { runQuietly } from './runQuietly.ts';
import { findOnPath } from './systemPackages.ts';

const NAME = 'chromium-headless-shell';

/**
 * Debian's Chromium without a user interface, which draws the same pages with less processor time. It lacks what Chromium adds to
 * its engine, such as origins that count as secure.
 * @returns its path; undefined if not installed, or if `CHROMIUM` names a browser
 */
export function findHeadlessShell(): string | undefined {
  return process.env['CHROMIUM'] ? undefined : findOnPath(NAME);
}

/**
 * Installs it beside Debian's Chromium, if this process has permission and the package lists have the same version: another
 * one would replace the installed Chromium. Without it, tests use Chromium and take longer.
 */
export async function installHeadlessShell(): Promise<void> {
  if (process.env['CHROMIUM'] || findHeadlessShell() !== undefined) return;
  if (process.getuid?.() !== 0 || findOnPath('apt-get') === undefined) return;
  const version = installedVersion('chromium');
  if (version === undefined) return;
  const install = ['install', '-y', '--no-install-recommends', '--no-remove', `${NAME}=${version}`];
  if (spawnSync('apt-get', ['--simulate', ...install], { stdio: 'ignore' }).status !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runQuietly(`Installing ${NAME}, which needs less processor time than Chromium`, 'apt-get', install, {
    env,
  }).catch(() => console.log('  not installed: the tests use Chromium'));
}

/** @returns undefined if not installed as a Debian package */
function installedVersion(name: string): string | undefined {
  const { status, stdout } = spawnSync('dpkg-query', ['--show', '--showformat=${Version}', name], {
    encoding: 'utf8',
  });
  return status === 0 && stdout !== '' ? stdout : undefined;
}
