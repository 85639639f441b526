import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Absolute path of the repository. */
export const projectRoot = resolve(import.meta.dirname, '../../..');

/** Folder for all build output; safe to delete at any time. */
export const distFolder = join(projectRoot, 'dist');

/** License texts for bundled packages that ship without one. */
export const licensesFolder = join(projectRoot, '.config', 'licenses');

/** Output of `npm run package`. */
export const vsixPath = join(distFolder, 'developer-sign-in.vsix');

/**
 * Folder that keeps downloads and the profile of `npm start` between runs. It is outside the repository, so a
 * fresh clone reuses it. `DEVELOPER_SIGN_IN_CACHE` overrides it.
 */
export function cacheFolder(): string {
  const chosen = process.env['DEVELOPER_SIGN_IN_CACHE'];
  return chosen ? resolve(chosen) : join(homedir(), '.cache', 'developer-sign-in');
}
