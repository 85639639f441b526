import { lstat, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, posix, resolve, win32 } from 'node:path';
import { changedByOthers, programDataFolder, windowsSystem } from './windowsPolicy.ts';
import type { WindowsSystem } from './windowsPolicy.ts';

/** The location of an administrator's policy file, and how its ownership is verified. */
export interface PolicyPlace {
  readonly path: string;
  /** The required user ID of the file and its folder, which no other user may write to; undefined on Windows. */
  readonly owner: number | undefined;
  /** Another user ID that is accepted as the owner. */
  readonly alsoOwner?: () => Promise<number | undefined>;
  /** On Windows: the first of a file and its folder that others can change. Rejects if that is unknown. */
  readonly changedByOthers?: (file: string) => Promise<string | undefined>;
  /** The location that the environment claims, if it differs. */
  readonly environment?: string;
  /**
   * Whether watching the parent folder is cheap, since it reports that folder's own entries only: elsewhere it
   * also reports changes further down (FSEvents) or each access (`ReadDirectoryChangesW`).
   */
  readonly canWatchAbove?: boolean;
}

/** The location for a platform. No user setting moves it. */
export async function policyPlace(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  windows?: WindowsSystem,
): Promise<PolicyPlace> {
  const place = ['developer-sign-in', 'policy.json'] as const;
  if (platform === 'win32') {
    const system = windows ?? windowsSystem();
    const folder = await programDataFolder(system);
    const said = env['ProgramData'];
    const isSame = said === undefined || isSameFolder(said, folder);
    return {
      path: win32.join(folder, ...place),
      owner: undefined,
      changedByOthers: (file) => changedByOthers(system, file),
      ...(isSame ? {} : { environment: win32.join(said, ...place) }),
    };
  }
  if (platform === 'darwin') return { path: posix.join('/Library/Application Support', ...place), owner: 0 };
  return {
    path: posix.join('/etc', ...place),
    owner: 0,
    alsoOwner: () => rootInUserNamespace(),
    canWatchAbove: true,
  };
}

function isSameFolder(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => win32.normalize(`${path}\\`).toLowerCase());
  return a === b;
}

/**
 * The user ID under which root's files appear in a user namespace without a mapping for root
 * (user_namespaces(7)): the overflow ID, if `/etc` has it. Files created in the namespace never have it.
 */
export async function rootInUserNamespace(
  read: (path: string) => Promise<string> = (path) => readFile(path, 'utf8'),
  ownerOfEtc: () => Promise<number> = async () => (await lstat('/etc')).uid,
): Promise<number | undefined> {
  try {
    const hasAllUsers = /^\s*0\s+0\s+4294967295\s*$/.test(await read('/proc/self/uid_map'));
    const overflow = Number(await read('/proc/sys/kernel/overflowuid'));
    return !hasAllUsers && overflow > 0 && (await ownerOfEtc()) === overflow ? overflow : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The first path that others than the administrator can change: the file, its folder, their link targets, or a
 * link on the way.
 * @throws an error if that is unknown, or the system's
 */
export async function untrustedOwnerOf(place: PolicyPlace, path: string): Promise<string | undefined> {
  const { owner, changedByOthers, alsoOwner } = place;
  if (owner === undefined) {
    if (changedByOthers === undefined) throw new Error('It cannot be told');
    return changedByOthers(path);
  }
  const links = await symbolicLinksOn(path);
  const real = await realpath(path).catch(() => path);
  let also: Promise<number | undefined> | undefined;
  for (const one of new Set([dirname(path), path, ...links, dirname(real), real])) {
    const found = await lstat(one);
    const isOwners =
      found.uid === owner || found.uid === (await (also ??= alsoOwner?.() ?? Promise.resolve(undefined)));
    // A link's own mode means nothing: its folder decides who can change it.
    if (!isOwners || (!found.isSymbolicLink() && (found.mode & 0o022) !== 0)) return one;
  }
  return undefined;
}

/**
 * Each link on the way to a file and its folder, after the folder that contains it; a user who can write to
 * that folder can change the link.
 */
export async function symbolicLinksOn(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  let at = await realpath(dirname(dirname(path)));
  let left = [basename(dirname(path)), basename(path)];
  for (let steps = 0; left.length > 0 && steps < maxSteps; steps++) {
    const [name = '', ...rest] = left;
    const next = resolve(at, name);
    const target = await readlink(next).catch(() => undefined);
    if (target === undefined) [at, left] = [next, rest];
    else {
      found.push(at, next);
      left = [
        ...resolve(at, target)
          .split('/')
          .filter((part) => part !== ''),
        ...rest,
      ];
      at = '/';
    }
  }
  return found;
}

/** Limit of folders and links; the system follows fewer. */
const maxSteps = 1000;
