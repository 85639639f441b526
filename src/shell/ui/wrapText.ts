/** Where a text may break: at spaces, and after Japanese punctuation. */
const anywhere = /(?<= )|(?<=[、。」])/u;

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
  for (const word of text.split(at)) {
    const left = rows.length === 0 ? first : width;
    if (row !== '' && columns((row + word).trimEnd()) > left) {
      rows.push(row.trimEnd());
      row = '';
    }
    row += word;
  }
  return [...rows, row.trimEnd()];
}

/** The columns that a text takes, by the blocks of wide characters (Unicode Standard Annex 11). */
export function columns(text: string): number {
  let count = 0;
  for (const character of text)
    count += /[\u{1100}-\u{11ff}\u{2e80}-\u{ffef}\u{20000}-\u{3ffff}]/u.test(character) ? 2 : 1;
  return count;
}
