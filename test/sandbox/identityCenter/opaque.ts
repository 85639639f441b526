import { randomBytes, randomInt } from 'node:crypto';

/** An unguessable opaque string: a prefix and 32 random bytes in base64url. */
export function opaque(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Without vowels, to avoid words, and without letters that are easily confused. */
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** A code that users can type: `XXXX-XXXX` (RFC 8628, section 6.1). */
export function userCode(): string {
  const four = (): string =>
    Array.from({ length: 4 }, () => USER_CODE_LETTERS.charAt(randomInt(USER_CODE_LETTERS.length))).join('');
  return `${four()}-${four()}`;
}
