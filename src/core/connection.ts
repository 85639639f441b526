import * as v from 'valibot';
import { SignInError } from './errors.ts';
import { isRegion } from './identityCenter/regions.ts';
import { parseStartUrl } from './identityCenter/startUrl.ts';
import { parseClientId, parseIssuer } from './okta/issuer.ts';

/** How one signs in. */
export type FlowName = 'deviceCode' | 'authorizationCode';

/** Where one signs in: configuration, no secret (DESIGN.md, Words). */
export type Connection = IdentityCenterConnection | OktaConnection;

export interface IdentityCenterConnection {
  readonly type: 'identityCenter';
  /** A name for people; never an account's label. */
  readonly name: string;
  /** In its normal form, see `identityCenter/startUrl.ts`. */
  readonly startUrl: string;
  readonly region: string;
  readonly scopes?: readonly string[];
  readonly flow?: FlowName;
  /** The `[sso-session]` under which the AWS CLI is to have its sessions, where the person said so. */
  readonly awsCli?: string;
}

export interface OktaConnection {
  readonly type: 'okta';
  readonly name: string;
  /** In its normal form, see `okta/issuer.ts`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes?: readonly string[];
  readonly redirectPorts?: readonly number[];
  readonly flow?: FlowName;
}

const scope = v.pipe(v.string(), v.regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)); // scope-token, RFC 6749 3.3
const common = {
  name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100)),
  scopes: v.exactOptional(v.pipe(v.array(scope), v.minLength(1))),
  flow: v.exactOptional(v.picklist(['deviceCode', 'authorizationCode'])),
};

/** What may stand behind `sso-session` in `~/.aws/config`, as the AWS SDKs read it. */
const ssoSessionName = /^[\w@+.%:/-]{1,100}$/;

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
    redirectPorts: v.exactOptional(
      v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))), v.minLength(1)),
    ),
  }),
]);

/** The scopes that are asked for when a connection names none. */
export const defaultScopes: Readonly<Record<Connection['type'], readonly string[]>> = {
  identityCenter: ['codewhisperer:completions', 'codewhisperer:conversations'],
  okta: ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'],
};

/** The scopes of a connection: its own, or the default of its kind. */
export function scopesOf(connection: Connection): readonly string[] {
  return connection.scopes ?? defaultScopes[connection.type];
}

/** What makes two connections the same: type, address and client, not name, scopes or ports. */
export function connectionKey(connection: Connection): string {
  return connection.type === 'okta'
    ? `okta ${connection.issuer} ${connection.clientId}`
    : `identityCenter ${connection.startUrl} ${connection.region}`;
}

/** The pseudo-scope by which another extension chooses this connection (DESIGN.md, Contract). Never sent. */
export function pseudoScope(connection: Connection): string {
  return connection.type === 'okta' ? `issuer:${connection.issuer}` : `startUrl:${connection.startUrl}`;
}

/** Whether a scope is a choice of connection and not for the server. */
export function isPseudoScope(scope: string): boolean {
  return scope.startsWith('startUrl:') || scope.startsWith('issuer:');
}

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
  const region = connection.region.trim();
  if (!isRegion(region)) throw new SignInError('invalidInput', { operation: 'region', input: region });
  const startUrl = parseStartUrl(connection.startUrl);
  // Where the address names its region, that is the truth.
  return { ...connection, startUrl: startUrl.url, region: startUrl.region ?? region };
}
