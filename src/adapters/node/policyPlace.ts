import { lstat, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, posix, resolve, win32 } from 'node:path';
import { changedByOthers, programDataFolder, windowsSystem } from './windowsPolicy.ts';
import type { WindowsSystem } from './windowsPolicy.ts';

/** Where an administrator's policy file lies, and how it is known to be the administrator's. */
export interface PolicyPlace {
  readonly path: string;
  /** The user ID that must own the file and its folder, which no other may write; undefined on Windows. */
  readonly owner: number | undefined;
  /** The user ID that stands for this owner too, if any. */
  readonly alsoOwner?: () => Promise<number | undefined>;
  /** On Windows: the first of a file and its folder that others can change. Rejects where that cannot be told. */
  readonly changedByOthers?: (file: string) => Promise<string | undefined>;
  /** Where the environment says that the file is, if it says another place. */
  readonly environment?: string;
  /**
   * Whether a watch of the folder above sees its own entries alone, and so costs nothing: elsewhere it also hears what other
   * programs do further down (FSEvents), or each access (`ReadDirectoryChangesW`).
   */
  readonly canWatchAbove?: boolean;
}

/** The place of the system this runs on. Nothing that a person can set moves it. */
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
 * The user ID as which the files of the machine's root are seen in a user namespace that has no number for it
 * (user_namespaces(7)): the overflow ID, where `/etc` itself has it. What is made in the namespace never has.
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
 * The first of a file, its folder, what a link in either leads to, and each link on the way there, that others than the
 * administrator can change.
 * @throws an error where it cannot be told, or the system's
 */
export async function strangerOf(place: PolicyPlace, path: string): Promise<string | undefined> {
  const { owner, changedByOthers, alsoOwner } = place;
  if (owner === undefined) {
    if (changedByOthers === undefined) throw new Error('It cannot be told');
    return changedByOthers(path);
  }
  const links = await linksOnTheWay(path);
  const real = await realpath(path).catch(() => path);
  let also: Promise<number | undefined> | undefined;
  for (const one of new Set([dirname(path), path, ...links, dirname(real), real])) {
    const found = await lstat(one);
    const isOwners =
      found.uid === owner || found.uid === (await (also ??= alsoOwner?.() ?? Promise.resolve(undefined)));
    // The mode of a link itself means nothing: its folder decides who can change it.
    if (!isOwners || (!found.isSymbolicLink() && (found.mode & 0o022) !== 0)) return one;
  }
  return undefined;
}

/** Each link that a file and its folder lead through, behind the folder in which it lies; a user who can write there can change it. */
export async function linksOnTheWay(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  let at = await realpath(dirname(dirname(path)));
  let left = [basename(dirname(path)), basename(path)];
  for (let steps = 0; left.length > 0 && steps < mostSteps; steps++) {
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

/** Of folders and links; the system follows fewer. */
const mostSteps = 1000;
