import { findOnPath, installable, installSystemPackages } from './systemPackages.ts';

/** Programs that host tests call as a user would, by their Debian and Ubuntu packages. */
const packageOf = { kubectl: 'kubernetes-client', aws: 'awscli', git: 'git', curl: 'curl' };

const WHY = 'a host test has each of them use a token';

/**
 * Installs those that are not on the PATH. Tests cannot do it themselves, since they run in an isolated network.
 * @throws with the command to run, if this process cannot install them
 */
export async function ensureClientPrograms(): Promise<void> {
  const missing = missingPackages();
  if (missing.length > 0) await installSystemPackages(missing, WHY);
}

/**
 * Verifies that {@link ensureClientPrograms} will succeed.
 * @throws as {@link ensureClientPrograms}, if it will not
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
