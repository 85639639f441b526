import { homedir } from 'node:os';
import { join } from 'node:path';
import { readIfThere } from './systemFile.ts';

/** An `[sso-session NAME]` section of `~/.aws/config`, as it is written there. */
export interface SsoSessionSection {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  /** Empty when it names none. */
  readonly scopes: readonly string[];
}

/** Nobody writes more by hand; what is longer is not read. */
const longestFile = 1024 * 1024;

/** Where the CLI and the SDKs look for their configuration. */
export function awsConfigPath(env: NodeJS.ProcessEnv = process.env): string {
  return env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws', 'config');
}

/**
 * The `[sso-session]` sections of the AWS configuration that have a start URL and a region; none when there is no such
 * file. Rejects with the system's error when it cannot be read.
 */
export async function readSsoSessions(path = awsConfigPath()): Promise<readonly SsoSessionSection[]> {
  return parseSsoSessions((await readIfThere(path)) ?? '');
}

/**
 * The sections in a configuration's text. As the CLI and the SDKs read it: a comment begins at a `#` or `;` that
 * stands first or behind a space, a name may be in quotes, a later section of the same name adds to the earlier.
 */
export function parseSsoSessions(text: string): readonly SsoSessionSection[] {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  for (const line of text.slice(0, longestFile).split(/\r?\n/)) {
    const written = line.replace(/(^|\s)[;#].*$/, '').trim();
    if (written.startsWith('[')) {
      const name = /^\[\s*sso-session\s+(["'])?([\w@+.%:/-]+)\1\s*\]$/.exec(written)?.[2];
      section = name === undefined ? undefined : (sections.get(name) ?? new Map<string, string>());
      if (name !== undefined && section !== undefined) sections.set(name, section);
      continue;
    }
    const [, key, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(written) ?? [];
    if (key !== undefined && value !== undefined) section?.set(key, value);
  }
  return [...sections].flatMap(([name, entries]) => {
    const startUrl = entries.get('sso_start_url') ?? '';
    const region = entries.get('sso_region') ?? '';
    const scopes = (entries.get('sso_registration_scopes') ?? '')
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== '');
    return startUrl === '' || region === '' ? [] : [{ name, startUrl, region, scopes }];
  });
}
