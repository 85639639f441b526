import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyringState, LockState, StorageData } from '../../features/diagnosticsData.ts';
import type { SecretStore } from '../../core/ports.ts';
import { parseHolder, shownHost } from './lockHolder.ts';
import { isAlive, isSamePlace, ownIdentity } from './processIdentity.ts';
import { keyName } from './sealing.ts';
import { codeOf } from './systemFile.ts';

/** The state of the session storage for diagnostics: which parts work, and who holds which lock. Changes nothing. */
export async function storageData(folder: string, secrets: SecretStore, now: number): Promise<StorageData> {
  const names = await readdir(folder).catch(() => []);
  const locks = await Promise.all(
    names.filter((name) => name.endsWith('.lock')).map((name) => lockState(folder, name, now)),
  );
  return {
    keyring: await keyringState(secrets),
    folder: await stat(folder).then(
      ({ mode }) => (mode & 0o777).toString(8),
      (error: unknown) => codeOf(error) ?? 'unknown',
    ),
    records: names.filter((name) => name.endsWith('.json')).length,
    locks: locks.filter((lock) => lock !== undefined),
  };
}

async function keyringState(secrets: SecretStore): Promise<KeyringState> {
  try {
    const keys = await secrets.keys();
    const hasSealingKey = (await secrets.get(keyName)) !== undefined;
    return { state: 'answers', secrets: keys.length, hasSealingKey };
  } catch (error) {
    return { state: 'fails', code: codeOf(error) ?? (error instanceof Error ? error.name : 'unknown') };
  }
}

/** Undefined if the lock was released meanwhile. */
async function lockState(folder: string, name: string, now: number): Promise<LockState | undefined> {
  try {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    const text = await readFile(path, 'utf8');
    const own = await ownIdentity();
    const { pid, startedAt, place } = parseHolder(text) ?? { pid: 0, startedAt: '' };
    const holder =
      place !== undefined && !isSamePlace(place, own)
        ? 'elsewhere'
        : pid === own.pid
          ? 'thisWindow'
          : pid !== 0 && (await isAlive({ pid, startedAt }))
            ? 'anotherProcess'
            : 'dead';
    const ageSeconds = Math.round((now - mtimeMs) / 1000);
    return { name, pid, holder, ageSeconds, ...(place && { host: shownHost(place.host) }) };
  } catch {
    return undefined;
  }
}
