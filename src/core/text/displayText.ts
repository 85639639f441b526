/**
 * Characters without ink, or that change how their neighbors are drawn: control, format (bidirectional, zero width),
 * private-use and unassigned characters, halves of surrogate pairs, separators, fillers, and every space.
 */
const unseen = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

/** Needs no look at each character by the tables of Unicode, which take half a millisecond to set up. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** As {@link unseen}, except for line ends. */
const unseenInLine = /[^\P{C}\n]|[\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * A text as one line that can be seen: each run of what cannot be is one space, with none at its edges. A text that is
 * longer than `longest` UTF-16 units ends in an ellipsis. At most four times `longest` is read.
 */
export function displayText(text: string, longest: number): string {
  const read = text.slice(0, 4 * longest);
  const shown = plain.test(read) ? read : read.replace(unseen, ' ').trim();
  return shortened(shown, longest, read.length < text.length);
}

/** The same for a text of several lines, which stay lines; `longest` counts them all together. */
export function displayLines(text: string, longest: number): string {
  const read = text.slice(0, 4 * longest);
  const shown = read.replace(/\r\n?/g, '\n').replace(unseenInLine, ' ').trim();
  return shortened(shown, longest, read.length < text.length);
}

function shortened(text: string, longest: number, isCut: boolean): string {
  const length = isCut ? longest - 1 : longest;
  if (text.length <= length) return isCut ? `${text}…` : text;
  const kept = text.slice(0, longest - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
