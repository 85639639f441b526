import { unicodePattern } from './unicodePattern.ts';

/**
 * Characters that are invisible or change how their neighbors render: control, format (bidirectional, zero width),
 * private-use and unassigned characters, lone surrogates, separators, fillers, and all spaces.
 */
const unseen = unicodePattern(String.raw`[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]+`, 'gu');

/** Text that needs no change, recognized without the Unicode tables, which take half a millisecond to load. */
const plain = /^[!-~]+(?: [!-~]+)*$/;

/** Like {@link unseen}, but one character at a time and without line feeds. */
const unseenInLine = unicodePattern(
  String.raw`[^\P{C}\n]|[\p{Z}\p{Default_Ignorable_Code_Point}\u2800]`,
  'gu',
);

/** More combining marks than any language stacks: a tower of them would cover the lines around it. */
const tower = unicodePattern(String.raw`(\p{M}{4})\p{M}+`, 'gu');

/**
 * Returns text as one visible line: replaces each run of invisible characters with a space, shortens towers of
 * combining marks, and trims it. Cuts text longer than `longest` UTF-16 units with an ellipsis. Reads at most four
 * times `longest` units.
 */
export function displayText(text: string, longest: number): string {
  const read = text.slice(0, 4 * longest);
  const shown = plain.test(read) ? read : read.replace(unseen(), ' ').replace(tower(), '$1').trim();
  return shortened(shown, longest, read.length < text.length);
}

/** Like {@link displayText}, but keeps line breaks; `longest` limits the whole text. */
export function displayLines(text: string, longest: number): string {
  const read = text.slice(0, 4 * longest);
  const visible = read.replace(/\r\n?/g, '\n').replace(unseenInLine(), ' ');
  const shown = visible.replace(tower(), '$1').trim();
  return shortened(shown, longest, read.length < text.length);
}

function shortened(text: string, longest: number, isCut: boolean): string {
  const length = isCut ? longest - 1 : longest;
  if (text.length <= length) return isCut ? `${text}…` : text;
  const kept = text.slice(0, longest - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
