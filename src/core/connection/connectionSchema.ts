import * as v from 'valibot';
import type { Connection } from './connection.ts';
import { parseRegion } from '../identityCenter/regions.ts';
import { parseStartUrl } from '../identityCenter/startUrl.ts';
import { parseClientId, parseIssuer } from '../oidc/issuer.ts';
import { isScope, mostScopes } from '../oauth/scopes.ts';

const scope = v.pipe(v.string(), v.check(isScope));
/** The scopes of a connection, or of a request. */
export const scopesSchema = v.pipe(v.array(scope), v.minLength(1), v.maxLength(mostScopes));
/** Loopback ports, in the order they are tried. */
export const portsSchema = v.pipe(
  v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
  v.minLength(1),
);
const common = {
  name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)),
  scopes: v.exactOptional(scopesSchema),
  flow: v.exactOptional(v.picklist(['deviceCode', 'authorizationCode'])),
};

/** A name that may stand behind `sso-session` in `~/.aws/config`, there in quotes where it has spaces. */
const ssoSessionName = /^(?=[^]*\P{Z})[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u;

/** The shape of a connection in settings, arguments and records. Its addresses are checked where they are used. */
export const connectionSchema = v.variant('type', [
  v.object({
    type: v.literal('identityCenter'),
    ...common,
    startUrl: v.string(),
    region: v.string(),
    awsCli: v.exactOptional(v.pipe(v.string(), v.regex(ssoSessionName))),
  }),
  v.object({
    type: v.literal('okta'),
    ...common,
    issuer: v.string(),
    clientId: v.string(),
    redirectPorts: v.exactOptional(portsSchema),
  }),
]);

/**
 * A connection with its addresses in normal form.
 * @throws SignInError `invalidInput`
 */
export function normalConnection(connection: Connection): Connection {
  if (connection.type === 'okta') {
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
