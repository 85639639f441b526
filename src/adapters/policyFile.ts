import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, posix, win32 } from 'node:path';
import type { OrganisationPolicy, OrganisationRules, PolicyProblem } from '../core/organisationPolicy.ts';
import { parsePolicy } from '../core/organisationPolicy.ts';
import type { Log } from '../core/ports.ts';
import { codeOf } from './systemFile.ts';

/** Where an administrator's policy file lies, and how it is known to be the administrator's. */
export interface PolicyPlace {
  readonly path: string;
  /**
   * The user id that must own the file and its folder, with nobody else able to write them; undefined on Windows, where
   * owners cannot be read from here and the folder's access list is the administrator's to set.
   */
  readonly owner: number | undefined;
}

/** A list of a thousand issuers fits; a log file that was named so by mistake does not. */
const largest = 256 * 1024;

/** The place of the system this runs on. */
export function policyPlace(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): PolicyPlace {
  const place = ['developer-sign-in', 'policy.json'] as const;
  if (platform === 'win32')
    return { path: win32.join(env['ProgramData'] ?? 'C:\\ProgramData', ...place), owner: undefined };
  const folder = platform === 'darwin' ? '/Library/Application Support' : '/etc';
  return { path: posix.join(folder, ...place), owner: 0 };
}

/**
 * Reads the policy file each time it is asked. A broken file narrows to nothing new: what was in force in this window
 * before stays. One that others than the administrator can write counts as broken too. To obey it would let any program
 * of the person speak for the organisation, and whoever wrote it can take it back: it would only look like a rule.
 */
export function createPolicyFile({ path, owner }: PolicyPlace, log: Log): () => Promise<OrganisationRules> {
  let inForce: OrganisationPolicy = {};
  let said = '';
  return async () => {
    const reading = await readPolicy(path, owner);
    if (reading === undefined) {
      inForce = {};
      return { file: path, state: 'none', policy: inForce, unknownRules: [] };
    }
    if ('kind' in reading) {
      const problem = JSON.stringify(reading);
      if (said !== problem) log.error('The policy file is not obeyed', { path, problem });
      said = problem;
      return { file: path, state: 'broken', policy: inForce, problem: reading, unknownRules: [] };
    }
    const rules = JSON.stringify(reading);
    if (said !== rules) log.info('The rules of the organisation', { path, rules });
    said = rules;
    inForce = reading.policy;
    return { file: path, state: 'inForce', ...reading };
  };
}

async function readPolicy(
  path: string,
  owner: number | undefined,
): Promise<ReturnType<typeof parsePolicy> | undefined> {
  try {
    const stranger = owner === undefined ? undefined : await notOwnedBy(owner, path);
    if (stranger !== undefined) return { kind: 'notAdministrators', path: stranger };
    const text = await readBounded(path);
    return text === undefined ? { kind: 'tooLarge' } : parsePolicy(text);
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? undefined
      : ({ kind: 'unreadable', code } satisfies PolicyProblem);
  }
}

/** The first of the file, its folder, and what a link in either leads to, that others than its owner can change. */
async function notOwnedBy(owner: number, path: string): Promise<string | undefined> {
  const real = await realpath(path);
  for (const one of new Set([dirname(path), path, dirname(real), real])) {
    const found = await lstat(one);
    // The mode of a link itself means nothing: its folder decides who can change it.
    if (found.uid !== owner || (!found.isSymbolicLink() && (found.mode & 0o022) !== 0)) return one;
  }
  return undefined;
}

async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return size > largest ? undefined : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
