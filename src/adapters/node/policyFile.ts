import { lstat, open, readFile, readlink, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename, dirname, posix, resolve, win32 } from 'node:path';
import type {
  OrganizationPolicy,
  OrganizationRules,
  PolicyProblem,
} from '../../features/organizationPolicy.ts';
import { parsePolicy } from '../../features/organizationPolicy.ts';
import type { Log } from '../../core/ports.ts';
import { codeOf } from './systemFile.ts';
import { changedByOthers, programDataFolder, windowsSystem } from './windowsPolicy.ts';
import type { WindowsSystem } from './windowsPolicy.ts';
import { defined } from '../../core/defined.ts';

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
}

/** A list of a thousand issuers fits; a log file that was named so by mistake does not. */
const largest = 256 * 1024;

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
  return { path: posix.join('/etc', ...place), owner: 0, alsoOwner: () => rootInUserNamespace() };
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
 * Reads the policy file each time it is asked. A broken file narrows to nothing new: what was in force in this window
 * before stays. One that others than the administrator can write counts as broken too. To obey it would let any program
 * of the person speak for the organization, and its writer can take it back: it would only look like a rule. An
 * organization that wants no sign-in without its rules puts an empty file `policy.required` beside it.
 */
export function createPolicyFile(place: PolicyPlace, log: Log): () => Promise<OrganizationRules> {
  const { path, environment } = place;
  const requiredPath = path.replace(/policy\.json$/, 'policy.required');
  let inForce: OrganizationPolicy = {};
  let said = '';
  const sayOnce = (text: string, say: () => void): void => {
    if (said !== text) say();
    said = text;
  };
  return async () => {
    const isRequired = await isAdministrators(place, requiredPath);
    const always = {
      file: path,
      ...(isRequired ? { isRequired } : {}),
      ...defined({ environment }),
    };
    const found = await readPolicy(place);
    const reading = found ?? (isRequired ? ({ kind: 'missing' } satisfies PolicyProblem) : undefined);
    if (reading === undefined) {
      inForce = {};
      if (environment !== undefined)
        sayOnce(environment, () =>
          log.error('The environment points to another policy file', { path, environment }),
        );
      return { ...always, state: 'none', policy: inForce, unknownRules: [] };
    }
    if ('kind' in reading) {
      const problem = JSON.stringify(reading);
      sayOnce(problem, () => log.error('The policy file is not enforced', { path, problem, isRequired }));
      return { ...always, state: 'broken', policy: inForce, problem: reading, unknownRules: [] };
    }
    // Who the person is belongs into no log.
    const rules = JSON.stringify(reading, (name, value: unknown) =>
      name === 'loginHint' ? undefined : value,
    );
    sayOnce(rules, () => log.info('Organization policy', { path, rules, environment }));
    inForce = reading.policy;
    return { ...always, state: 'inForce', ...reading };
  };
}

async function readPolicy(place: PolicyPlace): Promise<ReturnType<typeof parsePolicy> | undefined> {
  const { path } = place;
  let isThere = false;
  try {
    await lstat(path);
    isThere = true;
    const stranger = await strangerOf(place, path).catch((error: unknown) => {
      if (place.owner !== undefined) throw error;
      return { kind: 'notChecked', code: codeOf(error) ?? 'unknown' } satisfies PolicyProblem;
    });
    if (typeof stranger === 'object') return stranger;
    if (stranger !== undefined) return { kind: 'notAdministrators', path: stranger };
    const text = await readBounded(path);
    return text === undefined
      ? { kind: 'tooLarge' }
      : parsePolicy(text, { user: loginName(), env: process.env });
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    // A link that leads nowhere is a rule that is not in force, and does not mean the absence of rules.
    return !isThere && (code === 'ENOENT' || code === 'ENOTDIR')
      ? undefined
      : ({ kind: 'unreadable', code } satisfies PolicyProblem);
  }
}

/** The login of the person on this machine; the system has none for some users of a container. */
function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** Whether there is such a file, and only an administrator can have made it. */
async function isAdministrators(place: PolicyPlace, path: string): Promise<boolean> {
  try {
    await lstat(path);
    return (await strangerOf(place, path)) === undefined;
  } catch {
    return false;
  }
}

/**
 * The first of a file, its folder, what a link in either leads to, and each link on the way there, that others than the
 * administrator can change.
 */
async function strangerOf(place: PolicyPlace, path: string): Promise<string | undefined> {
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
async function linksOnTheWay(path: string): Promise<readonly string[]> {
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

async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return size > largest ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
