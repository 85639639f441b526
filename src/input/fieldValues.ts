import type { Connection, FieldValue } from '../core/connection/connection.ts';
import type { FieldKind } from '../core/connection/connectionFields.ts';

/** Longer than any list of scopes. */
const longest = 25_000;

/**
 * A value as one line of text: words separated by spaces, or `key=value` pairs of a map, with separators in
 * values percent-encoded. Used in links, the connection editor, diagnostics and questions.
 */
export function textOfValue(value: FieldValue): string {
  if (typeof value === 'string') return value;
  if (isList(value)) return value.join(' ');
  return Object.entries(value)
    .map(([key, text]) => `${key}=${text.replace(/[\s%]/g, encodeURIComponent)}`)
    .join(' ');
}

/**
 * Parses a text as {@link textOfValue} writes it; ports may also be separated by commas. Text that is too long,
 * or not a map, is returned unchanged for the field's schema to reject.
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

/** A connection with a field changed or removed, as a settings entry, not yet validated. */
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
