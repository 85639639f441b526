import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, win32 } from 'node:path';
import { decodeText } from '../../input/decodedText.ts';
import type {
  AwsConfigProblem,
  SsoPortal,
  SsoProfile,
  SsoSession,
  SsoSessionsFound,
} from '../../features/ssoSession.ts';
import { parseAwsConfig } from './awsConfigText.ts';
import type { ConfigValues } from './awsConfigText.ts';
import { codeOf } from './systemFile.ts';

/** Far above what a person writes by hand; what is longer is not read. */
const longestFile = 1024 * 1024;

/**
 * Where the AWS CLI looks for its configuration. It expands variables and `~` in the name that `AWS_CONFIG_FILE` gives
 * (Python's `os.path.expandvars` and `expanduser`), since an editor is often started without a shell that would.
 */
export function awsConfigPath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homedir(),
  userFile = '/etc/passwd',
): string {
  const named = env['AWS_CONFIG_FILE'] ?? '';
  if (named === '') return join(home, '.aws', 'config');
  const isWindows = platform === 'win32';
  const expanded = isWindows ? expandWindows(named, env) : expandPosix(named, env);
  const [start, user] = (isWindows ? /^~([^/\\]*)/ : /^~([^/]*)/).exec(expanded) ?? [];
  if (start === undefined || user === undefined) return expanded;
  const rest = expanded.slice(start.length);
  if (isWindows) {
    const folder = user === '' ? home : windowsHomeOf(user, env, home);
    return folder === undefined ? expanded : folder + rest;
  }
  const folder = user === '' ? home : posixHomeOf(user, userFile);
  return folder === undefined ? expanded : folder.replace(/\/+$/, '') + rest || '/';
}

/** The home folder that the list of users has for a name, as Python's `pwd.getpwnam`; undefined where it has none. */
function posixHomeOf(user: string, userFile: string): string | undefined {
  let users: string;
  try {
    users = readFileSync(userFile, 'utf8');
  } catch {
    return undefined;
  }
  const found = users.split('\n').find((line) => line.startsWith(`${user}:`));
  return found?.split(':')[5];
}

/** Python's `ntpath.expanduser`: another user's folder is beside one's own, where that is named after its owner. */
function windowsHomeOf(user: string, env: NodeJS.ProcessEnv, home: string): string | undefined {
  const own = valueIn(env, 'USERNAME');
  if (user === own) return home;
  return own === win32.basename(home) ? win32.join(win32.dirname(home), user) : undefined;
}

/** Python's `posixpath.expandvars`: a variable that is not set stays as it is written. */
function expandPosix(path: string, env: NodeJS.ProcessEnv): string {
  return path.replace(
    /\$(?:([\p{L}\p{N}_]+)|\{([^}]*)\})/gu,
    (whole, plain: string | undefined, braced: string | undefined) => env[plain ?? braced ?? ''] ?? whole,
  );
}

/** Python's `ntpath.expandvars`: also `%NAME%`; what stands between single quotes is not expanded. */
function expandWindows(path: string, env: NodeJS.ProcessEnv): string {
  return path.replace(
    /'[^']*'?|%%|\$\$|%([^%]+)%|\$\{([^}]+)\}|\$([\w-]+)/g,
    (whole, percent: string | undefined, braced: string | undefined, plain: string | undefined) => {
      if (whole === '%%' || whole === '$$') return whole.charAt(0);
      return valueIn(env, percent ?? braced ?? plain) ?? whole;
    },
  );
}

/** On Windows the case of a variable's name does not matter. */
function valueIn(env: NodeJS.ProcessEnv, name: string | undefined): string | undefined {
  const lower = name?.toLowerCase();
  return Object.entries(env).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/**
 * The `[sso-session]` sections of the AWS configuration that have a start URL and a region, as the AWS CLI reads them;
 * none when the file is missing. Rejects with the system's error when it cannot be read.
 */
export async function readSsoSessions(path = awsConfigPath()): Promise<readonly SsoSession[]> {
  const sections = await readSsoSections(path);
  return sections.filter(({ startUrl, region }) => startUrl !== '' && region !== '');
}

/** As {@link readSsoSessions}, with the sections that lack something: they are shown to their author. */
export async function readSsoSections(path = awsConfigPath()): Promise<readonly SsoSession[]> {
  return (await readConfig(path)).sections;
}

/** As {@link readSsoSections}, with what is wrong in the file; a file that cannot be read is told, and stops nothing. */
export async function lookAtSsoSessions(file = awsConfigPath()): Promise<SsoSessionsFound> {
  try {
    const { sections, profiles, portals, problems } = await readConfig(file);
    return {
      ...{ file, sections },
      ...(profiles.length === 0 ? {} : { profiles }),
      ...(portals.length === 0 ? {} : { portals }),
      ...(problems.length === 0 ? {} : { problems }),
    };
  } catch (error) {
    return { file, sections: [], trouble: codeOf(error) ?? 'unknown' };
  }
}

interface Config {
  readonly sections: readonly SsoSession[];
  readonly profiles: readonly SsoProfile[];
  readonly portals: readonly SsoPortal[];
  readonly problems: readonly AwsConfigProblem[];
}

async function readConfig(path: string): Promise<Config> {
  try {
    const { size } = await stat(path);
    if (size > longestFile) throw Object.assign(new Error('The file is too large'), { code: 'EFBIG' });
    const { text, encoding } = decodeText(await readFile(path));
    const { ssoSessions, profiles, problems } = parseAwsConfig(text);
    // On Windows the CLI reads the system's own code page.
    const isReadable = encoding === 'utf-8' || (encoding === 'windows-1252' && process.platform === 'win32');
    return {
      sections: [...ssoSessions].map(([name, valueOf]) => ({
        name,
        startUrl: valueOf('sso_start_url') ?? '',
        region: valueOf('sso_region') ?? '',
        scopes: (valueOf('sso_registration_scopes') ?? '')
          .split(',')
          .map((scope) => scope.trim())
          .filter((scope) => scope !== ''),
      })),
      profiles: [...profiles].flatMap(([name, valueOf]) => profileOf(name, valueOf) ?? []),
      portals: portalsOf([...profiles.values()]),
      problems: isReadable ? problems : [{ line: 1, reason: 'encoding' }, ...problems],
    };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? ''))
      return { sections: [], profiles: [], portals: [], problems: [] };
    throw error;
  }
}

/** A profile that gets the credentials of a role from an `[sso-session]`; undefined for every other one. */
function profileOf(name: string, valueOf: ConfigValues): SsoProfile | undefined {
  const has = (key: string): boolean => (valueOf(key) ?? '') !== '';
  const ssoSession = valueOf('sso_session') ?? '';
  if (ssoSession === '' || !has('sso_account_id') || !has('sso_role_name')) return undefined;
  return { name, ssoSession, hasRegion: has('region') };
}

/** The portals of profiles without an `[sso-session]`, each once. */
function portalsOf(profiles: readonly ConfigValues[]): readonly SsoPortal[] {
  const portals = new Map<string, SsoPortal>();
  for (const valueOf of profiles) {
    const [startUrl, region] = [valueOf('sso_start_url') ?? '', valueOf('sso_region') ?? ''];
    if (startUrl === '' || region === '' || (valueOf('sso_session') ?? '') !== '') continue;
    portals.set(`${startUrl} ${region}`, { startUrl, region });
  }
  return [...portals.values()];
}
