import { lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PolicyPlace } from './policyPlace.ts';

/** The folder beside the policy file for further files, such as one per team. */
export function policyFolder({ path }: PolicyPlace): string {
  return join(dirname(path), 'policy.d');
}

/** The marker file beside the policy file that forbids sign-in without rules. */
export function requiredFile({ path }: PolicyPlace): string {
  return join(dirname(path), 'policy.required');
}

/**
 * Names of the policy files in a folder, in merge order: `.JSON` too, as Windows does not distinguish them. Skips
 * hidden files and other extensions, which tools leave while they write.
 */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^[^.].*\.json$/is.test(name)).sort();
}

/** A stamp that changes when a policy file or its access does. Opens no file. */
export async function policyStamp(place: PolicyPlace): Promise<string> {
  const folder = policyFolder(place);
  const names = await filesIn(folder).catch(() => []);
  const paths = [
    ...[dirname(place.path), place.path, requiredFile(place), folder],
    ...names.map((name) => join(folder, name)),
  ];
  const marks = await Promise.all(
    paths.map((path) => Promise.all([markOf(path, lstat), markOf(path, stat)])),
  );
  return JSON.stringify([names, marks]);
}

async function markOf(path: string, statOf: typeof lstat): Promise<string> {
  try {
    const { ino, size, mode, uid, mtimeNs, ctimeNs } = await statOf(path, { bigint: true });
    return [ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
  } catch {
    return '';
  }
}
