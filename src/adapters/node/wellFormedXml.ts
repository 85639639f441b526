import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element with its namespace resolved (Namespaces in XML 1.0, 6). */
export interface XmlElement {
  readonly namespace: string;
  readonly name: string;
  /** Attributes without a prefix, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** The reason why a text is not an XML document, and its position, counted from 1, if known. */
export interface XmlProblem {
  readonly problem: 'notWellFormed' | 'documentType' | 'severalDocuments';
  readonly line?: number;
  readonly column?: number;
}

/** Nesting limit, deeper than any document that is read here. */
const deepest = 60;

/**
 * Parses well-formed XML with declared prefixes and only the predefined entities. Rejects a document type, so
 * nothing is fetched or expanded. Linear in the length of `xml`, which the caller limits.
 */
export function readXml(xml: string): XmlElement | XmlProblem {
  const markup = withoutOpaque(xml);
  if (markup === undefined) return { problem: 'notWellFormed' };
  const type = markup.search(/<!DOCTYPE/i);
  if (type >= 0) return { problem: 'documentType', ...placeOf(xml, type) };
  // oxlint-disable-next-line typescript/no-deprecated -- the same code in a package of its own
  const valid = XMLValidator.validate(xml);
  if (valid !== true) {
    const { msg, line, col } = valid.err;
    if (/multiple possible root nodes/i.test(msg)) return { problem: 'severalDocuments' };
    return { problem: 'notWellFormed', line, ...(Number.isFinite(col) ? { column: col } : {}) };
  }
  const strayed = strayMarkupIn(markup);
  if (strayed >= 0) return { problem: 'notWellFormed', ...placeOf(xml, strayed) };
  try {
    const root = rootOf(parser.parse(xml));
    if (typeof root !== 'string') return root;
    const at = markup.search(new RegExp(`[<\\s]${root.replaceAll(/[^\w.-]/g, '.')}:`));
    return { problem: 'notWellFormed', ...(at < 0 ? {} : placeOf(xml, at)) };
  } catch {
    return { problem: 'notWellFormed' };
  }
}

/** Resolves character and entity references (XML 1.0, 4.1 and 4.6). */
function decoded(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (whole, name?: string, number?: string, hexadecimal?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = number === undefined ? parseInt(hexadecimal ?? '', 16) : Number(number);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The position of the first invalid character that the library accepts: an `&` without a valid reference, a `<`
 * in an attribute, or a control character (XML 1.0, 2.2 and 2.4); -1 if it has none.
 */
function strayMarkupIn(markup: string): number {
  const strays = [
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/,
    /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/,
  ].map((form) => markup.search(form));
  return [...strays, openTagIn(markup)].filter((at) => at >= 0).toSorted((a, b) => a - b)[0] ?? -1;
}

/** The position of the first `<` in a quoted attribute; -1 if it has none. */
function openTagIn(markup: string): number {
  let quote: string | undefined;
  let isInTag = false;
  for (let at = 0; at < markup.length; at++) {
    const character = markup.charAt(at);
    if (quote !== undefined) {
      if (character === '<') return at;
      if (character === quote) quote = undefined;
    } else if (character === '<') isInTag = true;
    else if (character === '>') isInTag = false;
    else if (isInTag && (character === '"' || character === "'")) quote = character;
  }
  return -1;
}

/** The document with comments, instructions and CDATA blanked out in place; undefined if one is not closed. */
function withoutOpaque(xml: string): string | undefined {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = nextOpaque(xml, at);
    if (start === undefined) return parts.join('') + xml.slice(at);
    const end = xml.indexOf(start.closes, start.at + start.opens.length);
    if (end < 0) return undefined;
    const after = end + start.closes.length;
    parts.push(xml.slice(at, start.at), xml.slice(start.at, after).replaceAll(/[^\n]/g, ' '));
    at = after;
  }
}

const opaque = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

function nextOpaque(xml: string, from: number) {
  for (let at = xml.indexOf('<', from); at >= 0; at = xml.indexOf('<', at + 1)) {
    const found = opaque.find(([opens]) => xml.startsWith(opens, at));
    if (found !== undefined) return { at, opens: found[0], closes: found[1] };
  }
  return undefined;
}

function placeOf(xml: string, index: number): { readonly line: number; readonly column: number } {
  const before = xml.slice(0, index);
  return { line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Namespaces by prefix; the empty prefix is the default. */
type Scope = ReadonlyMap<string, string>;

/** The root element that the library parsed, or the first undeclared prefix. */
function rootOf(parsed: unknown): XmlElement | string {
  const [name, content] = Object.entries(Object(parsed) as object).find(([key]) => isElement(key)) ?? [];
  if (name === undefined) throw new Error('A document has an element.');
  try {
    return elementOf(name, content, new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]), 0);
  } catch (error) {
    if (error instanceof UndeclaredPrefix) return error.message;
    throw error;
  }
}

class UndeclaredPrefix extends Error {}

function elementOf(name: string, content: unknown, outer: Scope, depth: number): XmlElement {
  if (depth > deepest) throw new Error('A document this deep is not read.');
  const entries = Object.entries(
    typeof content === 'object' && content !== null ? content : { '#text': content },
  );
  const scope = scopeOf(entries, outer);
  const [prefix, local] = splitName(name);
  const attributes = new Map(
    entries.flatMap(([key, value]): [string, string][] => {
      if (!key.startsWith('@') || isDeclaration(key)) return [];
      const [own, plain] = splitName(key.slice(1));
      if (own === '') return [[plain, decoded(String(value))]];
      namespaceOf(own, scope);
      return [];
    }),
  );
  const children = entries
    .filter(([key]) => isElement(key))
    .flatMap(([key, value]) =>
      (Array.isArray(value) ? (value as unknown[]) : [value]).map((one) =>
        elementOf(key, one, scope, depth + 1),
      ),
    );
  const text = entries.find(([key]) => key === '#text')?.[1] as unknown;
  return {
    namespace: namespaceOf(prefix, scope),
    name: local,
    attributes,
    text: typeof text === 'string' ? decoded(text) : '',
    children,
  };
}

function isElement(key: string): boolean {
  return !key.startsWith('@') && key !== '#text';
}

function isDeclaration(key: string): boolean {
  return key === '@xmlns' || key.startsWith('@xmlns:');
}

function scopeOf(entries: readonly (readonly [string, unknown])[], outer: Scope): Scope {
  const declared = entries.filter(([key]) => isDeclaration(key));
  if (declared.length === 0) return outer;
  return new Map([
    ...outer,
    ...declared.map(([key, value]): [string, string] => [
      key === '@xmlns' ? '' : key.slice('@xmlns:'.length),
      decoded(String(value)),
    ]),
  ]);
}

function splitName(name: string): readonly [prefix: string, local: string] {
  const colon = name.indexOf(':');
  return colon < 0 ? ['', name] : [name.slice(0, colon), name.slice(colon + 1)];
}

function namespaceOf(prefix: string, scope: Scope): string {
  const found = scope.get(prefix);
  if (found === undefined && prefix !== '') throw new UndeclaredPrefix(prefix);
  return found ?? '';
}
