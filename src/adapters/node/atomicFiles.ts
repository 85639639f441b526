import { randomBytes } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import * as files from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, inUse, isInUse, retryWhileBusy } from './systemFile.ts';

/** The system calls used here, replaceable in tests. */
type System = Pick<typeof files, 'link' | 'open' | 'rename' | 'unlink' | 'writeFile'>;

/**
 * Replaces a file atomically and durably: a reader sees the old text or the new one, and once this resolves,
 * the new one survives a power failure, if the file system can sync a folder. Readable by its owner only.
 * @throws the system's error, with nothing left behind
 */
export async function writeDurably(
  path: string,
  text: string | Uint8Array,
  platform: NodeJS.Platform = process.platform,
  { open, rename, unlink }: Pick<System, 'open' | 'rename' | 'unlink'> = files,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await retryWhileBusy(() => rename(temporary, path), platform);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  // The file is in place, whatever a network share says.
  if (platform !== 'win32') await syncFolder(dirname(path), open).catch(() => undefined);
}

/** Makes a rename durable by syncing its folder, where the file system can: Windows and some network shares can't. */
async function syncFolder(path: string, open: System['open']): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The files of a lock folder. Each call is atomic, and other processes see its effect at once. */
export interface LockFiles {
  /** Creates a new file. Resolves with its `mtime` in milliseconds, by the file system's clock. */
  create(path: string, text: string): Promise<number>;
  /** Hard-links `from` to `to`; false if `to` exists. Rejects with ENOENT if `from` is gone. */
  link(from: string, to: string): Promise<boolean>;
  /** Undefined if the file is missing. */
  read(path: string): Promise<{ readonly text: string; readonly mtimeMs: number } | undefined>;
  /** Updates the `mtime` of a file that contains `nonce`; false if it does not. */
  touch(path: string, nonce: string): Promise<boolean>;
  /** Renames `from` to `to`, replacing it; false if the system refuses. */
  replace(from: string, to: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Removes a file that contains `nonce`. */
  removeIf(path: string, nonce: string): Promise<void>;
  /** Resolves when the file changes, as far as the system reports it, at the timeout, or when the signal aborts. */
  untilChanged(path: string, milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Error codes of file systems without hard links. */
const noHardLinks = new Set([
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'],
  'EISDIR', // Node's code for the error of exFAT on Windows.
  'EACCES', // Of Android.
]);
/** The coarsest resolution of file times, in milliseconds: two seconds on FAT. */
const coarsestTime = 2000;

/** Lock files in a real folder. */
export const createLockFiles = (
  platform: NodeJS.Platform = process.platform,
  { link, open, rename, unlink, writeFile }: System = files,
): LockFiles => ({
  create: async (path, text) => {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      return (await file.stat()).mtimeMs;
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
  },
  link: async (from, to) => {
    try {
      await link(from, to).catch(async (error: unknown) => {
        if (!noHardLinks.has(codeOf(error) ?? '')) throw error;
        await writeFile(to, readFileSync(from), { flag: 'wx', mode: 0o600 });
      });
      return true;
    } catch (error) {
      // Windows keeps a lock that is being removed until every reader has closed it.
      if (codeOf(error) === 'EEXIST' || isInUse(error, platform)) return false;
      throw error;
    }
  },
  read: async (path) => {
    try {
      // Reopen it each time: a network file system asks its server only on open (close-to-open consistency).
      const file = await retryWhileBusy(() => open(path, 'r'), platform);
      try {
        const { mtimeMs } = await file.stat();
        return { text: await file.readFile('utf8'), mtimeMs };
      } finally {
        await file.close();
      }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  touch: async (path, nonce) => {
    const file = await open(path, 'r+');
    try {
      if (!(await file.readFile('utf8')).includes(nonce)) return false;
      const { mtimeMs } = await file.stat();
      const now = Date.now();
      // Only the change matters, so force one even if this clock stands still or was set back.
      const next = Math.abs(now - mtimeMs) < coarsestTime ? mtimeMs + coarsestTime : now;
      await file.utimes(next / 1000, next / 1000);
      return true;
    } finally {
      await file.close();
    }
  },
  replace: async (from, to) => {
    try {
      await rename(from, to);
      return true;
    } catch (error) {
      if (inUse.has(codeOf(error) ?? '')) return false;
      throw error;
    }
  },
  remove: (path) => unlink(path).catch(() => undefined),
  removeIf: async (path, nonce) => {
    // Read synchronously (a few hundred bytes), since a waiter for the lock waits for this. Treat an unreadable
    // file as ours: otherwise it would stay as long as this process lives.
    let isOurs = true;
    try {
      isOurs = readFileSync(path, 'utf8').includes(nonce);
    } catch {
      // Unreadable: treat it as ours.
    }
    // A lock left behind would block all others as long as this process lives.
    if (isOurs) await retryWhileBusy(() => unlink(path), platform).catch(() => undefined);
  },
  untilChanged: async (path, milliseconds, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = (): void => {
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over, { once: true });
    let watcher: FSWatcher | undefined;
    try {
      watcher = watch(path, over).on('error', over);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') resolve(); // Already released. After any other error, wait without a watcher.
    }
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', over);
    watcher?.close();
  },
});
