import * as v from 'valibot';
import type { Connection } from './connection.ts';
import { argumentFields, connectionFields, schemasOf } from './connectionFields.ts';
import { parseRegion } from '../identityCenter/regions.ts';
import { parseStartUrl } from '../identityCenter/startUrl.ts';
import { parseClientId, parseIssuer } from '../oidc/issuer.ts';

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
export function normalConnection(connection: Connection): Connection {
  if (connection.type !== 'identityCenter') {
    return {
      ...connection,
      issuer: parseIssuer(connection.issuer),
      clientId: parseClientId(connection.clientId),
    };
  }
  const startUrl = parseStartUrl(connection.startUrl, connection.region);
  // Where the address names its region, that is the truth.
  return { ...connection, startUrl: startUrl.url, region: startUrl.region ?? parseRegion(connection.region) };
}
