import { lstat, readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { OrganizationRules, PolicyFile, PolicyProblem } from '../../features/organizationPolicy.ts';
import { parsePolicy } from '../../features/parsePolicy.ts';
import { mergePolicies } from '../../features/mergePolicies.ts';
import type { Log } from '../../core/ports.ts';
import { decodeText } from '../../input/decodedText.ts';
import { untrustedOwnerOf } from './policyPlace.ts';
import type { PolicyPlace } from './policyPlace.ts';
import { filesIn, policyFolder, policyStamp, requiredFile } from './policyStamp.ts';
import { codeOf, throwIfEndless } from './systemFile.ts';
import { defined } from '../../core/defined.ts';

/** Room for a thousand issuers, but not for a log file named so by mistake. In bytes. */
const largest = 256 * 1024;
/** Limit against a link to an unrelated folder. */
const maxFiles = 100;

/** Two changes within this time may have the same stamp. */
const stampMilliseconds = 2000;

/**
 * Reads and merges `policy.json`, then `policy.d/*.json` in the order of their names, on each call.
 *
 * A broken file keeps its rules that were in force in this window; the other files apply. A file that
 * non-administrators can write to counts as broken: any program of the user could speak for the organization,
 * and take it back. An empty file `policy.required` beside them forbids sign-in without rules.
 */
export function createPolicyFile(place: PolicyPlace, log: Log): () => Promise<OrganizationRules> {
  const { path, environment } = place;
  let before: readonly PolicyFile[] = [];
  const alreadyLogged = new Map<string, string>();
  const sayOnce = (file: string, text: string, say: () => void): void => {
    if (alreadyLogged.get(file) !== text) say();
    alreadyLogged.set(file, text);
  };
  const say = ({ file, policy, problem, unknownRules }: PolicyFile, isRequired: boolean): void => {
    if (problem !== undefined) {
      const text = JSON.stringify(problem);
      sayOnce(file, text, () =>
        log.error('The policy file is not enforced', { path: file, problem: text, isRequired }),
      );
      return;
    }
    // Keep the user's identity out of the log.
    const rules = JSON.stringify({ policy, unknownRules }, (name, value: unknown) =>
      name === 'loginHint' ? undefined : value,
    );
    sayOnce(file, rules, () => log.info('Organization policy', { path: file, rules, environment }));
  };
  const read = async (): Promise<OrganizationRules> => {
    const [isRequired, found] = await Promise.all([
      isAdministrators(place, requiredFile(place)),
      readFiles(place, before),
    ]);
    const files = found.length > 0 || !isRequired ? found : [faulty(path, { kind: 'missing' })];
    before = files;
    for (const file of files) say(file, isRequired);
    if (files.length === 0 && environment !== undefined)
      sayOnce(path, environment, () =>
        log.error('The environment points to another policy file', { path, environment }),
      );
    const isBroken = files.some(({ problem }) => problem !== undefined);
    return {
      file: path,
      ...(isRequired ? { isRequired } : {}),
      ...defined({ environment }),
      state: files.length === 0 ? 'none' : isBroken ? 'broken' : 'inForce',
      policy: mergePolicies(files.map(({ policy }) => policy)),
      files,
    };
  };
  return place.owner === undefined ? cachedByStamp(place, read) : read;
}

/** Caches the rules until the stamp changes: on Windows, the access check starts another program. */
function cachedByStamp(
  place: PolicyPlace,
  read: () => Promise<OrganizationRules>,
): () => Promise<OrganizationRules> {
  let last: { readonly stamp: string; readonly rules: Promise<OrganizationRules> } | undefined;
  let readAt = -Infinity;
  return async () => {
    const stamp = await policyStamp(place);
    const now = performance.now();
    if (last?.stamp === stamp && now - readAt >= stampMilliseconds) return last.rules;
    if (last?.stamp !== stamp) readAt = now;
    last = { stamp, rules: read() };
    return last.rules;
  };
}

async function readFiles(place: PolicyPlace, before: readonly PolicyFile[]): Promise<readonly PolicyFile[]> {
  const found = await Promise.all([readOne(place, place.path, before), readFolder(place, before)]);
  return found.flat().filter((file) => file !== undefined);
}

async function readFolder(
  place: PolicyPlace,
  before: readonly PolicyFile[],
): Promise<readonly (PolicyFile | undefined)[]> {
  const folder = policyFolder(place);
  const names = await namesIn(place, folder);
  if ('kind' in names)
    // Keep the rules of its files that were in force, as with a single file.
    return [faulty(folder, names), ...before.filter(({ file }) => dirname(file) === folder)];
  return Promise.all(names.map((name) => readOne(place, join(folder, name), before)));
}

/** The policy files of the folder, in merge order; empty if the folder is missing. */
async function namesIn(place: PolicyPlace, folder: string): Promise<readonly string[] | PolicyProblem> {
  const names = (await ifAdministrators(place, folder, () => filesIn(folder))) ?? [];
  return 'kind' in names || names.length <= maxFiles ? names : { kind: 'tooManyFiles' };
}

async function readOne(
  place: PolicyPlace,
  file: string,
  before: readonly PolicyFile[],
): Promise<PolicyFile | undefined> {
  const reading = await ifAdministrators(place, file, async () => {
    await throwIfEndless(file, largest);
    // PowerShell and Notepad on Windows write UTF-16.
    const { text } = decodeText(await readFile(file));
    return parsePolicy(text, { user: loginName(), env: process.env });
  });
  if (reading === undefined) return undefined;
  if (!('kind' in reading)) return { file, ...reading };
  return faulty(file, reading, before.find((one) => one.file === file)?.policy);
}

function faulty(file: string, problem: PolicyProblem, policy: PolicyFile['policy'] = {}): PolicyFile {
  return { file, policy, problem, unknownRules: [] };
}

/** The result of `read`, if only administrators can change what is there; undefined if nothing is. */
async function ifAdministrators<T>(
  place: PolicyPlace,
  path: string,
  read: () => Promise<T>,
): Promise<T | PolicyProblem | undefined> {
  let isThere = false;
  try {
    await lstat(path);
    isThere = true;
    const stranger = await untrustedOwnerOf(place, path).catch((error: unknown) => {
      if (place.owner !== undefined) throw error;
      return { kind: 'notChecked', code: codeOf(error) ?? 'unknown' } satisfies PolicyProblem;
    });
    if (typeof stranger === 'object') return stranger;
    if (stranger !== undefined) return { kind: 'notAdministrators', path: stranger };
    return await read();
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    if (code === 'EFBIG') return { kind: 'tooLarge' };
    // A dangling link is a rule that is not in force, not the absence of rules.
    return !isThere && (code === 'ENOENT' || code === 'ENOTDIR') ? undefined : { kind: 'unreadable', code };
  }
}

/** The user's login on this machine; the system has none for some users of a container. */
function loginName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** Whether the file exists and only an administrator can have created it. */
async function isAdministrators(place: PolicyPlace, path: string): Promise<boolean> {
  try {
    await lstat(path);
    return (await untrustedOwnerOf(place, path)) === undefined;
  } catch {
    return false;
  }
}
