import { randomBytes } from 'node:crypto';
import { access, chmod, constants, mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

const staleTempFileAgeMilliseconds = 3600_000;
/** How long a removal note is kept: no window remembers the removed session for longer. */
const removalMilliseconds = 30 * 24 * 3600_000;
/** A file this old is of a lost keyring: a session is written at each refresh, and SecretStorage has it, too. */
const lostMilliseconds = 400 * 24 * 3600_000;

/**
 * Creates the storage folder, verifies that it is writable, closes it to other users, and removes old
 * leftovers. `isShared` if other users can change it nevertheless. Rejects with the system's error.
 */
export async function openStorageFolder(folder: string): Promise<{ readonly isShared: boolean }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isShared = !(await isPrivate(folder));
  await access(folder, constants.R_OK | constants.W_OK);
  await sweep(folder);
  return { isShared };
}

/** Whether only its owner has access. On Windows, the access list of the user profile decides, not the mode. */
async function isPrivate(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const { mode, uid } = await stat(folder);
  if ((mode & 0o077) === 0) return uid === process.getuid?.();
  await chmod(folder, 0o700).catch(() => undefined);
  const now = await stat(folder);
  return (now.mode & 0o022) === 0 && now.uid === process.getuid?.();
}

/** Removes temporary files and lock candidates of killed processes, and old removal notes. */
async function sweep(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /\.tmp$|\.lock\.|\.json$/.test(name),
  );
  if (names.length === 0) return;
  const now = await timeOf(folder).catch(() => 0);
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: now }));
    // The note beside another keyring's record stays as long as that record: it is then not reported as lost.
    const isBeside = /\.[\da-f]{16}\.json$/.test(name);
    const isOld = name.endsWith('.json')
      ? now - mtimeMs > lostMilliseconds ||
        (!isBeside && now - mtimeMs > removalMilliseconds && (await isMarkedRemoved(path)))
      : now - mtimeMs > staleTempFileAgeMilliseconds;
    if (isOld) await unlink(path).catch(() => undefined);
  }
}

/** The time by the file system's clock, in epoch milliseconds; it may be hours away from ours. */
async function timeOf(folder: string): Promise<number> {
  const path = join(folder, `${randomBytes(6).toString('hex')}.tmp`);
  const file = await open(path, 'wx', 0o600);
  try {
    return (await file.stat()).mtimeMs;
  } finally {
    await file.close();
    await unlink(path).catch(() => undefined);
  }
}

async function isMarkedRemoved(path: string): Promise<boolean> {
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { readonly removed?: unknown }).removed === true;
  } catch {
    return false;
  }
}
