import { lstat, open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { OrganizationRules, PolicyFile, PolicyProblem } from '../../features/organizationPolicy.ts';
import { parsePolicy } from '../../features/parsePolicy.ts';
import { mergePolicies } from '../../features/mergePolicies.ts';
import type { Log } from '../../core/ports.ts';
import { decodeText } from '../../input/decodedText.ts';
import { strangerOf } from './policyPlace.ts';
import type { PolicyPlace } from './policyPlace.ts';
import { filesIn, policyFolder, policyStamp, requiredFile } from './policyStamp.ts';
import { codeOf } from './systemFile.ts';
import { defined } from '../../core/defined.ts';

/** A list of a thousand issuers fits; a log file that was named so by mistake does not. */
const largest = 256 * 1024;
/** A folder of something else, to which a link leads by mistake, is not read. */
const mostFiles = 100;

/** Two changes within so long may have one stamp. */
const stampMilliseconds = 2000;

/**
 * Reads `policy.json`, then `policy.d/*.json` in the order of their names, each time it is asked; their rules are merged. A
 * broken file narrows to nothing new: what of it was in force in this window before stays, and the others hold. One that
 * others than the administrator can write counts as broken too. To obey it would let any program of the person speak for
 * the organization, and its writer can take it back: it would only look like a rule. An organization that wants no sign-in
 * without its rules puts an empty file `policy.required` beside it.
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
    // Who the person is belongs into no log.
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
  return place.owner === undefined ? onceForEachStamp(place, read) : read;
}

/** Who can change a file of Windows is told by another program: it is asked again only when something is different. */
function onceForEachStamp(
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
    // What of its files was in force stays, as with a file.
    return [faulty(folder, names), ...before.filter(({ file }) => dirname(file) === folder)];
  return Promise.all(names.map((name) => readOne(place, join(folder, name), before)));
}

/** The files of the folder, in the order in which they are merged; none without the folder. */
async function namesIn(place: PolicyPlace, folder: string): Promise<readonly string[] | PolicyProblem> {
  const names = (await ifAdministrators(place, folder, () => filesIn(folder))) ?? [];
  return 'kind' in names || names.length <= mostFiles ? names : { kind: 'tooManyFiles' };
}

async function readOne(
  place: PolicyPlace,
  file: string,
  before: readonly PolicyFile[],
): Promise<PolicyFile | undefined> {
  const reading = await ifAdministrators(place, file, async () => {
    const text = await readBounded(file);
    return text === undefined
      ? ({ kind: 'tooLarge' } satisfies PolicyProblem)
      : parsePolicy(text, { user: loginName(), env: process.env });
  });
  if (reading === undefined) return undefined;
  if (!('kind' in reading)) return { file, ...reading };
  return faulty(file, reading, before.find((one) => one.file === file)?.policy);
}

function faulty(file: string, problem: PolicyProblem, policy: PolicyFile['policy'] = {}): PolicyFile {
  return { file, policy, problem, unknownRules: [] };
}

/** The result of `read`, if only the administrator can change what lies there; undefined where nothing does. */
async function ifAdministrators<T>(
  place: PolicyPlace,
  path: string,
  read: () => Promise<T>,
): Promise<T | PolicyProblem | undefined> {
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
    return await read();
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    // A link that leads nowhere is a rule that is not in force, and does not mean the absence of rules.
    return !isThere && (code === 'ENOENT' || code === 'ENOTDIR') ? undefined : { kind: 'unreadable', code };
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

async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    // PowerShell and Notepad on Windows write UTF-16.
    return size > largest ? undefined : decodeText(await file.readFile()).text;
  } finally {
    await file.close();
  }
}
