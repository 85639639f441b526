import type { SecretStore } from '../../src/core/ports.ts';
import type { Secrets, StoredSecret } from './messages.ts';

/** Where SecretStorage ends up: the keyring of the machine, which outlives every process. */
export interface SecretHub {
  /** What a process that starts now finds. */
  current(): Secrets;
  /** A window of the controller's own, without cache or delay. */
  readonly own: SecretStore;
  /** Takes what a process has stored, and tells the `others`. */
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
