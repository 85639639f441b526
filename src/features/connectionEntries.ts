import * as v from 'valibot';
import { connectionKey } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { connectionSchema } from '../core/connection/connectionSchema.ts';
import { normalConnection } from '../input/addresses.ts';
import { SignInError } from '../core/oauth/errors.ts';

/** The connection that an entry of the setting means, or where it is wrong. */
export type EntryReading =
  | { readonly connection: Connection }
  /** `where` names a member, or is empty for the whole; `reason` as the parser of that member has it, if it has one. */
  | { readonly where: string; readonly error?: SignInError };

/** Reads an entry of `developerSignIn.connections`. */
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
 * Entries with a connection in the place of `instead`, or at the end where that is not given or not there. What
 * cannot be read stays as it is, and the connection stands in them once.
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

/** Entries without a connection, however often it stands in them. */
export function withoutConnection(entries: readonly unknown[], connection: Connection): readonly unknown[] {
  const key = connectionKey(connection);
  return entries.filter((entry) => keyOf(entry) !== key);
}

/** Connections, the one that was used last first; those that never were stay in their order behind them. */
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
