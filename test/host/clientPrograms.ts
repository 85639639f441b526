import { findOnPath, installable, installSystemPackages } from './systemPackages.ts';

/** The programs that host tests call as a person would, by the packages of Debian and Ubuntu that have them. */
const packageOf = { kubectl: 'kubernetes-client', aws: 'awscli', git: 'git', curl: 'curl' };

const WHY = 'a host test has each of them use a token';

/**
 * Installs those that are not on the PATH. A test can't do that itself: it has a network of its own.
 * @throws with the command to run, where this process may not install them
 */
export async function ensureClientPrograms(): Promise<void> {
  const missing = missingPackages();
  if (missing.length > 0) await installSystemPackages(missing, WHY);
}

/**
 * Looks whether {@link ensureClientPrograms} will have them.
 * @throws as it, where it will not
 */
export function lookForClientPrograms(): void {
  const missing = missingPackages();
  if (missing.length > 0) installable(missing, WHY);
}

function missingPackages(): readonly string[] {
  return Object.entries(packageOf)
    .filter(([program]) => findOnPath(program) === undefined)
    .map(([, name]) => name);
}
