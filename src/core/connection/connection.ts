/** How one signs in. */
export type FlowName = 'deviceCode' | 'authorizationCode';

/** Where one signs in: configuration, no secret (docs/ARCHITECTURE.md, glossary). */
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
  /** In its normal form, see `oidc/issuer.ts`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes?: readonly string[];
  readonly redirectPorts?: readonly number[];
  readonly flow?: FlowName;
}

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

/** The pseudo-scope by which another extension chooses this connection. Never sent. */
export function pseudoScope(connection: Connection): string {
  return connection.type === 'okta' ? `issuer:${connection.issuer}` : `startUrl:${connection.startUrl}`;
}

/** Whether a scope is a choice of connection and not for the server. */
export function isPseudoScope(scope: string): boolean {
  return scope.startsWith('startUrl:') || scope.startsWith('issuer:');
}
