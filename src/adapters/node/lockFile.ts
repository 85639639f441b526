import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SignInError } from '../../core/oauth/errors.ts';
import { createLockFiles } from './atomicFiles.ts';
import type { LockFiles } from './atomicFiles.ts';
import { lockText, parseHolder, shownHost } from './lockHolder.ts';
import type { Holder } from './lockHolder.ts';
import { isAlive, isIdTaken, isSamePlace, ownIdentity } from './processIdentity.ts';
import type { ProcessIdentity, ProcessPlace } from './processIdentity.ts';

/** The process, the clocks and the files that locks stand on. */
export interface LockPorts {
  /** Who takes the locks: the ID and start of the process, and where its ID is known. */
  readonly own: () => Promise<ProcessIdentity & ProcessPlace>;
  /** Of processes of the same place. */
  readonly isIdTaken: (pid: number) => boolean;
  readonly isAlive: (process: ProcessIdentity) => Promise<boolean>;
  /** A text that no other acquisition has. */
  readonly nonce: () => string;
  /** Milliseconds of a clock that never goes back; no other machine's. */
  readonly monotonic: () => number;
  /** Epoch milliseconds of this machine: it tells how long the machine slept, where the other clock does not. */
  readonly wall: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly files: LockFiles;
}

/** In milliseconds. */
export interface LockTimes {
  /** How often a holder touches its lock. */
  readonly beat: number;
  /** A holder of another place is dead when its lock was seen untouched for so long. */
  readonly silence: number;
  /** So long a lock is waited for. */
  readonly patience: number;
}

/** The times of locks in real folders. */
export const lockTimes: LockTimes = { beat: 10_000, silence: 60_000, patience: 90_000 };

/** The system tells when a lock is released; between two looks of our own, for the death of its holder, pass these. */
const firstWait = 25;
const longestWait = 250;
/** More time than this between two looks was spent asleep, in which nothing was observed. */
const longestLook = 1000;
/** Text that is not a lock can only be the rest of a broken disk; it is believed for so long. */
const unreadableAge = 10_000;
/** Before this age a lock's process ID is enough; an ID is not given to another process so soon. */
const youngAge = 5_000;

/** What was seen of a lock, and for how long it was seen unchanged. */
interface Sight {
  /** Its text and `mtime`. */
  readonly mark: string;
  readonly mtimeMs: number;
  readonly holder: Holder | undefined;
  readonly quiet: number;
  readonly at: number;
}

/** A waiter: who it is, what it may still wait, and what time it is by the clock of the folder. */
interface Waiter {
  readonly mine: Holder & { readonly place: ProcessPlace };
  readonly folderNow: () => number;
}

/** How a lock is waited for. */
interface Waiting {
  readonly signal: AbortSignal;
  /** How much longer, in milliseconds. */
  left: number;
}

/** The locks of the folders that one process uses. */
export interface Locks {
  /** Does `work` while holding the lock at `path`, as {@link withLockFile} does. */
  withLock<T>(path: string, signal: AbortSignal, work: () => Promise<T>, patience?: number): Promise<T>;
}

/**
 * Locks as files, over all processes that share a folder. A lock names its holder. In the holder's own place (the same
 * start of the same system, the same PID namespace) its process ID and start tell whether it lives: such a lock is never
 * taken from a live process, however long that sleeps. Elsewhere they tell nothing; so a holder touches its lock every
 * ten seconds, and is taken for dead when its lock was seen untouched for a minute. That minute is counted by the observer
 * from what it has seen: no two clocks are compared, and time that the observer slept does not count.
 */
