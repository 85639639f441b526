import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection, IdentityCenterConnection } from '../../core/connection/connection.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import type { ShellContext } from '../context.ts';

/** A session's connection as the settings have it now; undefined where they do not have it. */
export async function configuredOf(
  { connections }: Pick<ShellContext, 'connections'>,
  { connection }: IdentityCenterSession,
): Promise<IdentityCenterConnection | undefined> {
  const key = connectionKey(connection);
  // The key begins with the type.
  const isSame = (one: Connection): one is IdentityCenterConnection => connectionKey(one) === key;
  return (await connections()).find(isSame);
}
