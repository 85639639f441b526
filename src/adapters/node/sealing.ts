import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** 256 bits for AES-256-GCM, and a name for them that tells nothing about them. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** A sealed text: base64 parts, readable with the key of that id and the same context. */
export interface Sealed {
  readonly key: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** A new key. */
export function createSealingKey(): SealingKey {
  return keyOf(randomBytes(32));
}

/** The key from its base64 form, or undefined when that is invalid. */
export function parseSealingKey(text: string): SealingKey | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? keyOf(bytes) : undefined;
}

/** Seals a text; `context` is not hidden but must be the same to open it (NIST SP 800-38D, associated data). */
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

/** The text, or undefined with another key, another context, or a changed seal. */
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