export function createLocks(ports: LockPorts, times: LockTimes = lockTimes): Locks {
  const { files, monotonic, wall } = ports;
  const sights = new Map<string, Sight>();

  async function hold<T>(path: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
    const mine = await acquire(path, waiting);
    const done = new AbortController();
    const last = { at: monotonic(), wall: wall() };
    const beating = keepTouching(path, mine, last, done.signal);
    try {
      return await work();
    } finally {
      done.abort();
      await beating;
      await release(path, mine, last);
    }
  }

  async function acquire(path: string, waiting: Waiting): Promise<Holder> {
    const { pid, startedAt, ...place } = await ports.own();
    const mine = { pid, startedAt, nonce: ports.nonce(), place };
    // Written whole under a name of its own, then linked: a lock is never seen without its holder.
    const candidate = `${path}.${mine.nonce}`;
    const madeAt = monotonic();
    const made = await files.create(candidate, lockText(mine));
    const waiter: Waiter = { mine, folderNow: () => made + monotonic() - madeAt };
    let lookedAt = monotonic();
    try {
      for (let pause = firstWait; ; pause = Math.min(pause * 2, longestWait)) {
        waiting.signal.throwIfAborted();
        if (await linkIfFree(candidate, path, mine)) break;
        const sight = await look(path);
        // Over NFS an answer may be lost, and the request that is sent again is refused for the link that the first one made.
        if (sight?.holder?.nonce === mine.nonce) break;
        if (sight !== undefined && (await isDead(sight, waiter))) {
          if (await takeOver(path, sight, waiter, waiting)) break;
        }
        if (waiting.left <= 0) throw busy(sight, mine.place);
        await files.untilChanged(path, pause * (0.5 + Math.random()), waiting.signal);
        const now = monotonic();
        waiting.left -= Math.min(now - lookedAt, longestLook);
        lookedAt = now;
      }
    } finally {
      await files.remove(candidate);
    }
    sights.delete(path);
    return mine;
  }

  async function linkIfFree(candidate: string, path: string, mine: Holder): Promise<boolean> {
    try {
      return await files.link(candidate, path);
    } catch (error) {
      // A window that thinks it is much later may have swept it away.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await files.create(candidate, lockText(mine));
      return files.link(candidate, path);
    }
  }

  async function look(path: string): Promise<Sight | undefined> {
    const file = await files.read(path);
    if (file === undefined) {
      sights.delete(path);
      return undefined;
    }
    const mark = `${file.mtimeMs} ${file.text}`;
    const before = sights.get(path);
    const at = monotonic();
    const quiet = before?.mark === mark ? before.quiet + Math.min(at - before.at, longestLook) : 0;
    const sight = { mark, mtimeMs: file.mtimeMs, holder: parseHolder(file.text), quiet, at };
    sights.set(path, sight);
    return sight;
  }

  async function isDead({ holder, mtimeMs, quiet }: Sight, { mine, folderNow }: Waiter): Promise<boolean> {
    const age = folderNow() - mtimeMs;
    const isSilent = quiet >= times.silence;
    if (holder === undefined) return isSilent || age >= unreadableAge;
    const { place, pid, startedAt } = holder;
    if (place !== undefined && !isSamePlace(place, mine.place)) return isSilent;
    if (!ports.isIdTaken(pid)) return true;
    if (place !== undefined && startedAt === '') return isSilent; // Any process may have the ID by now.
    if (age >= 0 && age < youngAge) return false;
    return !(await ports.isAlive(holder));
  }

  /**
   * Replaces a dead holder's lock by our own. Only one of many waiters may: the one that holds the lock of this very
   * take-over, which is named after the dead acquisition, and so can never be that of a later one.
   */
  async function takeOver(path: string, dead: Sight, waiter: Waiter, waiting: Waiting): Promise<boolean> {
    return hold(takeOverOf(path, dead.holder), waiting, async () => {
      const still = await look(path);
      if (still === undefined || still.holder?.nonce !== dead.holder?.nonce) return false;
      if (!(await isDead(still, waiter))) return false;
      const replacement = `${path}.${waiter.mine.nonce}.new`;
      await files.create(replacement, lockText(waiter.mine));
      if (await files.replace(replacement, path)) return true;
      await files.remove(replacement);
      return false;
    });
  }

  async function keepTouching(
    path: string,
    { nonce }: Holder,
    last: { at: number; wall: number },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      for (;;) {
        await ports.sleep(times.beat, signal);
        const now = { at: monotonic(), wall: wall() };
        if (await files.touch(path, nonce).catch(() => false)) Object.assign(last, now);
      }
    } catch {
      // The work is done.
    }
  }

  /** After a long silence, as of a machine that slept, another may be about to take it over: then only one of us at a time. */
  async function release(path: string, mine: Holder, last: { at: number; wall: number }): Promise<void> {
    const remove = () => files.removeIf(path, mine.nonce);
    const isLate = Math.max(monotonic() - last.at, wall() - last.wall) > times.silence / 2;
    if (!isLate) return remove();
    const untilOver = { signal: new AbortController().signal, left: times.patience };
    await hold(takeOverOf(path, mine), untilOver, remove).catch(remove);
  }

  return {
    withLock: (path, signal, work, patience = times.patience) => hold(path, { signal, left: patience }, work),
  };
}

function takeOverOf(path: string, holder: Holder | undefined): string {
  return `${path}.after-${holder?.nonce ?? 'unreadable'}`;
}

function busy(sight: Sight | undefined, own: ProcessPlace): SignInError {
  const { pid = 0, place = own } = sight?.holder ?? {};
  return new SignInError('lockBusy', { operation: 'lock', holder: { pid, host: shownHost(place.host) } });
}

/** Locks of this process in real folders. */
export const lockPorts: LockPorts = {
  own: ownIdentity,
  isIdTaken,
  isAlive,
  nonce: () => randomBytes(12).toString('hex'),
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  sleep: (milliseconds, signal) => wait(milliseconds, undefined, { signal, ref: false }),
  files: createLockFiles(),
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
