import { addressOf, placeOf, pseudoScope, typeOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { fieldsOf } from '../core/connection/connectionFields.ts';
import type { FieldKind } from '../core/connection/connectionFields.ts';
import { defined } from '../core/defined.ts';
import { parseRegion } from './regions.ts';
import { asGeneric } from '../core/oauth/errors.ts';
import { parseClientId, parseIssuer } from './issuer.ts';
import { nameOfStartUrl, parseStartUrl } from './startUrl.ts';

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
  try {
    return own === `${member}:${readAddress(kindOf(connection, member), scope.slice(member.length + 1)).url}`;
  } catch {
    return false; // Not an address: it chooses no connection.
  }
}

/** The kind of a member of a connection. */
export function kindOf({ type }: Connection, member: string): FieldKind {
  return fieldsOf(type).find(({ name }) => name === member)?.kind ?? 'text';
}

/** What an address says of its connection. */
export interface ReadAddress {
  /** In its normal form. */
  readonly url: string;
  /** A name for the connection, where it has no other. */
  readonly name: string;
  /** Where the address names it, that is the truth. */
  readonly region?: string;
}

/**
 * Reads the address of a connection in whatever form it has it.
 * @param region where a bare ID of a start URL may be
 * @throws SignInError `invalidInput`
 */
export function readAddress(kind: FieldKind, text: string, region?: string): ReadAddress {
  if (kind === 'startUrl') {
    const startUrl = parseStartUrl(text, region);
    return { url: startUrl.url, name: nameOfStartUrl(startUrl), ...defined({ region: startUrl.region }) };
  }
  const url = parseIssuer(text);
  return { url, name: named(new URL(url).hostname) };
}

/** As long as the name of a connection may be. */
function named(text: string): string {
  return text.slice(0, 100);
}
