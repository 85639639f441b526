import { generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto';
import { promisify } from 'node:util';

const createKeyPair = promisify(generateKeyPair);

/** More keys than all organizations, applications and others in any one test need together. */
const KEPT = 8;

const kept: Promise<KeyPairKeyObjectResult>[] = [];
let taken = 0;

/**
 * A 2048-bit RSA key. Generating one takes 60 ms of CPU time, and the tests start a thousand organizations, so
 * this process generates eight and hands them out in rotation: each differs from the previous seven.
 */
export function nextRsaKey(): Promise<KeyPairKeyObjectResult> {
  const index = taken++ % KEPT;
  return (kept[index] ??= createKeyPair('rsa', { modulusLength: 2048 }));
}
