import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, win32 } from 'node:path';
import { unicodePattern } from '../../core/text/unicodePattern.ts';
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
import { homeFolder } from './homeFolder.ts';
import { codeOf, throwIfEndless } from './systemFile.ts';

/** Far longer than a handwritten file; longer files are not read. */
const maxFileBytes = 1024 * 1024;

/**
 * The path of the AWS CLI's configuration. As the CLI does, it expands variables and `~` in `AWS_CONFIG_FILE`
 * (Python's `os.path.expandvars` and `expanduser`): an editor often starts without a shell that would have
 * expanded them.
 */
export function awsConfigPath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home = homeFolder(),
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

/** The home folder of a user in the user database, as Python's `pwd.getpwnam`; undefined if it has none. */
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

/** Python's `ntpath.expanduser`: the other folder is a sibling of this user's, if that has its owner's name. */
function windowsHomeOf(user: string, env: NodeJS.ProcessEnv, home: string): string | undefined {
  const own = valueIn(env, 'USERNAME');
  if (user === own) return home;
  return own === win32.basename(home) ? win32.join(win32.dirname(home), user) : undefined;
}

const posixVariable = unicodePattern(String.raw`\$(?:([\p{L}\p{N}_]+)|\{([^}]*)\})`, 'gu');

/** Python's `posixpath.expandvars`: unset variables stay as written. */
function expandPosix(path: string, env: NodeJS.ProcessEnv): string {
  return path.replace(
    posixVariable(),
    (whole, plain: string | undefined, braced: string | undefined) => env[plain ?? braced ?? ''] ?? whole,
  );
}

/** Python's `ntpath.expandvars`: expands `%NAME%` too, but nothing between single quotes. */
function expandWindows(path: string, env: NodeJS.ProcessEnv): string {
  return path.replace(
    /'[^']*'?|%%|\$\$|%([^%]+)%|\$\{([^}]+)\}|\$([\w-]+)/g,
    (whole, percent: string | undefined, braced: string | undefined, plain: string | undefined) => {
      if (whole === '%%' || whole === '$$') return whole.charAt(0);
      return valueIn(env, percent ?? braced ?? plain) ?? whole;
    },
  );
}

/** Looks up a variable without regard to case, as Windows does. */
function valueIn(env: NodeJS.ProcessEnv, name: string | undefined): string | undefined {
  const lower = name?.toLowerCase();
  return Object.entries(env).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/**
 * The `[sso-session]` sections that have a start URL and a region, as the AWS CLI reads them; empty if the file
 * is missing. Rejects with the system's error if it cannot be read.
 */
export async function readSsoSessions(path = awsConfigPath()): Promise<readonly SsoSession[]> {
  const sections = await readSsoSections(path);
  return sections.filter(({ startUrl, region }) => startUrl !== '' && region !== '');
}

/** Like {@link readSsoSessions}, including incomplete sections, to show them to their author. */
export async function readSsoSections(path = awsConfigPath()): Promise<readonly SsoSession[]> {
  return (await readConfig(path)).sections;
}

/**
 * Like {@link readSsoSections}, with the problems of the file. A file that cannot be read is reported and does
 * not reject.
 */
export async function findSsoSessions(file = awsConfigPath()): Promise<SsoSessionsFound> {
  try {
    const { sections, profiles, portals, problems } = await readConfig(file);
    return {
      ...{ file, sections },
      ...(profiles.length === 0 ? {} : { profiles }),
      ...(portals.length === 0 ? {} : { portals }),
      ...(problems.length === 0 ? {} : { problems }),
    };
  } catch (error) {
    return { file, sections: [], errorCode: codeOf(error) ?? 'unknown' };
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
    await throwIfEndless(path, maxFileBytes);
    const { text, encoding } = decodeText(await readFile(path));
    const { ssoSessions, profiles, problems } = parseAwsConfig(text);
    // On Windows, the CLI reads the system's code page.
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

/** A profile that gets role credentials from an `[sso-session]`; undefined for any other. */
function profileOf(name: string, valueOf: ConfigValues): SsoProfile | undefined {
  const has = (key: string): boolean => (valueOf(key) ?? '') !== '';
  const ssoSession = valueOf('sso_session') ?? '';
  if (ssoSession === '' || !has('sso_account_id') || !has('sso_role_name')) return undefined;
  return { name, ssoSession, hasRegion: has('region') };
}

/** The distinct portals of profiles without an `[sso-session]`. */
function portalsOf(profiles: readonly ConfigValues[]): readonly SsoPortal[] {
  const portals = new Map<string, SsoPortal>();
  for (const valueOf of profiles) {
    const [startUrl, region] = [valueOf('sso_start_url') ?? '', valueOf('sso_region') ?? ''];
    if (startUrl === '' || region === '' || (valueOf('sso_session') ?? '') !== '') continue;
    portals.set(`${startUrl} ${region}`, { startUrl, region });
  }
  return [...portals.values()];
}
