import { createSealingKey, keyName } from '../../src/adapters/node/sealing.ts';
import type { SecretStore } from '../../src/core/ports.ts';

/** A SecretStore whose content tests can read. */
export interface OpenSecretStore extends SecretStore {
  readonly map: ReadonlyMap<string, string>;
}

/**
 * SecretStorage of one desktop window, on a machine that already has its sealing key: on a new machine, the first
 * sign-in waits until all windows have the key.
 */
export function secretsWithKey(): OpenSecretStore {
  const key = createSealingKey().bytes.toString('base64');
  return secretsOver(new Map([[keyName, key]]), () => undefined);
}

/**
 * SecretStorage as in code-server (docs/PROTOCOL.md, 4): a window loads all secrets once when it opens, gets no
 * events from other windows, and writes the whole map on each change.
 */
export function createCodeServer(): { openWindow(): OpenSecretStore } {
  let saved: ReadonlyMap<string, string> = new Map();
  return {
    openWindow: () =>
      secretsOver(new Map(saved), (map) => {
        saved = new Map(map);
      }),
  };
}

function secretsOver(
  map: Map<string, string>,
  save: (map: ReadonlyMap<string, string>) => void,
): OpenSecretStore {
  const listeners = new Set<(key: string) => void>();
  const changed = (key: string): void => {
    save(map);
    for (const listener of listeners) listener(key);
  };
  return {
    map,
    get: async (key) => map.get(key),
    set: async (key, value) => {
      map.set(key, value);
      changed(key);
    },
    delete: async (key) => {
      map.delete(key);
      changed(key);
    },
    keys: async () => [...map.keys()],
    onDidChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
