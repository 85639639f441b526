import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadSsoSessionData, readFile } from '@smithy/core/config';
import type { SsoSession } from '../core/identityCenter/ssoSession.ts';
import { codeOf } from './systemFile.ts';

/** What there is, and the system's code when it cannot be read. */
export interface SsoSessionsFound {
  readonly file: string;
  readonly sections: readonly SsoSession[];
  readonly trouble?: string;
}

/** Nobody writes more by hand; what is longer is not read. */
const longestFile = 1024 * 1024;

/** Where the CLI and the SDKs look for their configuration. */
export function awsConfigPath(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['AWS_CONFIG_FILE'] ?? '';
  return named === '' ? join(homedir(), '.aws', 'config') : named;
}

/**
 * The `[sso-session]` sections of the AWS configuration that have a start URL and a region, as AWS's own loader reads
 * them; none when there is no such file. Rejects with the system's error when it cannot be read.
 */
export async function readSsoSessions(path = awsConfigPath()): Promise<readonly SsoSession[]> {
  const sections = await readSsoSections(path);
  return sections.filter(({ startUrl, region }) => startUrl !== '' && region !== '');
}

/** As {@link readSsoSessions}, with the sections that lack something: who wrote them wants to know. */
export async function readSsoSections(path = awsConfigPath()): Promise<readonly SsoSession[]> {
  try {
    const { size } = await stat(path);
    if (size > longestFile) throw Object.assign(new Error('The file is too large'), { code: 'EFBIG' });
    // The loader takes every error for an empty file, and what it read once for what there is: so it is read anew here.
    await readFile(path, { ignoreCache: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
  const found = await loadSsoSessionData({ configFilepath: path });
  return Object.entries(found).map(([name, entries]) => ({
    name,
    startUrl: entries['sso_start_url'] ?? '',
    region: entries['sso_region'] ?? '',
    scopes: (entries['sso_registration_scopes'] ?? '')
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== ''),
  }));
}

/** As {@link readSsoSections}; a file that cannot be read is told, and in nobody's way. */
export async function lookAtSsoSessions(file = awsConfigPath()): Promise<SsoSessionsFound> {
  try {
    return { file, sections: await readSsoSections(file) };
  } catch (error) {
    return { file, sections: [], trouble: codeOf(error) ?? 'unknown' };
  }
}
