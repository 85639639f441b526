import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of the repository, absolute. */
export const projectRoot = resolve(import.meta.dirname, '../../..');

/** Everything that is made, and may be deleted at any time, lies here. */
export const distFolder = join(projectRoot, 'dist');

/** License texts for bundled packages that come without one. */
export const licensesFolder = join(projectRoot, '.config', 'licenses');

/** What `npm run package` makes. */
export const vsixPath = join(distFolder, 'developer-sign-in.vsix');

/**
 * Where downloads and the profile of `npm start` are kept between runs: outside the repository, so that a fresh clone finds
 * them again. `DEVELOPER_SIGN_IN_CACHE` names another folder.
 */
export function cacheFolder(): string {
  const chosen = process.env['DEVELOPER_SIGN_IN_CACHE'];
  return chosen ? resolve(chosen) : join(homedir(), '.cache', 'developer-sign-in');
}
