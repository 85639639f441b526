import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { SecretStore } from '../../core/ports.ts';

/** A 256-bit key for AES-256-GCM, with an ID that does not reveal it. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** A sealed text in base64 parts, which opens with the key of that ID and the same context. */
export interface Sealed {
  readonly key: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** A new random key of 256 bits. */
export function createSealingKey(): SealingKey {
  return keyOf(randomBytes(32));
}

/** Parses a key in base64; undefined if it is invalid. */
export function parseSealingKey(text: string): SealingKey | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? keyOf(bytes) : undefined;
}

/** Seals a text. `context` is not secret, but must be the same to open it (NIST SP 800-38D, associated data). */
export function seal(text: string, key: SealingKey, context: string): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv).setAAD(Buffer.from(context));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return {
    key: key.id,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
}

/** The context that binds a seal to a record: a file that was renamed, or replaced by an older one, does not open. */
export function contextOf(
  id: string,
  { generation, removed }: { readonly generation: number; readonly removed: boolean },
): string {
  return removed ? `${id} ${generation} removed` : `${id} ${generation}`;
}

/** The text of a seal; undefined with another key or context, or if it was changed. */
export function unseal(sealed: Sealed, key: SealingKey, context: string): string | undefined {
  if (sealed.key !== key.id) return undefined;
  try {
    const tag = Buffer.from(sealed.tag, 'base64');
    const iv = Buffer.from(sealed.iv, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: 16 })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);
    return decipher.update(sealed.data, 'base64', 'utf8') + decipher.final('utf8');
  } catch {
    return undefined;
  }
}

function keyOf(bytes: Buffer): SealingKey {
  return {
    id: createHash('sha256').update('developer-sign-in key').update(bytes).digest('hex').slice(0, 16),
    bytes,
  };
}

/** The name of the secret that holds the sealing key. */
export const keyName = 'sealingKey';

/** The storage of the sealing key, and how to create it. */
interface KeyringPorts {
  readonly secrets: SecretStore;
  /** False if there is nothing to seal. */
  readonly hasFolder: Promise<boolean>;
  /** Creates the key, unless another window has stored one meanwhile. */
  readonly make: (
    stored: () => Promise<SealingKey | undefined>,
    store: (key: SealingKey) => Promise<void>,
  ) => Promise<SealingKey>;
  readonly onProblem: (error: unknown) => void;
}

/** The sealing key of this machine, created by the first window that finds none. */
export function createKeyring({ secrets, hasFolder, make, onProblem }: KeyringPorts): {
  current(): Promise<SealingKey | undefined>;
} {
  const stored = async (): Promise<SealingKey | undefined> => {
    const text = await secrets.get(keyName);
    return text === undefined ? undefined : parseSealingKey(text);
  };
  const findOrMake = async (): Promise<SealingKey | undefined> => {
    const found = await stored();
    if (found !== undefined || !(await hasFolder)) return found;
    try {
      return await make(stored, (made) => {
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
        current = undefined; // A locked keyring may be unlocked by the next call.
        onProblem(error);
        return undefined;
      });
      return current;
    },
  };
}
