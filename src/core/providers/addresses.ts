import { addressOf, placeOf, pseudoScope, typeOf } from '../connection/connection.ts';
import type { Connection } from '../connection/connection.ts';
import { readAddress } from './connectionAddress.ts';
import { fieldsOf } from '../connection/connectionFields.ts';
import { parseRegion } from '../identityCenter/regions.ts';
import { asGeneric } from '../oauth/errors.ts';
import { parseClientId } from '../oidc/issuer.ts';

/**
 * A connection with its addresses in normal form.
 * @throws SignInError `invalidInput`
 */
export function normalConnection<C extends Connection>(connection: C): C {
  try {
    return { ...connection, ...normalPlace(connection) };
  } catch (error) {
    throw typeOf(connection).isGeneric === true ? asGeneric(error) : error;
  }
}

function normalPlace(connection: Connection): Readonly<Record<string, string>> {
  const place = new Map(placeOf(connection).map(({ name, value }) => [name, value]));
  const normal: Record<string, string> = {};
  let region: string | undefined;
  for (const { kind, name } of fieldsOf(connection.type)) {
    const text = place.get(name);
    if (text === undefined) continue;
    if (kind === 'clientId') normal[name] = parseClientId(text);
    // Where the address names its region, that is the truth.
    else if (kind === 'region') normal[name] = region ?? parseRegion(text);
    else ({ url: normal[name], region } = readAddress(kind, text, place.get('region')));
  }
  return normal;
}

/** Whether a pseudo-scope chooses this connection, in whatever form it has the address. */
export function isChosenBy(connection: Connection, scope: string): boolean {
  const own = pseudoScope(connection);
  if (scope === own) return true;
  const { member } = addressOf(connection);
  if (!scope.startsWith(`${member}:`)) return false;
  const kind = fieldsOf(connection.type).find(({ name }) => name === member)?.kind ?? 'issuer';
  try {
    return own === `${member}:${readAddress(kind, scope.slice(member.length + 1)).url}`;
  } catch {
    return false; // Not an address: it chooses no connection.
  }
}
