import { cleanPasted } from './pastedText.ts';

/** Hyphen look-alikes that word processors and keyboards produce (Unicode, 6.2). */
const hyphens = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
/** Full-width forms of ASCII from input methods for Chinese, Japanese or Korean (Unicode, FF00). */
const fullWidth = /[\uff01-\uff5e]/g;
/** Invisible characters and spaces at the end of a path, as browsers encode them. */
const encodedSpace = /(?:%E2%80%8[B-F]|%E2%81%A0|%EF%BB%BF|%C2%A0|%C2%AD|%20|%0D|%0A|%09)$/i;

/** A scheme with a missing colon or slash, or with backslashes. */
const misspelledScheme = /(^|[\s"'=:(<])(https?)(?::[\\/]+|[\\/]{2})/i;

/** Link rewriters of mail and chat programs, by host and path, with the parameter that holds the original address. */
const rewriters: readonly (readonly [host: RegExp, path: string, parameter: string])[] = [
  [/(^|\.)safelinks\.protection\.outlook\.com$/, '/', 'url'],
  [/^www\.google\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/, '/url', 'q'],
  [/^slack-redir\.net$/, '/link', 'url'],
  [/^linkprotect\.cudasvc\.com$/, '/url', 'a'],
];

/** Replaces look-alikes of ASCII letters, digits and hyphens from input methods and word processors. */
export function plainLetters(text: string): string {
  return text
    .replace(hyphens, '-')
    .replace(fullWidth, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
}

/**
 * The address that a user meant to paste: the result of {@link cleanPasted} in plain letters, with its scheme
 * corrected, without its label, and unwrapped from a mail or chat program's link. Linear in the length of
 * `text`.
 */
export function pastedAddress(text: string): string {
  const spelled = plainLetters(cleanPasted(text)).replace(misspelledScheme, '$1$2://');
  const plain = withoutEncodedSpace(withoutLabel(spelled));
  const url = URL.parse(plain);
  if (url === null || !/^https?:$/.test(url.protocol)) return plain;
  const proofpoint = /^https:\/\/urldefense\.(?:com|us)\/v3\/__(https?:\/\/.+?)__;/.exec(plain)?.[1];
  const parameter = rewriters.find(
    ([host, path]) => host.test(url.hostname) && url.pathname.startsWith(path),
  )?.[2];
  const inner = proofpoint ?? (parameter === undefined ? undefined : url.searchParams.get(parameter));
  return inner !== undefined && inner !== null && /^https?:\/\//i.test(inner) ? cleanPasted(inner) : plain;
}

/** Removes a label, as in `AWS access portal URL: https://…` and `issuer = "https://…"`, also on its own line. */
function withoutLabel(text: string): string {
  const start = text.search(/https?:\/\//i);
  const isLabelled = start > 0 && /^[^/?#]*[\s:=("'\u201c]$/.test(text.slice(0, start));
  // The rest of the line or tag is not part of the address.
  const labelled = /^[^\s"<>]*/.exec(text.slice(start))?.[0];
  const value = isLabelled ? labelled : /^[^/?#]*(?:[:=]\s+|\n)(\S+)$/.exec(text)?.[1];
  return value === undefined ? text : cleanPasted(value);
}

/**
 * A path or address without trailing spaces in encoded form, such as `%20` or `%E2%80%8B`, and the slashes
 * after them.
 */
export function withoutEncodedSpace(text: string): string {
  let end = text.length;
  for (;;) {
    let before = end;
    while (text[before - 1] === '/') before -= 1;
    const found = encodedSpace.exec(text.slice(Math.max(0, before - 9), before));
    if (found === null) return text.slice(0, end);
    end = before - found[0].length;
  }
}
