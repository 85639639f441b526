import { createSealingKey, keyName } from '../../src/adapters/node/sealing.ts';
import type { SecretStore } from '../../src/core/ports.ts';

/** A SecretStore that lies in the open, for the test to look into. */
export interface OpenSecretStore extends SecretStore {
  readonly map: ReadonlyMap<string, string>;
}

/**
 * SecretStorage of one window on a desktop, on a machine that has its sealing key: the first sign-in on a new one waits until all
 * windows know it.
 */
export function secretsWithKey(): OpenSecretStore {
  const key = createSealingKey().bytes.toString('base64');
  return secretsOver(new Map([[keyName, key]]), () => undefined);
}

/**
 * SecretStorage as code-server has it (docs/PROTOCOL.md, 4): a window loads all secrets once, when it opens, hears of no
 * other window's, and writes the whole map when it saves.
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
