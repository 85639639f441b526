import { cleanPasted, codePointName } from '../input/pastedText.ts';

/** The bare token; accepts the whole header, quotes, and white space around it. */
export function readScimToken(text: string): string {
  return cleanPasted(cleanPasted(text).replace(/^(?:authorization\s{0,10}:\s{0,10})?bearer\s{1,10}/i, ''));
}

/** The first character of a token that a header does not allow (RFC 6750, 2.1), as `U+200B`. */
export function unsendableIn(token: string): string | undefined {
  const found = /[^\x21-\x7e]/u.exec(token)?.[0];
  return found === undefined ? undefined : codePointName(found);
}
