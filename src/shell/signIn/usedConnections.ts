import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { lastUsedFirst } from '../../features/connectionEntries.ts';
import type { ShellContext } from '../context.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { showWarning } from '../ui/messages.ts';

type Remembering = Pick<ShellContext, 'connections' | 'connectionSettings' | 'log' | 'memento'>;

const usedKey = 'usedConnections';
const maxRemembered = 30;

/**
 * Remembers a connection after a sign-in: as the last used, and in the settings, replacing `instead`, unless
 * that is undefined. AWS Builder ID needs no settings. A failed write is only reported, since the sign-in has
 * succeeded. Never rejects.
 */
export async function rememberUse(
  context: Remembering,
  connection: Connection,
  instead: Connection | undefined,
): Promise<void> {
  const { log } = context;
  const key = connectionKey(connection);
  try {
    await rememberOrder(context, key);
  } catch (error) {
    log.warn('The order of the connections could not be saved', { connection: key, why: String(error) });
  }
  if (instead === undefined) return;
  try {
    const isKnown = (await context.connections()).some((known) => connectionKey(known) === key);
    if (isKnown || isBuilderId(connection)) return;
    await (await context.connectionSettings()).saveConnection(connection, instead);
  } catch (error) {
    log.warn('A connection could not be added to the settings', { connection: key, why: String(error) });
    void showWarning(
      l10n.t(
        'You’re signed in, but “{0}” couldn’t be added to your settings. Fix the errors in settings.json, then sign in again.',
        connection.name,
      ),
    );
  }
}

async function rememberOrder({ memento }: Remembering, key: string): Promise<void> {
  const used = memento.get<readonly string[]>(usedKey, []).filter((other) => other !== key);
  await memento.update(usedKey, [key, ...used].slice(0, maxRemembered));
}

/** Connections sorted by last use, newest first. */
export function inOrderOfUse<T extends Connection>(
  { memento }: Pick<ShellContext, 'memento'>,
  connections: readonly T[],
): readonly T[] {
  return lastUsedFirst(connections, memento.get<readonly string[]>(usedKey, []));
}

/** Whether a sign-in to this connection has succeeded before. */
export function wasUsed({ memento }: Pick<ShellContext, 'memento'>, connection: Connection): boolean {
  return memento.get<readonly string[]>(usedKey, []).includes(connectionKey(connection));
}
