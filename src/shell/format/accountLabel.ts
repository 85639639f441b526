import type { Session } from '../../core/session/session.ts';
import { registrationOf } from '../providers/registration.ts';

/**
 * The account as VS Code and other extensions show it: the person, or the connection's name where the tokens do not say who it is,
 * with the address behind it. VS Code keeps consents by this text. It ends with the account's own address, so no name makes it the
 * account of another server; and at one address, no connection's name makes it a person's: what is rare has another form.
 */
export function accountLabel({
  account: { label, name },
  connection,
  type,
}: Pick<Session, 'account' | 'connection' | 'type'>): string {
  const { tellsPerson } = registrationOf(type);
  if (name === undefined) {
    if (connection.name === label) return label;
    return tellsPerson === true ? `${connection.name} (${label})` : `${connection.name} · ${label}`;
  }
  const [, who, address] = /^(.*) \(([^()]*)\)$/s.exec(label) ?? [];
  return tellsPerson !== true || who === undefined || address === undefined ? label : `${who} · ${address}`;
}
