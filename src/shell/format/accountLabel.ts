import type { Session } from '../../core/session/session.ts';

/**
 * The account as VS Code and other extensions show it. Where the tokens do not say who it is, the stored label is an address,
 * which stays what it is whatever the connection is called: so it is known by the connection's name, with the address behind it.
 * Not in parentheses, as a person's is: VS Code keeps consents by this text, and no connection's name makes it another account's.
 */
export function accountLabel({ account, connection }: Pick<Session, 'account' | 'connection'>): string {
  const { label, name } = account;
  return name !== undefined || connection.name === label ? label : `${connection.name} · ${label}`;
}
