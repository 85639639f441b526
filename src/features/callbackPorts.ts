import { typeOf, valueOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';

/**
 * All callback ports that sign-ins may use: those of the setting, then those in `redirectPorts` or
 * `redirectUri` of connections, without duplicates. A redirect URI that allows any port adds none.
 */
export function callbackPorts(
  ofSetting: readonly number[],
  connections: readonly Connection[],
): readonly number[] {
  const own = connections.flatMap((connection) => {
    const redirectUri = valueOf(connection, 'redirectUri');
    const { port = '' } = typeof redirectUri === 'string' ? new URL(redirectUri) : {};
    return [
      ...(typeOf(connection).redirectPorts?.(connection) ?? []),
      ...(port === '' ? [] : [Number(port)]),
    ];
  });
  return [...new Set([...ofSetting, ...own])];
}
