import { setTimeout as wait } from 'node:timers/promises';
import type { SecretStore } from '../../src/core/ports.ts';
import type { Secrets, StoredSecret, StoreMode } from './messages.ts';

/** Delay on desktops until the disk and the other windows have a value (docs/PROTOCOL.md, 4). */
const flushMilliseconds = 100;

/** The SecretStorage of one process, and its receiver for changes by others. */
export interface ProcessSecrets extends SecretStore {
  /** Called when another process has stored a value. */
  heard(key: string, value: string | undefined): void;
  /** Resolves when all changes have reached the store. */
  flushed(): Promise<void>;
}

/**
 * VS Code's SecretStorage in one process (docs/PROTOCOL.md, 4): a separate cache, filled at the start. `desktop`:
 * `set` resolves at once; the store gets the value 100 ms later and notifies the others, whose caches are
 * updated. `codeServer`: the same delay, but stores this process's whole map without notifying the others.
 */
export function createProcessSecrets(
  mode: StoreMode,
  atStart: Secrets,
  send: (message: StoredSecret) => void,
): ProcessSecrets {
  const cache = new Map(Object.entries(atStart));
  const listeners = new Set<(key: string) => void>();
  const unflushed = new Map<string, Promise<void>>();

  const changed = (key: string): void => {
    for (const listener of listeners) listener(key);
  };
  const flush = async (key: string): Promise<void> => {
    await wait(flushMilliseconds, undefined, { ref: false });
    unflushed.delete(key);
    if (mode === 'desktop') send({ type: 'secret', key, value: cache.get(key) });
    else send({ type: 'allSecrets', secrets: Object.fromEntries(cache) });
  };
  const store = (key: string, value: string | undefined): void => {
    if (value === undefined) cache.delete(key);
    else cache.set(key, value);
    const what = mode === 'desktop' ? key : 'everything';
    if (!unflushed.has(what)) unflushed.set(what, flush(what));
    changed(key);
  };

  return {
    get: async (key) => cache.get(key),
    set: async (key, value) => {
      store(key, value);
    },
    delete: async (key) => {
      store(key, undefined);
    },
    keys: async () => [...cache.keys()],
    onDidChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    flushed: async () => {
      await Promise.all(unflushed.values());
    },
    heard: (key, value) => {
      if (mode === 'codeServer') return;
      if (value === undefined) cache.delete(key);
      else cache.set(key, value);
      changed(key);
    },
  };
}
