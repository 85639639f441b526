import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findOnPath, installable, installSystemPackages, isExecutable } from './systemPackages.ts';

/** Chromium-based browsers by command, with their usual locations if they are not on the PATH. */
const { names, places } = JSON.parse(readFileSync(join(import.meta.dirname, 'browsers.json'), 'utf8')) as {
  readonly names: readonly string[];
  readonly places: Partial<Record<NodeJS.Platform, readonly string[]>>;
};

/**
 * Finds a Chromium-based browser: `CHROMIUM`, the first one found, or Debian's, which it installs.
 * @returns the path of its executable
 * @throws with the command to run, if none is found and this process cannot install one
 */
export async function ensureChromium(): Promise<string> {
  const chosen = process.env['CHROMIUM'];
  if (chosen) {
    if (!isExecutable(chosen)) throw new Error(`CHROMIUM names ${chosen}, which is not an executable file.`);
    return chosen;
  }
  const found = findChromium();
  if (found) return found;
  await installSystemPackages(['chromium'], WHY);
  const installed = findChromium();
  if (!installed) throw new Error('chromium was installed, but is not on the PATH.');
  return installed;
}

const WHY = 'the host tests drive a browser; CHROMIUM may name another of its family';

/**
 * Verifies that {@link ensureChromium} will find a browser.
 * @throws as {@link ensureChromium}, if it will not
 */
export function lookForChromium(): void {
  if (!process.env['CHROMIUM'] && findChromium() === undefined) installable(['chromium'], WHY);
}

function findChromium(): string | undefined {
  const known = places[process.platform] ?? [];
  return known.find((place) => isExecutable(place)) ?? firstOnPath(names);
}

function firstOnPath(programs: readonly string[]): string | undefined {
  for (const name of programs) {
    const path = findOnPath(name);
    if (path) return path;
  }
  return undefined;
}
