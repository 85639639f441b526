/** Longer text is not an address, ID or token: it is left as it is, and refused by what reads it. */
const longest = 10_000;

/** Characters without ink: control, format and line characters, every space but the plain one, and lone surrogates. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** Characters around a value in a mail, a wiki or a chat: space, quotes, brackets, emphasis, a table's edge. */
const around =
  /[ \p{Quotation_Mark}\p{Ps}\p{Pe}\p{Pi}\p{Pf}<>`\u00b4\u02b9-\u02bd\u2032-\u2037*|\u2022\u2023\u25aa\u00b7]/u;

/** Ends of a sentence behind a value. */
const sentenceEnd = /[.,;:!?\u2026\u3001\u3002\u30fb\uff01\uff0c\uff0e\uff1a\uff1b\uff1f\uff61\uff64]/u;

/** An IPv6 address as a host, which its bracket closes (RFC 3986, 3.2.2). */
const openAddress = /:\/\/\[[\da-f:.]+$/i;

/**
 * A value as it was meant, from what a copy brings along: invisible characters, quotes, brackets and sentence ends at
 * its edges, and the wrapping of a Markdown (`[label](address)`) or chat link (`<address|label>`). What is left may
 * still hold an invisible character in its middle: see {@link firstInvisible}. Linear in the length of `text`.
 */
export function cleanPasted(text: string): string {
  if (text.length > longest) return text;
  const bare = withoutEdges(text);
  const markdown = bare.lastIndexOf('](');
  if (markdown >= 0) return withoutEdges(/^[^\s"]*/.exec(withoutEdges(bare.slice(markdown + 2)))?.[0] ?? '');
  const chat = /^https?:\/\/[^\s|]+(?=\|)/i.exec(bare)?.[0];
  return chat === undefined ? bare : withoutEdges(chat);
}

/** As {@link cleanPasted} for the template of an endpoint, where the brace that ends `{region}` is not an edge. */
export function cleanTemplate(text: string): string {
  return cleanPasted(text.replaceAll('{region}', placeholder)).replaceAll(placeholder, '{region}');
}

/** From the private use area: in no address, and not an edge. */
const placeholder = '\ue000';

/** A text without the spaces and the characters without ink at its edges; quotes, brackets and stops may be part of a name. */
export function withoutUnseenEdges(text: string): string {
  const characters = Array.from(text.slice(0, longest));
  const isUnseen = (one: string): boolean => one === ' ' || invisible.test(one);
  const start = characters.findIndex((one) => !isUnseen(one));
  if (start < 0) return '';
  const end = characters.findLastIndex((one) => !isUnseen(one)) + 1;
  return characters.slice(start, end).join('') + text.slice(longest);
}

/** The first character, of the first 10,000 of `text`, that cannot be seen, as `U+200B`; undefined where all can. A plain space can. */
export function firstInvisible(text: string): string | undefined {
  const found = invisible.exec(text.slice(0, longest))?.[0];
  return found === undefined ? undefined : codePointName(found);
}

/** `U+200B`: how Unicode names a character by its number. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function withoutEdges(text: string): string {
  const characters = Array.from(text);
  let start = 0;
  let end = characters.length;
  const isEdge = (character: string | undefined) =>
    character !== undefined && (invisible.test(character) || around.test(character));
  while (start < end && isEdge(characters[start])) start++;
  while (end > start && (isEdge(characters[end - 1]) || sentenceEnd.test(characters[end - 1] ?? ''))) end--;
  const kept = characters.slice(start, end).join('');
  return characters[end] === ']' && openAddress.test(kept) ? `${kept}]` : kept;
}
