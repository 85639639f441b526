import { env, Uri } from 'vscode';
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

/**
 * The address at which the browser reaches a port of this machine, such as `localhost:2128` for a local Eclipse
 * Theia.
 * @returns undefined if the editor does not report it
 */
export async function reachedAs(): Promise<string | undefined> {
  try {
    return (await env.asExternalUri(Uri.parse('http://localhost:2128'))).authority;
  } catch {
    return undefined;
  }
}

/**
 * Opens an address in the user's browser, byte for byte. VS Code would decode and encode a `Uri` again, and
 * change `/start/#/device?user_code=…` or `%2B`; it preserves a string, which its types do not allow, hence the
 * cast.
 * @returns whether VS Code opened it; false also after *Copy* in its dialog, so it does not mean that the user
 * canceled
 */
export async function openInBrowser(url: string): Promise<boolean> {
  return env.openExternal(url as unknown as Uri);
}
