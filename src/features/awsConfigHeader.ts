/** What stands between the brackets of a section of `~/.aws/config`, as the AWS CLI reads it. */

/** A name of so many characters was not given by a person. */
const longestHeader = 1000;

/** The name of a profile: that of `[profile …]`, in quotes or not, or `default`; undefined for another section. */
export function profileIn(header: string): string | undefined {
  if (header === 'default') return header;
  const words = header.startsWith('profile') ? splitHeader(header) : undefined;
  return words?.length === 2 ? words[1] : undefined;
}

/** The words of a header; none for one that is too long, undefined where a quote stays open. */
export function splitHeader(header: string): readonly string[] | undefined {
  return header.length <= longestHeader ? splitShell(header) : [];
}

/** Python's `shlex.split`: the words of a POSIX shell, undefined where a quote stays open. */
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
      // Between double quotes a backslash stands for itself, except before itself and the quote.
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
