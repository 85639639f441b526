import { randomBytes } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import * as files from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, inUse, isInUse, onceFree } from './systemFile.ts';

/** The calls of the system, and how it answers them. */
type System = Pick<typeof files, 'link' | 'open' | 'rename' | 'unlink' | 'writeFile'>;

/**
 * Replaces a file so that a reader sees the old text or the new one and never a part, and a machine that loses
 * power after this resolved has the new one. Readable by its owner only.
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
    await onceFree(() => rename(temporary, path), platform);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  if (platform !== 'win32') await syncFolder(dirname(path));
}

/** A rename is durable once its folder is; Windows has no such call and needs none. */
async function syncFolder(path: string): Promise<void> {
  const folder = await files.open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The files of a folder of locks. What a call does is done whole, and at once for every process. */
export interface LockFiles {
  /** Writes a file that was not there, and tells its `mtime` in milliseconds by the clock of the folder. */
  create(path: string, text: string): Promise<number>;
  /** Gives a file another name; false when there is one of that name. Rejects with ENOENT when `from` is gone. */
  link(from: string, to: string): Promise<boolean>;
  /** Undefined without one. */
  read(path: string): Promise<{ readonly text: string; readonly mtimeMs: number } | undefined>;
  /** Changes the `mtime` of a file that holds `nonce`; false when it holds none. */
  touch(path: string, nonce: string): Promise<boolean>;
  /** Replaces `to`; false when the system does not let it. */
  replace(from: string, to: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Removes a file that holds `nonce`. */
  removeIf(path: string, nonce: string): Promise<void>;
  /** Until the file has changed, as far as the system tells, or the time is over, or the signal aborts. */
  untilChanged(path: string, milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** What file systems without hard links answer. */
const noHardLinks = new Set([
  ...['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'],
  'EISDIR', // Node's name for what exFAT on Windows answers.
]);
/** File systems keep times to two seconds at worst (FAT). */
const coarsestTime = 2000;

/** The files of a real folder. */
export const createLockFiles = (
  platform: NodeJS.Platform = process.platform,
  { link, open, rename, unlink, writeFile }: System = files,
): LockFiles => ({
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
      // A lock that is just being removed is there until all who read it have closed it.
      if (codeOf(error) === 'EEXIST' || isInUse(error, platform)) return false;
      throw error;
    }
  },
  read: async (path) => {
    try {
      // Opened each time: a network file system asks its server then, and only then (close-to-open consistency).
      const file = await onceFree(() => open(path, 'r'), platform);
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
    // One that stayed would keep all others waiting as long as this process lives.
    if (isOurs) await onceFree(() => unlink(path), platform).catch(() => undefined);
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
});
