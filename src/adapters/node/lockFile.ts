import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SignInError } from '../../core/oauth/errors.ts';
import { createLockFiles } from './atomicFiles.ts';
import type { LockFiles } from './atomicFiles.ts';
import { lockText, parseHolder, shownHost } from './lockHolder.ts';
import type { Holder } from './lockHolder.ts';
import { isAlive, isIdTaken, isSamePlace, ownIdentity } from './processIdentity.ts';
import type { ProcessIdentity, ProcessPlace } from './processIdentity.ts';

/** The process, clocks and files that locks depend on. */
export interface LockPorts {
  /** The process that takes the locks, with the scope of its ID. */
  readonly own: () => Promise<ProcessIdentity & ProcessPlace>;
  /** For processes of the same place. */
  readonly isIdTaken: (pid: number) => boolean;
  readonly isAlive: (process: ProcessIdentity) => Promise<boolean>;
  /** A random text, unique to each acquisition. */
  readonly nonce: () => string;
  /** Milliseconds of this machine's monotonic clock. */
  readonly monotonic: () => number;
  /** Epoch milliseconds of this machine; shows how long it slept, where the monotonic clock does not. */
  readonly wall: () => number;
  /** Rejects if the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly files: LockFiles;
}

/** Times in milliseconds. */
export interface LockTimes {
  /** Interval at which a holder touches its lock. */
  readonly beat: number;
  /** A holder in another place counts as dead once its lock has not been touched for this long. */
  readonly silence: number;
  /** How long to wait for a lock. */
  readonly timeoutMilliseconds: number;
}

/** The times of locks in real folders. */
export const lockTimes: LockTimes = { beat: 10_000, silence: 60_000, timeoutMilliseconds: 90_000 };

/** Polling interval while waiting, in case the holder dies; the system reports a release. */
const firstWait = 25;
const maxWait = 600;
/** A longer gap between two polls means that the machine slept; nothing was observed during it. */
const maxPollGap = 1000;
/** How long a corrupt lock file is respected before it is replaced. */
const unreadableAge = 10_000;
/** Below this age, a lock's process ID suffices to identify its holder: systems do not reuse IDs that quickly. */
const freshAge = 5_000;

/** The last observed state of a lock, and how long it has been unchanged. */
interface ObservedLock {
  /** Its text and `mtime`. */
  readonly mark: string;
  readonly mtimeMs: number;
  readonly holder: Holder | undefined;
  readonly quiet: number;
  readonly at: number;
}

/** A process that waits for a lock, and the time by the folder's clock. */
interface Waiter {
  readonly mine: Holder & { readonly place: ProcessPlace };
  readonly folderNow: () => number;
}

/** The signal and remaining time of a wait for a lock. */
interface Waiting {
  readonly signal: AbortSignal;
  /** Remaining time, in milliseconds. */
  left: number;
}

/** The locks that one process takes. */
export interface Locks {
  /** Runs `work` while holding the lock at `path`, as {@link withLockFile} does. */
  withLock<T>(
    path: string,
    signal: AbortSignal,
    work: () => Promise<T>,
    timeoutMilliseconds?: number,
  ): Promise<T>;
}

/**
 * Locks as files, across all processes that share a folder. Each lock names its holder.
 *
 * In the holder's own place (same boot, same PID namespace), its process ID and start time tell whether it
 * lives: a live process never loses its lock, however long it sleeps. Elsewhere they are meaningless, so a holder
 * touches its lock every ten seconds and counts as dead after a minute without a touch. The observer measures
 * that minute with its own clock, and does not count time that it slept.
 */
export function createLocks(ports: LockPorts, times: LockTimes = lockTimes): Locks {
  const { files, monotonic, wall } = ports;
  const observed = new Map<string, ObservedLock>();

  async function hold<T>(path: string, waiting: Waiting, work: () => Promise<T>): Promise<T> {
    const mine = await acquire(path, waiting);
    const done = new AbortController();
    const last = { at: monotonic(), wall: wall() };
    const beating = heartbeat(path, mine, last, done.signal);
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
    // Write the file under a unique name, then link it: a lock is never visible without its holder.
    const candidate = `${path}.${mine.nonce}`;
    const madeAt = monotonic();
    const made = await files.create(candidate, lockText(mine));
    const waiter: Waiter = { mine, folderNow: () => made + monotonic() - madeAt };
    let polledAt = monotonic();
    try {
      for (let pause = firstWait; ; pause = Math.min(pause * 2, maxWait)) {
        waiting.signal.throwIfAborted();
        if (await linkIfFree(candidate, path, mine)) break;
        const lock = await observe(path);
        // Over NFS, the response may be lost, and the repeated request fails because of the link that the first one
        // made.
        if (lock?.holder?.nonce === mine.nonce) break;
        if (lock !== undefined && (await isDead(lock, waiter))) {
          if (await takeOver(path, lock, waiter, waiting)) break;
        }
        if (waiting.left <= 0) throw busy(lock, mine.place);
        await files.untilChanged(path, pause * (0.5 + Math.random()), waiting.signal);
        const now = monotonic();
        waiting.left -= Math.min(now - polledAt, maxPollGap);
        polledAt = now;
      }
    } finally {
      await files.remove(candidate);
    }
    observed.delete(path);
    return mine;
  }

  async function linkIfFree(candidate: string, path: string, mine: Holder): Promise<boolean> {
    try {
      return await files.link(candidate, path);
    } catch (error) {
      // A window with a fast clock may have swept it away.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await files.create(candidate, lockText(mine));
      return files.link(candidate, path);
    }
  }

  async function observe(path: string): Promise<ObservedLock | undefined> {
    const file = await files.read(path);
    if (file === undefined) {
      observed.delete(path);
      return undefined;
    }
    const mark = `${file.mtimeMs} ${file.text}`;
    const before = observed.get(path);
    const at = monotonic();
    const quiet = before?.mark === mark ? before.quiet + Math.min(at - before.at, maxPollGap) : 0;
    const lock = { mark, mtimeMs: file.mtimeMs, holder: parseHolder(file.text), quiet, at };
    observed.set(path, lock);
    return lock;
  }

  async function isDead(
    { holder, mtimeMs, quiet }: ObservedLock,
    { mine, folderNow }: Waiter,
  ): Promise<boolean> {
    const age = folderNow() - mtimeMs;
    const isSilent = quiet >= times.silence;
    if (holder === undefined) return isSilent || age >= unreadableAge;
    const { place, pid, startedAt } = holder;
    if (place !== undefined && !isSamePlace(place, mine.place)) return isSilent;
    if (!ports.isIdTaken(pid)) return true;
    if (place !== undefined && startedAt === '') return isSilent; // The ID may belong to any process by now.
    if (age >= 0 && age < freshAge) return false;
    return !(await ports.isAlive(holder));
  }

  /**
   * Replaces a dead holder's lock with our own. Only one waiter may: the one that holds the take-over lock,
   * which is named after the dead acquisition and so is never that of a later one.
   */
  async function takeOver(
    path: string,
    dead: ObservedLock,
    waiter: Waiter,
    waiting: Waiting,
  ): Promise<boolean> {
    return hold(takeOverOf(path, dead.holder), waiting, async () => {
      const still = await observe(path);
      if (still === undefined || still.holder?.nonce !== dead.holder?.nonce) return false;
      if (!(await isDead(still, waiter))) return false;
      const replacement = `${path}.${waiter.mine.nonce}.new`;
      await files.create(replacement, lockText(waiter.mine));
      if (await files.replace(replacement, path)) return true;
      await files.remove(replacement);
      return false;
    });
  }

  async function heartbeat(
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
      // The sleep was aborted: the work is done.
    }
  }

