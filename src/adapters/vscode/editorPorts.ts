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
 * How the browser that shows this editor reaches a port of this machine: `localhost:2128` in Eclipse Theia on the same one.
 *
 * @returns undefined where the editor does not say it
 */
export async function reachedAs(): Promise<string | undefined> {
  try {
    return (await env.asExternalUri(Uri.parse('http://localhost:2128'))).authority;
  } catch {
    return undefined;
  }
}

/**
 * Opens an address in the person's browser, byte for byte. VS Code would decode and encode a `Uri` again, and
 * turn `/start/#/device?user_code=…` or `%2B` into something else; an address given as a string it keeps. The
 * types do not know that, hence the one cast.
 *
 * @returns whether VS Code says that it was opened; `false` also stands for *Copy* in its dialog, so it never
 * means that the person gave up
 */
export async function openInBrowser(url: string): Promise<boolean> {
  return env.openExternal(url as unknown as Uri);
}
