import { connectionKey } from '../../core/connection/connection.ts';
import type { IdentityCenterConnection } from '../../core/connection/connection.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import type { ShellContext } from '../context.ts';

/** A session's connection as currently configured; undefined if it is not in the settings. */
export async function configuredOf(
  { connections }: Pick<ShellContext, 'connections'>,
  { connection }: IdentityCenterSession,
): Promise<IdentityCenterConnection | undefined> {
  const key = connectionKey(connection);
  const found = (await connections()).find((one) => connectionKey(one) === key);
  return found && forAwsCli(found);
}
