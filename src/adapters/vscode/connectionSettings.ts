import { workspace } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { readEntry, withConnection, withoutConnection } from '../../features/connectionEntries.ts';
import type { EntryReading } from '../../features/connectionEntries.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Log } from '../../core/ports.ts';
import { connectionEntries } from './settings.ts';

/** Every entry of the setting, in order, including invalid ones. */
export function readEntries(): readonly EntryReading[] {
  return connectionEntries().map(readEntry);
}

/** The connections in their normal form. Skips and logs invalid entries; `alreadyLogged` prevents repetition. */
export function readConnections(log: Log, alreadyLogged: Set<string>): readonly Connection[] {
  return readEntries().flatMap((reading, index) => {
    if ('connection' in reading) return [reading.connection];
    const problem = reading.where === '' ? 'the whole' : reading.where;
    // The setting is read often, and stays wrong until it is corrected.
    if (alreadyLogged.size < alreadyLogged.add(`${index} ${problem}`).size)
      log.warn('An entry of developerSignIn.connections is invalid', { index, problem });
    return [];
  });
}

/**
 * Writes a connection to the user's settings, replacing `instead` if given; other entries are preserved.
 * @throws SignInError `invalidInput` of operation `connections` if the setting is not a list, which is not
 * overwritten
 */
export async function saveConnection(connection: Connection, instead?: Connection): Promise<void> {
  await change((entries) => withConnection(entries, connection, instead));
}

/** Removes all copies of a connection from the user's settings; throws as {@link saveConnection}. */
export async function removeConnection(connection: Connection): Promise<void> {
  await change((entries) => withoutConnection(entries, connection));
}

async function change(make: (entries: readonly unknown[]) => readonly unknown[]): Promise<void> {
  const settings = workspace.getConfiguration('developerSignIn');
  const own = settings.inspect<unknown>('connections')?.globalValue ?? [];
  if (!Array.isArray(own)) throw new SignInError('invalidInput', { operation: 'connections' });
  await settings.update('connections', make(own), true);
}
