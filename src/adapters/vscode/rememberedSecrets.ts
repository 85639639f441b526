import type { SecretStore } from '../../core/ports.ts';

/**
 * Caches secrets until they change: each read of SecretStorage is a round trip to the editor's main process,
 * and tools ask for tokens all the time. VS Code reports changes of any window as soon as they can be read.
 * Failed and empty reads are not cached: unlocking a keyring is not reported as a change.
 */
export function rememberSecrets(secrets: SecretStore): Disposable & SecretStore {
  const values = new Map<string, Promise<string | undefined>>();
  let names: Promise<readonly string[]> | undefined;
  const forget = (key: string): void => {
    values.delete(key);
    names = undefined;
  };
  // Forget it afterwards, too: a read during the change may have the old value.
  const change = async (key: string, make: () => Promise<void>): Promise<void> => {
    forget(key);
    await make().finally(() => {
      forget(key);
    });
  };
  const subscription = secrets.onDidChange(forget);
  return {
    get: (key) => {
      const known = values.get(key);
      if (known !== undefined) return known;
      const reading = secrets.get(key);
      values.set(key, reading);
      const forgetReading = (): void => {
        if (values.get(key) === reading) values.delete(key);
      };
      reading.then((value) => {
        if (value === undefined) forgetReading();
      }, forgetReading);
      return reading;
    },
    keys: () => {
      if (names !== undefined) return names;
      const reading = secrets.keys();
      names = reading;
      reading.catch(() => {
        if (names === reading) names = undefined;
      });
      return reading;
    },
    set: (key, value) => change(key, () => secrets.set(key, value)),
    delete: (key) => change(key, () => secrets.delete(key)),
    onDidChange: (listener) => secrets.onDidChange(listener),
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      values.clear();
      names = undefined;
    },
  };
}
