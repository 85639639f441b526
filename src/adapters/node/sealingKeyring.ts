import type { SecretStore } from '../../core/ports.ts';
import { parseSealingKey } from './sealing.ts';
import type { SealingKey } from './sealing.ts';

/** The name of the secret that holds the sealing key. */
export const keyName = 'sealingKey';

/** The one sealing key of this machine, made by the first window that finds none. */
export function createKeyring(
  folder: string,
  secrets: SecretStore,
  hasFolder: Promise<boolean>,
  onTrouble: (error: unknown) => void,
): { current(): Promise<SealingKey | undefined> } {
  const stored = async (): Promise<SealingKey | undefined> => {
    const text = await secrets.get(keyName);
    return text === undefined ? undefined : parseSealingKey(text);
  };
  const findOrMake = async (): Promise<SealingKey | undefined> => {
    const found = await stored();
    if (found !== undefined || !(await hasFolder)) return found;
    const { makeSealingKey } = await import('./sealingKeyMaking.ts');
    try {
      return await makeSealingKey(folder, stored, (made) => {
        isMaking = true;
        return secrets.set(keyName, made.bytes.toString('base64'));
      });
    } finally {
      isMaking = false;
    }
  };
  let current: Promise<SealingKey | undefined> | undefined;
  let isMaking = false;
  secrets.onDidChange((name) => {
    if (name === keyName && !isMaking) current = undefined;
  });
  return {
    current: () => {
      current ??= findOrMake().catch((error: unknown) => {
        current = undefined; // A keyring that was locked may be open at the next time.
        onTrouble(error);
        return undefined;
      });
      return current;
    },
  };
}
