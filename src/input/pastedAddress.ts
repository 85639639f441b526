import { cleanPasted } from '../core/text/pastedText.ts';

/** What a typewriter's hyphen becomes in a text program or with another keyboard (Unicode, 6.2). */
const hyphens = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g;
/** The full-width forms of ASCII that an input method for Chinese, Japanese or Korean writes (Unicode, FF00). */
const fullWidth = /[\uff01-\uff5e]/g;
/** What cannot be seen, or is a space, as a browser writes it in a path. */
const encodedSpace = /(?:%E2%80%8[B-F]|%E2%81%A0|%EF%BB%BF|%C2%A0|%C2%AD|%20|%0D|%0A|%09)$/i;

/** A scheme with a colon or a slash too few, or its slashes the wrong way round. */
const misspelledScheme = /(^|[\s"'=:(<])(https?)(?::[\\/]+|[\\/]{2})/i;

/** Links that mail and chat programs put in the place of others', by host and path, and the parameter that holds those. */
const rewriters: readonly (readonly [host: RegExp, path: string, parameter: string])[] = [
  [/(^|\.)safelinks\.protection\.outlook\.com$/, '/', 'url'],
  [/^www\.google\.(?:com|[a-z]{2}|com?\.[a-z]{2})$/, '/url', 'q'],
  [/^slack-redir\.net$/, '/link', 'url'],
  [/^linkprotect\.cudasvc\.com$/, '/url', 'a'],
];

/** ASCII letters, digits and hyphens that an input method or a text program wrote as their look-alikes. */
export function plainLetters(text: string): string {
  return text
    .replace(hyphens, '-')
    .replace(fullWidth, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
}

/**
 * An address as it was meant: of what {@link cleanPasted} leaves, in plain letters, with its scheme spelled right, without
 * its label, out of the link that a mail or chat program put around it. Linear in the length of `text`.
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

/** `AWS access portal URL: https://…`, `issuer = "https://…"` and a label in a line of its own. */
function withoutLabel(text: string): string {
  const start = text.search(/https?:\/\//i);
  const isLabelled = start > 0 && /^[^/?#]*[\s:=("'\u201c]$/.test(text.slice(0, start));
  // What is behind it in its line or its tag is not part of it.
  const labelled = /^[^\s"<>]*/.exec(text.slice(start))?.[0];
  const value = isLabelled ? labelled : /^[^/?#]*(?:[:=]\s+|\n)(\S+)$/.exec(text)?.[1];
  return value === undefined ? text : cleanPasted(value);
}

/** A path or address without the spaces at its end that a browser wrote as `%20` or `%E2%80%8B`, and slashes behind them. */
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
