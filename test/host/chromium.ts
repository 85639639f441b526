import { findOnPath, installable, installSystemPackages, isExecutable } from './systemPackages.ts';

/** Where browsers of the Chromium family lie that are not on the PATH. */
const KNOWN_PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

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
  const known = KNOWN_PLACES[process.platform] ?? [];
  return known.find((place) => isExecutable(place)) ?? firstOnPath(NAMES);
}

function firstOnPath(names: readonly string[]): string | undefined {
  for (const name of names) {
    const path = findOnPath(name);
    if (path) return path;
  }
  return undefined;
}
