import type { SecretStore } from '../../core/ports.ts';

/**
 * Secrets as they were read last, until they change: each reading of SecretStorage is a round trip to the editor's own process, and
 * tools ask for tokens all the time. VS Code tells a change as soon as reading would give it, whichever window made it. A reading
 * that fails is made again the next time, and so is one that finds nothing: a keyring that is unlocked later changes no secret.
 */
export function rememberSecrets(secrets: SecretStore): Disposable & SecretStore {
  const values = new Map<string, Promise<string | undefined>>();
  let names: Promise<readonly string[]> | undefined;
  const forget = (key: string): void => {
    values.delete(key);
    names = undefined;
  };
  // Forgotten after it, too: what was read while it was made may be of before.
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
