import type { SecretStore } from '../../../src/core/ports.ts';

/** Secrets as a map that the test can read and change, as another window would. */
interface FakeSecrets extends SecretStore {
  readonly map: Map<string, string>;
  /** Notifies listeners that another window changed a key. */
  changedElsewhere(key: string): void;
}

export function fakeSecrets(entries: Readonly<Record<string, string>> = {}): FakeSecrets {
  const map = new Map(Object.entries(entries));
  const listeners = new Set<(key: string) => void>();
  const tell = (key: string): void => listeners.forEach((listener) => listener(key));
  return {
    map,
    changedElsewhere: tell,
    get: async (key) => map.get(key),
    set: async (key, value) => {
      map.set(key, value);
      tell(key);
    },
    delete: async (key) => {
      if (map.delete(key)) tell(key);
    },
    keys: async () => [...map.keys()],
    onDidChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
