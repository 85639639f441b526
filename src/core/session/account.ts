import type { Connection } from '../connection/connection.ts';
import { providerOf } from '../providers/index.ts';
import type { AccountTokens } from '../providers/provider.ts';
import { plainLine } from '../text/safeText.ts';
import { sha256Hex } from '../text/sha256.ts';
import { idOfNamed } from './namedAccount.ts';
import type { Account } from './session.ts';

/** The ID of the session of an account at a connection: the first 32 hex digits of the SHA-256 of both. */
export async function sessionId(connectionKey: string, accountId: string): Promise<string> {
  return sha256Hex(`${connectionKey}\n${accountId}`, 16);
}

/**
 * The account of a token set. Its ID consists of the connection's own address and the subject, never an `iss`
 * claim: a server cannot claim another's account. Its label contains the address, so that consent that VS Code
 * stores under a label never applies to another issuer. Tokens that do not identify a person (Identity
 * Center's, and opaque ones) stand for one account per connection, or for one per `givenName`.
 * @param taken the provider's other accounts; a label that one of them has gets the subject or a number
 */
export function accountOf(
  connection: Connection,
  tokens: AccountTokens,
  taken: readonly Account[] = [],
  givenName?: string,
): Account {
  const { id, address, subject, name } = providerOf(connection).account(connection, tokens);
  if (subject === undefined && givenName !== undefined) {
    const own = idOfNamed(id, givenName);
    return { id: own, label: freeLabel(own, [givenName], address, taken), name: givenName };
  }
  if (name === undefined) return { id, label: address };
  const names = [name, `${name}, ${plainLine(subject ?? '')}`];
  return { id, label: freeLabel(id, names, address, taken), name };
}

/** The first name that no other account at this address has, or the last one with a number. */
function freeLabel(id: string, names: readonly string[], address: string, taken: readonly Account[]): string {
  const labels = new Set(taken.filter((other) => other.id !== id).map((other) => other.label));
  for (let count = 0; ; count++) {
    const name = names[count] ?? `${names.at(-1) ?? ''}, ${count + 1}`;
    const label = `${name} (${address})`;
    if (!labels.has(label)) return label;
  }
}
