import { workspace } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { readEntry, withConnection, withoutConnection } from '../../features/connectionEntries.ts';
import type { EntryReading } from '../../features/connectionEntries.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { Log } from '../../core/ports.ts';
import { connectionEntries } from './settings.ts';

/** Every entry of the setting, in its order, also those that cannot be read. */
export function readEntries(): readonly EntryReading[] {
  return connectionEntries().map(readEntry);
}

/** The connections in their normal form. An entry that cannot be read is left out and said in the log: `said` keeps which were. */
export function readConnections(log: Log, alreadyLogged: Set<string>): readonly Connection[] {
  return readEntries().flatMap((reading, index) => {
    if ('connection' in reading) return [reading.connection];
    const problem = reading.where === '' ? 'the whole' : reading.where;
    // It is read at every look at the settings, and wrong until it is mended.
    if (alreadyLogged.size < alreadyLogged.add(`${index} ${problem}`).size)
      log.warn('An entry of developerSignIn.connections is invalid', { index, problem });
    return [];
  });
}

/**
 * Writes a connection into the person's own settings, in the place of `instead` where that is given; other entries are
 * left as they are.
 * @throws SignInError `invalidInput` of operation `connections` when the setting is not a list: it is not overwritten
 */
export async function saveConnection(connection: Connection, instead?: Connection): Promise<void> {
  await change((entries) => withConnection(entries, connection, instead));
}

/** Removes a connection from the person's own settings, however often it stands there; as {@link saveConnection}. */
export async function removeConnection(connection: Connection): Promise<void> {
  await change((entries) => withoutConnection(entries, connection));
}

async function change(make: (entries: readonly unknown[]) => readonly unknown[]): Promise<void> {
  const settings = workspace.getConfiguration('developerSignIn');
  const own = settings.inspect<unknown>('connections')?.globalValue ?? [];
  if (!Array.isArray(own)) throw new SignInError('invalidInput', { operation: 'connections' });
  await settings.update('connections', make(own), true);
}
