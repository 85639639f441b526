import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findOnPath, installable, installSystemPackages, isExecutable } from './systemPackages.ts';

/** Browsers of the Chromium family, by their programs and, where they are not on the PATH, by their places. */
const { names, places } = JSON.parse(readFileSync(join(import.meta.dirname, 'browsers.json'), 'utf8')) as {
  readonly names: readonly string[];
  readonly places: Partial<Record<NodeJS.Platform, readonly string[]>>;
};

/**
 * A browser of the Chromium family: what `CHROMIUM` names, or the first that is found, or Debian's, which is installed.
 * @returns the path of its executable
 * @throws with the command to run, where one is missing and this process may not install it
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
 * Looks whether {@link ensureChromium} will have one.
 * @throws as it, where it will not
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
