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
    // A region in the address takes precedence.
    else if (kind === 'region') normal[name] = region ?? regionOf(partition, text);
    else ({ url: normal[name], region, partition } = readAddress(kind, text, place.get('region')));
  }
  return normal;
}

/**
 * A region within the partition of its address: with a region of another partition, the browser would end on an
 * error page.
 */
function regionOf(partition: Partition | undefined, text: string): string {
  const region = parseRegion(text);
  if (partition === undefined || partitionOf(region) === partition) return region;
  throw new SignInError('invalidInput', { operation: 'region', input: region, reason: 'partition' });
}

/** Whether a pseudo-scope selects this connection, in whatever form it has the address. */
export function isChosenBy(connection: Connection, scope: string): boolean {
  const own = pseudoScope(connection);
  if (scope === own) return true;
  const { member } = addressOf(connection);
  if (!scope.startsWith(`${member}:`)) return false;
  try {
    return own === `${member}:${readAddress(kindOf(connection, member), scope.slice(member.length + 1)).url}`;
  } catch {
    return false; // Not an address: it selects no connection.
  }
}

/** The kind of a connection's member. */
export function kindOf({ type }: Connection, member: string): FieldKind {
  return fieldsOf(type).find(({ name }) => name === member)?.kind ?? 'text';
}

/** An address, and what it reveals about its connection. */
export interface ReadAddress {
  /** In normal form. */
  readonly url: string;
  /** A default name for the connection. */
  readonly name: string;
  /** The region in the address, if any; takes precedence. */
  readonly region?: string;
  /** Of an AWS address. */
  readonly partition?: Partition;
}

/**
 * Parses the address of a connection in any form.
 * @param region the region for the bare ID of a start URL
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

/** Cuts a text to the maximum length of a connection's name. */
function shortened(text: string): string {
  return text.slice(0, 100);
}
