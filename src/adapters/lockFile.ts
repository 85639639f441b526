import { randomBytes } from 'node:crypto';
import { readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { link, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { isAlive, isIdTaken, ownIdentity } from './processIdentity.ts';
import type { ProcessIdentity } from './processIdentity.ts';
import { codeOf } from './systemFile.ts';

/** The system tells when a lock is released; between two looks of our own, for the death of its holder, pass these. */
const firstWaitMilliseconds = 25;
const longestWaitMilliseconds = 250;
/** Text that is no lock can only be the rest of a broken disk; it is believed for so long. */
const unreadableMilliseconds = 10_000;
/** Before this age a lock's process id is enough; an id is not given to another process so soon. */
const youngMilliseconds = 5_000;
/** What file systems without hard links answer. */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

interface Holder extends ProcessIdentity {
  /** Of this acquisition and no other: what a taker-over names. */
  readonly nonce: string;
}

/**
 * Does `work` while holding a lock file, over all processes of this machine. The lock of a dead process is taken
 * over; a live one's never, however long it sleeps: a laptop's lid is no reason to use a refresh token twice.
 * Rejects with the signal's reason while waiting, or with the system's error when the folder cannot be written.
 */
export async function withLockFile<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const mine = await acquire(path, signal);
  try {
    return await work();
  } finally {
    await release(path, mine);
  }
}

async function acquire(path: string, signal: AbortSignal): Promise<Holder> {
  const mine: Holder = { ...(await ownIdentity()), nonce: randomBytes(12).toString('hex') };
  // Written whole under a name of its own, then linked: nobody ever sees a lock without its holder.
  const candidate = `${path}.${mine.nonce}`;
  await writeFile(candidate, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
  try {
    for (let pause = firstWaitMilliseconds; ; pause = Math.min(pause * 2, longestWaitMilliseconds)) {
      signal.throwIfAborted();
      if (await linkIfFree(candidate, path, mine)) return mine;
      if (await takeOverFromDead(path, mine, signal)) return mine;
      await untilChanged(path, pause * (0.5 + Math.random()), signal);
    }
  } finally {
    await unlink(candidate).catch(() => undefined);
  }
}

/** Until the lock was released, as far as the system tells, or the time is over, or the signal aborts. */
async function untilChanged(path: string, milliseconds: number, signal: AbortSignal): Promise<void> {
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
}

async function release(path: string, mine: Holder): Promise<void> {
  if (isMine(path, mine)) await unlink(path).catch(() => undefined);
}

/**
 * Unless somebody removed the lock by hand, it is. Read synchronously, a hundred bytes: who waits for the lock waits
 * for this. What cannot be read is taken for our own, or nobody would ever get it while this process lives.
 */
function isMine(path: string, { nonce }: Holder): boolean {
  try {
    return readFileSync(path, 'utf8').includes(nonce);
  } catch {
    return true;
  }
}

async function linkIfFree(candidate: string, path: string, mine: Holder): Promise<boolean> {
  try {
    await link(candidate, path).catch(async (error: unknown) => {
      if (!noHardLinks.has(codeOf(error) ?? '')) throw error;
      await writeFile(path, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Replaces a dead process's lock by our own. Only one of many waiters may: the one that holds the lock of
 * this very take-over, which is named after the dead acquisition, and so can never be that of a later one.
 */
async function takeOverFromDead(path: string, mine: Holder, signal: AbortSignal): Promise<boolean> {
  const dead = await readHolder(path);
  if (dead === undefined || (await isHolderAlive(path, dead))) return false;
  return withLockFile(`${path}.after-${dead.nonce || 'unreadable'}`, signal, async () => {
    const still = await readHolder(path);
    if (still?.nonce !== dead.nonce || (await isHolderAlive(path, still))) return false;
    const replacement = `${path}.${mine.nonce}.new`;
    await writeFile(replacement, JSON.stringify(mine), { flag: 'wx', mode: 0o600 });
    await rename(replacement, path);
    return true;
  });
}

/** Undefined when nobody holds it; a nonce of '' when its text is none. */
async function readHolder(path: string): Promise<Holder | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { pid, startedAt, nonce } = JSON.parse(text) as Partial<Holder>;
    if (typeof pid === 'number' && typeof startedAt === 'string' && typeof nonce === 'string') {
      return { pid, startedAt, nonce };
    }
  } catch {
    // No lock's text: see below.
  }
  return { pid: 0, startedAt: '', nonce: '' };
}

async function isHolderAlive(path: string, holder: Holder): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  const age = Date.now() - mtimeMs;
  if (holder.nonce === '') return age < unreadableMilliseconds;
  return age < youngMilliseconds ? isIdTaken(holder.pid) : isAlive(holder);
}
