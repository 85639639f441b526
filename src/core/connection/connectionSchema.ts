import * as v from 'valibot';
import { placeOf } from './connection.ts';
import type { Connection } from './connection.ts';
import { readAddress } from './connectionAddress.ts';
import { argumentFields, connectionFields, fieldsOf, schemasOf } from './connectionFields.ts';
import { parseRegion } from '../identityCenter/regions.ts';
import { parseClientId } from '../oidc/issuer.ts';

/** The shape of a connection to IAM Identity Center in settings and records. Its addresses are checked where they are used. */
export const identityCenterConnectionSchema = v.object({
  type: v.literal('identityCenter'),
  ...schemasOf(connectionFields.identityCenter),
});

/** The shape of a connection to Okta in settings and records; as {@link identityCenterConnectionSchema}. */
export const oktaConnectionSchema = v.object({
  type: v.literal('okta'),
  ...schemasOf(connectionFields.okta),
});

/** The shape of a connection in settings and records. */
export const connectionSchema = v.variant('type', [identityCenterConnectionSchema, oktaConnectionSchema]);

/** What a command may ask for beside the connection. It belongs to that request and is never written into the settings. */
export const requestSchema = v.object(schemasOf(argumentFields('request')));

/** The members that say where to sign in to, as far as a command was given them. */
export const placeSchema = v.partial(v.object(schemasOf(argumentFields('place'))));

/**
 * A connection with its addresses in normal form.
 * @throws SignInError `invalidInput`
 */
export function normalConnection<C extends Connection>(connection: C): C {
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
  return { ...connection, ...normal };
}
