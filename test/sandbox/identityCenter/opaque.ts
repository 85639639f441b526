import { randomBytes, randomInt } from 'node:crypto';

/** A string that cannot be guessed and says nothing: 32 random bytes in base64url behind a prefix. */
export function opaque(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** Without vowels, so that no word comes out of it, and without letters that are taken for one another. */
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** A code that a person can type: `XXXX-XXXX` (RFC 8628, section 6.1). */
export function userCode(): string {
  const four = (): string =>
    Array.from({ length: 4 }, () => USER_CODE_LETTERS.charAt(randomInt(USER_CODE_LETTERS.length))).join('');
  return `${four()}-${four()}`;
}
