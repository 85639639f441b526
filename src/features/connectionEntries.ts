import * as v from 'valibot';
import { connectionKey } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { connectionSchema } from '../core/connection/connectionSchema.ts';
import { normalConnection } from '../input/addresses.ts';
import { SignInError } from '../core/oauth/errors.ts';

/** The connection of an entry in the setting, or its error. */
export type EntryReading =
  | { readonly connection: Connection }
  /** `where` is the invalid member, or empty for the whole entry; `error` is that of the member's parser. */
  | { readonly where: string; readonly error?: SignInError };

/** Parses an entry of `developerSignIn.connections`. */
export function readEntry(entry: unknown): EntryReading {
  const parsed = v.safeParse(connectionSchema, entry);
  if (!parsed.success) return { where: v.getDotPath(parsed.issues[0]) ?? '' };
  try {
    return { connection: normalConnection(parsed.output) };
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    return { where: error.details.operation ?? '', error };
  }
}

/**
 * The entries with a connection that replaces `instead`, or is appended if that is absent. Removes duplicates
 * of the connection; preserves invalid entries.
 */
export function withConnection(
  entries: readonly unknown[],
  connection: Connection,
  instead: Connection = connection,
): readonly unknown[] {
  const oldKey = connectionKey(instead);
  const newKey = connectionKey(connection);
  const found = entries.findIndex((entry) => keyOf(entry) === oldKey);
  const place = found < 0 ? entries.length : found;
  const isOther = (entry: unknown): boolean => ![oldKey, newKey].includes(keyOf(entry) ?? '');
  return [
    ...entries.slice(0, place).filter(isOther),
    connection,
    ...entries.slice(place + 1).filter(isOther),
  ];
}

/** The entries without a connection and its duplicates. */
export function withoutConnection(entries: readonly unknown[], connection: Connection): readonly unknown[] {
  const key = connectionKey(connection);
  return entries.filter((entry) => keyOf(entry) !== key);
}

/** Connections sorted by last use, newest first; unused ones follow in their order. */
export function lastUsedFirst<T extends Connection>(
  connections: readonly T[],
  usedKeys: readonly string[],
): readonly T[] {
  const rank = (connection: T): number => {
    const index = usedKeys.indexOf(connectionKey(connection));
    return index < 0 ? usedKeys.length : index;
  };
  return connections.toSorted((one, other) => rank(one) - rank(other));
}

function keyOf(entry: unknown): string | undefined {
  const reading = readEntry(entry);
  return 'connection' in reading ? connectionKey(reading.connection) : undefined;
}
