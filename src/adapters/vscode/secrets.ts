import type { SecretStorage } from 'vscode';
import type { SecretStore } from '../../core/ports.ts';

/** VS Code's SecretStorage as the core's port. */
export function createSecretStore(storage: SecretStorage): SecretStore {
  return {
    get: async (key) => storage.get(key),
    set: async (key, value) => storage.store(key, value),
    delete: async (key) => storage.delete(key),
    keys: async () => storage.keys(),
    onDidChange: (listener) => {
      const subscription = storage.onDidChange(({ key }) => {
        listener(key);
      });
      return { [Symbol.dispose]: () => void subscription.dispose() };
    },
  };
}
