import { randomBytes } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { link, open, rename, unlink, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createLocks } from './lockProtocol.ts';
import type { LockFiles, LockPorts } from './lockProtocol.ts';
import { isAlive, isIdTaken, ownIdentity } from './processIdentity.ts';
import { codeOf } from './systemFile.ts';

/** What file systems without hard links answer. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
/** What Windows answers where another machine still has a file open. */
const inUse = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** File systems keep times to two seconds at worst (FAT). */
const coarsestTime = 2000;

const files: LockFiles = {
  create: async (path, text) => {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
      return (await file.stat()).mtimeMs;
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
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  },
  read: async (path) => {
    try {
      // Opened each time: a network file system asks its server then, and only then (close-to-open consistency).
      const file = await open(path, 'r');
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
      // What counts is that it changes, also where this clock stands still or was set back.
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
    // Unless it was removed by hand, it is ours. Read synchronously, a few hundred bytes: who waits for the lock waits
    // for this. What cannot be read is taken for our own, or it would stay as long as this process lives.
    let isOurs = true;
    try {
      isOurs = readFileSync(path, 'utf8').includes(nonce);
    } catch {
      // As said.
    }
    if (isOurs) await unlink(path).catch(() => undefined);
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
      if (codeOf(error) === 'ENOENT') resolve(); // Released already. Anything else: nothing to watch with.
    }
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', over);
    watcher?.close();
  },
};

/** Locks of this process in real folders. */
export const lockPorts: LockPorts = {
  own: ownIdentity,
  isIdTaken,
  isAlive,
  nonce: () => randomBytes(12).toString('hex'),
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal, ref: false }),
  files,
};

const locks = createLocks(lockPorts);

/**
 * Does `work` while holding a lock file, over all processes of all machines and containers that share its folder. The
 * lock of a dead process is taken over; a live one's of the same system never, however long it sleeps: a laptop's lid is
 * no reason to use a refresh token twice.
 * @param patience how long to wait for the lock, in milliseconds; 90 seconds unless told
 * @throws SignInError `lockBusy` with its holder after that time; the signal's reason while waiting; or the system's
 * error when the folder cannot be written
 */
export function withLockFile<T>(
  path: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  patience?: number,
): Promise<T> {
  return locks.withLock(path, signal, work, patience);
}
