import { lstat, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PolicyPlace } from './policyPlace.ts';

/** The folder beside the policy file that holds more of them, one a team. */
export function policyFolder({ path }: PolicyPlace): string {
  return join(dirname(path), 'policy.d');
}

/** Beside the policy file: the organization wants no sign-in without its rules. */
export function requiredFile({ path }: PolicyPlace): string {
  return join(dirname(path), 'policy.required');
}

/**
 * The names of the policy files in a folder, in the order in which they are merged. Hidden files and other names are left
 * out: tools leave such files while they write.
 */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
}

/** What is different once any of the files, or who can change one, is; nothing is opened for it. */
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

async function markOf(path: string, look: typeof lstat): Promise<string> {
  try {
    const { ino, size, mode, uid, mtimeNs, ctimeNs } = await look(path, { bigint: true });
    return [ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
  } catch {
    return '';
  }
}
