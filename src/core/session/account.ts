import type { Connection } from '../connection/connection.ts';
import { providerOf } from '../providers/index.ts';
import type { AccountTokens } from '../providers/provider.ts';
import { plainLine } from '../text/safeText.ts';
import { sha256Hex } from '../text/sha256.ts';
import type { Account } from './session.ts';

/** The id of the session of an account at a connection: SHA-256 of both, 32 hex digits. */
export async function sessionId(connectionKey: string, accountId: string): Promise<string> {
  return sha256Hex(`${connectionKey}\n${accountId}`, 16);
}

/**
 * The account behind a token set. Its ID is made from the connection's own address and the subject, never from an
 * `iss` claim: a server cannot give itself the account of another one. The label carries the address too, so the
 * consent that VS Code keeps under a label never holds for another issuer. Tokens that do not identify a person (all of Identity
 * Center's, and opaque ones) stand for one account per connection, unless `givenName` tells a further one apart.
 * `taken` are the other accounts of the provider; a label that one of them has gets the subject into it.
 */
export function accountOf(
  connection: Connection,
  tokens: AccountTokens,
  taken: readonly Account[] = [],
  givenName?: string,
): Account {
  const { id, address, subject, name } = providerOf(connection).account(connection, tokens);
  if (subject === undefined && givenName !== undefined) {
    const own = `${id} ${namedPart}${givenName}`;
    return { id: own, label: freeLabel(own, [givenName], address, taken), name: givenName };
  }
  if (name === undefined) return { id, label: address };
  const names = [name, `${name}, ${plainLine(subject ?? '')}`];
  return { id, label: freeLabel(id, names, address, taken), name };
}

/** The first of these names that no other account has at this address; the last one with a number where all are taken. */
function freeLabel(id: string, names: readonly string[], address: string, taken: readonly Account[]): string {
  const labels = new Set(taken.filter((other) => other.id !== id).map((other) => other.label));
  for (let count = 0; ; count++) {
    const name = names[count] ?? `${names.at(-1) ?? ''}, ${count + 1}`;
    const label = `${name} (${address})`;
    if (!labels.has(label)) return label;
  }
}

/** Whether the tokens themselves tell who it is; otherwise a second person at the same connection looks the same. */
export function identifiesPerson({ id, name }: Account): boolean {
  return name !== undefined && !id.endsWith(` ${namedPart}${name}`);
}

/** Marks a name that a person gave, so that it is never taken for a subject of a server. */
const namedPart = 'name:';
