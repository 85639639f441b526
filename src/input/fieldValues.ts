import type { Connection, FieldValue } from '../core/connection/connection.ts';
import type { FieldKind } from '../core/connection/connectionFields.ts';

/** No list of scopes is longer. */
const longest = 25_000;

/**
 * A value as one line of text: words with a space between them, and of a map `key=value`, with whatever would divide a value
 * percent-encoded. It is what a link carries, what the connection editor takes, and what the diagnostics and questions show.
 */
export function textOfValue(value: FieldValue): string {
  if (typeof value === 'string') return value;
  if (isList(value)) return value.join(' ');
  return Object.entries(value)
    .map(([key, text]) => `${key}=${text.replace(/[\s%]/g, encodeURIComponent)}`)
    .join(' ');
}

/**
 * The value that a text means, as {@link textOfValue} writes it; ports may have commas between them. Whether it is one is
 * for the schema of the field to say: what is too long or cannot be read as a map stays a text, which the schema refuses.
 */
export function valueOfText(kind: FieldKind, text: string): unknown {
  if (text.length > longest) return text;
  switch (kind) {
    case 'scopes':
      return wordsOf(text);
    case 'ports':
      return wordsOf(text.replaceAll(',', ' ')).map(Number);
    case 'map':
      return mapOf(text) ?? text;
    default:
      return text.trim();
  }
}

/** A connection with another value of a field, or without one, as its entry in the settings: the schema says what it is. */
export function withValue(
  connection: Connection,
  name: string,
  value: unknown,
): Readonly<Record<string, unknown>> {
  const others = Object.entries(connection).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}

function mapOf(text: string): Readonly<Record<string, string>> | undefined {
  const found = new Map<string, string>();
  for (const word of wordsOf(text)) {
    const [key = '', ...rest] = word.split('=');
    if (rest.length === 0 || found.has(key)) return undefined;
    try {
      found.set(key, decodeURIComponent(rest.join('=')));
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(found);
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function isList(value: FieldValue): value is readonly string[] | readonly number[] {
  return Array.isArray(value);
}
