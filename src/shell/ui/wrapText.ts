/** Where a text may break: at spaces, and after Japanese punctuation. */
const anywhere = /(?<= )(?! )|(?<=[、。」])/u;

/**
 * Breaks a text into rows of at most `width` columns. A longer word, such as a URL, gets a row of its own. Japanese
 * characters take two columns.
 * @param first the columns left in the first row
 * @param at where the text may break; each break belongs to the row before it
 */
export function wrapText(
  text: string,
  width: number,
  { first = width, at = anywhere }: { readonly first?: number; readonly at?: RegExp } = {},
): readonly string[] {
  const rows: string[] = [];
  let row = '';
  let taken = 0;
  for (const word of text.split(at)) {
    const left = rows.length === 0 ? first : width;
    const trimmed = word.trimEnd();
    const needed = columns(trimmed);
    if (row !== '' && taken + needed > left) {
      rows.push(row.trimEnd());
      row = '';
      taken = 0;
    }
    row += word;
    taken += needed + word.length - trimmed.length;
  }
  return [...rows, row.trimEnd()];
}

/** The columns that a text takes, by the blocks of wide characters (Unicode Standard Annex 11). */
export function columns(text: string): number {
  let count = text.length; // A surrogate pair is as long as it is wide.
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x1100 && (code < 0x1200 || (code >= 0x2e80 && code < 0xd800) || code >= 0xf900)) count++;
  }
  return count;
}
