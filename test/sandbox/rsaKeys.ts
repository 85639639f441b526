import { generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto';
import { promisify } from 'node:util';

const createKeyPair = promisify(generateKeyPair);

/** More than the organizations, applications and strangers of any one test have together. */
const KEPT = 8;

const kept: Promise<KeyPairKeyObjectResult>[] = [];
let taken = 0;

/**
 * An RSA key of 2048 bits. To make one takes 60 ms of a processor, and the tests start a thousand organizations: this process
 * makes eight and hands them out in turn, so that each is another one than the seven before it.
 */
export function nextRsaKey(): Promise<KeyPairKeyObjectResult> {
  const index = taken++ % KEPT;
  return (kept[index] ??= createKeyPair('rsa', { modulusLength: 2048 }));
}
