import { createLocks } from '../../src/adapters/node/lockFile.ts';
import type { LockFiles } from '../../src/adapters/node/atomicFiles.ts';
import type { Locks } from '../../src/adapters/node/lockFile.ts';
import type { Clock, RecordReading, SessionRecords } from '../../src/core/ports.ts';

interface File {
  text: string;
  mtimeMs: number;
}

/** A developer's machine: an in-memory folder shared by its windows, with the real locks. */
export interface Machine {
  /** Opens the records in another window. */
  openRecords(): SessionRecords;
  /** The stored data. */
  read(id: string): string | undefined;
}

export function createMachine(clock: Clock): Machine {
  const records = new Map<string, string>();
  const folder = new Map<string, File>();
  const listeners = new Set<(id: string | undefined) => void>();
  const windows: number[] = [];
  const files = filesIn(folder, clock);
  const changed = (id: string): void => {
    for (const listener of [...listeners]) listener(id);
  };
  return {
    read: (id) => records.get(id),
    openRecords: () => {
      const locks = locksOf(windows.push(windows.length), files, clock);
      return {
        ids: async () => [...records.keys()],
        read: async (id): Promise<RecordReading> => {
          const record = records.get(id);
          return record === undefined ? { state: 'absent' } : { state: 'newest', record };
        },
        about: async () => undefined,
        write: async (id, record) => {
          records.set(id, record);
          changed(id);
        },
        remove: async (id) => {
          records.delete(id);
          changed(id);
          return {};
        },
        withLock: (id, signal, work, patience) => locks.withLock(`${id}.lock`, signal, work, patience),
        onDidChange: (listener) => {
          listeners.add(listener);
          return { [Symbol.dispose]: () => void listeners.delete(listener) };
        },
      };
    },
  };
}

function locksOf(pid: number, files: LockFiles, clock: Clock): Locks {
  let acquisitions = 0;
  return createLocks({
    own: async () => ({ pid, startedAt: `start ${pid}`, host: 'laptop', boot: 'boot', namespace: 'pid:[1]' }),
    isIdTaken: () => true,
    isAlive: async () => true,
    nonce: () => `${pid}-${++acquisitions}-nonce`,
    monotonic: () => clock.now(),
    wall: () => clock.now(),
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
    files,
  });
}

/** Implements {@link LockFiles}: each call is atomic, and all windows see its effect at once. */
function filesIn(folder: Map<string, File>, clock: Clock): LockFiles {
  const waiting = new Map<string, Set<() => void>>();
  const told = (path: string): void => {
    for (const wake of waiting.get(path) ?? []) wake();
  };
  return {
    create: async (path, text) => {
      if (folder.has(path)) throw Object.assign(new Error('exists'), { code: 'EEXIST' });
      const mtimeMs = clock.now();
      folder.set(path, { text, mtimeMs });
      return mtimeMs;
    },
    link: async (from, to) => {
      const file = folder.get(from);
      if (file === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      if (folder.has(to)) return false;
      folder.set(to, file);
      return true;
    },
    read: async (path) => {
      const file = folder.get(path);
      return file === undefined ? undefined : { ...file };
    },
    touch: async (path, nonce) => {
      const file = folder.get(path);
      if (!file?.text.includes(nonce)) return false;
      file.mtimeMs = clock.now();
      return true;
    },
    replace: async (from, to) => {
      const file = folder.get(from);
      if (file === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' });
      folder.delete(from);
      folder.set(to, file);
      told(to);
      return true;
    },
    remove: async (path) => {
      folder.delete(path);
      told(path);
    },
    removeIf: async (path, nonce) => {
      if (!(folder.get(path)?.text.includes(nonce) ?? false)) return;
      folder.delete(path);
      told(path);
    },
    untilChanged: async (path, milliseconds, signal) => {
      const changed = new AbortController();
      const wake = (): void => changed.abort('changed');
      const others = waiting.get(path) ?? new Set();
      waiting.set(path, others.add(wake));
      await clock.sleep(milliseconds, AbortSignal.any([signal, changed.signal])).catch(() => undefined);
      others.delete(wake);
    },
  };
}