  /**
   * Releases a lock. After a long silence, such as a sleep of the machine, another process may be about to take
   * it over, so the release then holds the take-over lock.
   */
  async function release(path: string, mine: Holder, last: { at: number; wall: number }): Promise<void> {
    const remove = () => files.removeIf(path, mine.nonce);
    const isLate = Math.max(monotonic() - last.at, wall() - last.wall) > times.silence / 2;
    if (!isLate) return remove();
    const untilOver = { signal: new AbortController().signal, left: times.timeoutMilliseconds };
    await hold(takeOverOf(path, mine), untilOver, remove).catch(remove);
  }

  return {
    withLock: (path, signal, work, timeoutMilliseconds = times.timeoutMilliseconds) =>
      hold(path, { signal, left: timeoutMilliseconds }, work),
  };
}

function takeOverOf(path: string, holder: Holder | undefined): string {
  return `${path}.after-${holder?.nonce ?? 'unreadable'}`;
}

function busy(lock: ObservedLock | undefined, own: ProcessPlace): SignInError {
  const { pid = 0, place = own } = lock?.holder ?? {};
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
 * Runs `work` while holding a lock file, across all processes, machines and containers that share its folder.
 * Takes over the lock of a dead process, but never that of a live one on the same system, however long it
 * sleeps: it may be suspended in the middle of a refresh.
 * @param timeoutMilliseconds how long to wait for the lock, in milliseconds; 90 seconds by default
 * @throws SignInError `lockBusy` with its holder after that time; the signal's reason while waiting; or the
 * system's error when the folder cannot be written
 */
export function withLockFile<T>(
  path: string,
  signal: AbortSignal,
  work: () => Promise<T>,
  timeoutMilliseconds?: number,
): Promise<T> {
  return locks.withLock(path, signal, work, timeoutMilliseconds);
}
