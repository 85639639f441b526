import { placeOf, pseudoScope } from './connection.ts';
import type { Connection } from './connection.ts';
import { readAddress } from './connectionAddress.ts';
import { fieldsOf } from './connectionFields.ts';

/** Whether a pseudo-scope chooses this connection, in whatever form it has the address. */
export function isChosenBy(connection: Connection, scope: string): boolean {
  if (scope === pseudoScope(connection)) return true;
  const [address] = placeOf(connection);
  const kind = fieldsOf(connection.type).find(({ name }) => name === address?.name)?.kind;
  const [, name, text = ''] = /^(\w+):(.*)$/s.exec(scope) ?? [];
  if (address === undefined || kind === undefined || name !== address.name) return false;
  try {
    return readAddress(kind, text).url === address.value;
  } catch {
    return false; // Not an address: it chooses no connection.
  }
}
