/** Parses the section headers of `~/.aws/config`, between the brackets, as the AWS CLI does. */

/** Longer names are not parsed. */
const maxHeaderLength = 1000;

/** The profile of a `[profile …]` header, quoted or not, or `default`; undefined for other sections. */
export function profileIn(header: string): string | undefined {
  if (header === 'default') return header;
  const words = header.startsWith('profile') ? splitHeader(header) : undefined;
  return words?.length === 2 ? words[1] : undefined;
}

/** The words of a header; empty if it is too long, undefined if a quote is not closed. */
export function splitHeader(header: string): readonly string[] | undefined {
  return header.length <= maxHeaderLength ? splitShell(header) : [];
}

/** Python's `shlex.split`: the words of a POSIX shell command; undefined if a quote is not closed. */
function splitShell(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string[] | undefined;
  let quote: string | undefined;
  for (const [part] of text.matchAll(/\\[^]?|["']|[ \t\r\n]+|[^\\"' \t\r\n]+/g)) {
    const isGap = quote === undefined && /^[ \t\r\n]/.test(part);
    if (isGap) {
      if (word !== undefined) words.push(word.join(''));
      word = undefined;
      continue;
    }
    word ??= [];
    if (part.startsWith('\\') && quote !== "'") {
      if (part.length === 1) return undefined;
      // Between double quotes, a backslash escapes only itself and the quote.
      word.push(quote === undefined || /^[\\"]/.test(part.slice(1)) ? part.slice(1) : part);
    } else if (part.startsWith("\\'") && quote === "'") {
      word.push('\\');
      quote = undefined;
    } else if (part === quote) {
      quote = undefined;
    } else if (quote === undefined && (part === '"' || part === "'")) {
      quote = part;
    } else {
      word.push(part);
    }
  }
  if (quote !== undefined) return undefined;
  return word === undefined ? words : [...words, word.join('')];
}
