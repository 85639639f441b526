import { unicodePattern } from '../core/text/unicodePattern.ts';

/** Maximum length of an address, ID or token. Longer text stays unchanged, and its parser rejects it. */
const longest = 10_000;

/** Invisible characters: control, format and line characters, every space but the plain one, and lone surrogates. */
const invisible = unicodePattern(
  String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}`,
);

/** Characters around a value in an email, wiki or chat: space, quotes, brackets, emphasis, a table's edge. */
const around = unicodePattern(
  String.raw`[ \p{Quotation_Mark}\p{Ps}\p{Pe}\p{Pi}\p{Pf}<>\x60\u00b4\u02b9-\u02bd\u2032-\u2037*|\u2022\u2023\u25aa\u00b7]`,
);

/** Punctuation after a value at the end of a sentence. */
const sentenceEnd = /[.,;:!?\u2026\u3001\u3002\u30fb\uff01\uff0c\uff0e\uff1a\uff1b\uff1f\uff61\uff64]/u;

/** An IPv6 host that lacks its closing bracket (RFC 3986, 3.2.2). */
const openAddress = /:\/\/\[[\da-f:.]+$/i;

/**
 * Removes what copying adds to a value: invisible characters, quotes, brackets and punctuation at its edges, and the
 * markup of a Markdown (`[label](address)`) or chat link (`<address|label>`). Keeps invisible characters inside; see
 * {@link firstInvisible}. Runs in time linear in the length of `text`.
 */
export function cleanPasted(text: string): string {
  if (text.length > longest) return text;
  const bare = withoutEdges(text);
  const markdown = bare.lastIndexOf('](');
  if (markdown >= 0) return withoutEdges(/^[^\s"]*/.exec(withoutEdges(bare.slice(markdown + 2)))?.[0] ?? '');
  const chat = /^https?:\/\/[^\s|]+(?=\|)/i.exec(bare)?.[0];
  return chat === undefined ? bare : withoutEdges(chat);
}

/** As {@link cleanPasted} for an endpoint template, whose `{region}` may be at the end. */
export function cleanTemplate(text: string): string {
  return cleanPasted(text.replaceAll('{region}', placeholder)).replaceAll(placeholder, '{region}');
}

/** A private-use character, which is neither part of an address nor removed at an edge. */
const placeholder = '\ue000';

/** Removes spaces and invisible characters at the edges; quotes, brackets and stops may be part of a name. */
export function withoutUnseenEdges(text: string): string {
  const characters = Array.from(text.slice(0, longest));
  const isUnseen = (one: string): boolean => one === ' ' || invisible().test(one);
  const start = characters.findIndex((one) => !isUnseen(one));
  if (start < 0) return '';
  const end = characters.findLastIndex((one) => !isUnseen(one)) + 1;
  return characters.slice(start, end).join('') + text.slice(longest);
}

/** The first invisible character in the first 10,000 of `text`, such as `U+200B`; a plain space does not count. */
export function firstInvisible(text: string): string | undefined {
  const found = invisible().exec(text.slice(0, longest))?.[0];
  return found === undefined ? undefined : codePointName(found);
}

/** The Unicode notation of a character's code point, such as `U+200B`. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function withoutEdges(text: string): string {
  const characters = Array.from(text);
  let start = 0;
  let end = characters.length;
  const isEdge = (character: string | undefined) =>
    character !== undefined && (invisible().test(character) || around().test(character));
  while (start < end && isEdge(characters[start])) start++;
  while (end > start && (isEdge(characters[end - 1]) || sentenceEnd.test(characters[end - 1] ?? ''))) end--;
  const kept = characters.slice(start, end).join('');
  return characters[end] === ']' && openAddress.test(kept) ? `${kept}]` : kept;
}
