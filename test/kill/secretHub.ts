import type { SecretStore } from '../../src/core/ports.ts';
import type { Secrets, StoredSecret } from './messages.ts';

/** The shared store behind SecretStorage: the machine's keyring, which outlives every process. */
export interface SecretHub {
  /** The content for a process that starts now. */
  current(): Secrets;
  /** Access for the controller's own window, without cache or delay. */
  readonly own: SecretStore;
  /** Stores a process's change, and notifies the `others`. */
  took(message: StoredSecret, others: Iterable<(message: StoredSecret & { type: 'secret' }) => void>): void;
}

export function createSecretHub(): SecretHub {
  let stored = new Map<string, string>();
  const put = (key: string, value: string | undefined): void => {
    if (value === undefined) stored.delete(key);
    else stored.set(key, value);
  };
  return {
    current: () => Object.fromEntries(stored),
    own: {
      get: async (key) => stored.get(key),
      set: async (key, value) => {
        put(key, value);
      },
      delete: async (key) => {
        put(key, undefined);
      },
      keys: async () => [...stored.keys()],
      onDidChange: () => ({ [Symbol.dispose]: () => undefined }),
    },
    took: (message, others) => {
      if (message.type === 'allSecrets') {
        stored = new Map(Object.entries(message.secrets));
      } else {
        put(message.key, message.value);
        for (const tell of others) tell(message);
      }
    },
  };
}
