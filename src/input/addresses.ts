import { addressOf, placeOf, pseudoScope, typeOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { fieldsOf } from '../core/connection/connectionFields.ts';
import type { FieldKind } from '../core/connection/connectionFields.ts';
import { defined } from '../core/defined.ts';
import { parseRegion } from './regions.ts';
import { asGeneric, SignInError } from '../core/oauth/errors.ts';
import { partitionOf } from '../core/identityCenter/regions.ts';
import type { Partition } from '../core/identityCenter/regions.ts';
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
  let partition: Partition | undefined;
  for (const { kind, name } of fieldsOf(connection.type)) {
    const text = place.get(name);
    if (text === undefined) continue;
    if (kind === 'clientId') normal[name] = parseClientId(text);
    // Where the address names its region, that is the truth.
    else if (kind === 'region') normal[name] = region ?? regionOf(partition, text);
    else ({ url: normal[name], region, partition } = readAddress(kind, text, place.get('region')));
  }
  return normal;
}

/** A region of the partition of its address: another one does not know it, and a browser would end at an error page there. */
function regionOf(partition: Partition | undefined, text: string): string {
  const region = parseRegion(text);
  if (partition === undefined || partitionOf(region) === partition) return region;
  throw new SignInError('invalidInput', { operation: 'region', input: region, reason: 'partition' });
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
  /** Of an address of AWS. */
  readonly partition?: Partition;
}

/**
 * Reads the address of a connection in whatever form it has it.
 * @param region where a bare ID of a start URL may be
 * @throws SignInError `invalidInput`
 */
export function readAddress(kind: FieldKind, text: string, region?: string): ReadAddress {
  if (kind === 'startUrl') {
    const startUrl = parseStartUrl(text, region);
    const { url, region: named, partition } = startUrl;
    return { url, name: nameOfStartUrl(startUrl), ...defined({ region: named, partition }) };
  }
  const url = parseIssuer(text);
  return { url, name: shortened(new URL(url).hostname) };
}

/** As long as the name of a connection may be. */
function shortened(text: string): string {
  return text.slice(0, 100);
}
