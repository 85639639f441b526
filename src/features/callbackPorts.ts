import { typeOf, valueOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';

/**
 * The callback ports that sign-ins may use: those of the setting, and those that connections name in `redirectPorts` or
 * `redirectUri`. Each once, in that order; a redirect URI that takes any port names none.
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
