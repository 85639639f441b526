import type { Session } from '../../core/session/session.ts';
import { registrationOf } from '../providers/registration.ts';

/**
 * The account label for VS Code and other extensions: the person, or the connection's name if the tokens do not
 * identify one, with the address behind it.
 *
 * VS Code stores consents by this text, so it must be unambiguous: it ends with the account's own address, so
 * no name can imitate an account of another server; and at one address, the rarer kind of name has a format of
 * its own, so a connection's name cannot imitate a person's.
 */
export function accountLabel({
  account: { label, name },
  connection,
  type,
}: Pick<Session, 'account' | 'connection' | 'type'>): string {
  const { identifiesPerson } = registrationOf(type);
  if (name === undefined) {
    if (connection.name === label) return label;
    return identifiesPerson === true ? `${connection.name} (${label})` : `${connection.name} · ${label}`;
  }
  const [, who, address] = /^(.*) \(([^()]*)\)$/s.exec(label) ?? [];
  return identifiesPerson !== true || who === undefined || address === undefined
    ? label
    : `${who} · ${address}`;
}
