import type { ArgumentFields, connectionFields, ConnectionType } from './connectionFields.ts';
import type { MembersOf, OpenIdType } from './connectionFields.ts';
import type { FlowStyle } from '../oauth/flows.ts';

type ByType = {
  readonly [T in ConnectionType]: { readonly type: T } & MembersOf<(typeof connectionFields)[T]>;
};

/** Where to sign in (docs/ARCHITECTURE.md, glossary), with addresses normalized by {@link normalConnection}. */
export type Connection = ByType[ConnectionType];

/** A connection of one type. */
export type ConnectionOf<T extends ConnectionType> = ByType[T];

/** An IAM Identity Center instance. */
export type IdentityCenterConnection = ByType['identityCenter'];

/** A connection to an OpenID Connect provider: an issuer, and an application's client ID. */
export type OpenIdConnection = ByType[OpenIdType];

/** An application of an Okta authorization server. */
export type OktaConnection = ByType['okta'];

/** A public client of any other OpenID Connect provider. */
export type OidcConnection = ByType['oidc'];

/** Members that a sign-in can set in place of, or in addition to, those of its connection. */
export type ConnectionOptions = MembersOf<ArgumentFields<'request'>>;

/** The member that identifies a connection in rules, links and pseudo-scopes. */
type AddressMember = 'startUrl' | 'issuer';

/** Traits of a connection type that are needed before a flow is loaded. */
interface ConnectionTraits<C> {
  /** The `place` fields of `connectionFields.ts`, address first: activation loads no schema library. */
  readonly place: readonly [AddressMember, ...string[]];
  /** Requested if a connection has no scopes of its own. */
  readonly defaultScopes: readonly string[];
  readonly flowStyle: FlowStyle;
  /** The setting with the flow for connections that do not specify one. */
  readonly flowSetting?: 'identityCenterFlow';
  /** Present if the redirect URI of each port must be registered; returns the connection's own ports, if any. */
  readonly redirectPorts?: (connection: C) => readonly number[] | undefined;
  /** Whether its sessions can be shared with the AWS CLI. */
  readonly hasAwsCli?: true;
  /** Present for OpenID Connect providers whose console is unknown, so that messages do not name one. */
  readonly isGeneric?: true;
}

const traits: { readonly [T in ConnectionType]: ConnectionTraits<ByType[T]> } = {
  identityCenter: {
    place: ['startUrl', 'region'],
    defaultScopes: ['codewhisperer:completions', 'codewhisperer:conversations'],
    flowStyle: 'deviceCodeFirst',
    flowSetting: 'identityCenterFlow',
    hasAwsCli: true,
  },
  okta: {
    place: ['issuer', 'clientId'],
    defaultScopes: ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'],
    flowStyle: 'redirectFirst',
    redirectPorts: ({ redirectPorts }) => redirectPorts,
  },
  oidc: {
    place: ['issuer', 'clientId'],
    defaultScopes: ['openid', 'profile', 'offline_access'],
    flowStyle: 'redirectFirst',
    redirectPorts: ({ redirectPorts }) => redirectPorts,
    isGeneric: true,
  },
};

/** The traits of a connection's type. */
export function typeOf({ type }: Pick<Connection, 'type'>): ConnectionTraits<Connection> {
  return traits[type] as ConnectionTraits<Connection>;
}

/** The default scopes of a connection type. */
export function defaultScopesOf(type: Connection['type']): readonly string[] {
  return typeOf({ type }).defaultScopes;
}

/** The scopes of a connection, or its type's default. */
export function scopesOf(connection: Connection): readonly string[] {
  return connection.scopes ?? defaultScopesOf(connection.type);
}

/** The fields that identify where a connection leads, address first. */
export function placeOf(
  connection: Connection,
): readonly { readonly name: string; readonly value: string }[] {
  return typeOf(connection).place.map((name) => {
    const value = valueOf(connection, name);
    return { name, value: typeof value === 'string' ? value : '' };
  });
}

/** The start URL or issuer of a connection, with the name of its member. */
export function addressOf(connection: Connection): {
  readonly member: AddressMember;
  readonly address: string;
} {
  const [member] = typeOf(connection).place;
  return { member, address: placeOf(connection)[0]?.value ?? '' };
}

/** Identifies a connection by type, address, and Region or client ID; ignores name, scopes and ports. */
export function connectionKey(connection: Connection): string {
  return [connection.type, ...placeOf(connection).map(({ value }) => value)].join(' ');
}

/** The value of a connection's field. */
export type FieldValue = string | readonly string[] | readonly number[] | Readonly<Record<string, string>>;

/** Whether a value is a map of strings. */
export function isMap(value: FieldValue): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The value of a connection's field; undefined if it is absent. */
export function valueOf(connection: Connection, name: string): FieldValue | undefined {
  return Object.entries<FieldValue>(connection).find(([key]) => key === name)?.[1];
}

/** The pseudo-scope with which another extension selects this connection. Never sent. */
export function pseudoScope(connection: Connection): string {
  const { member, address } = addressOf(connection);
  return `${member}:${address}`;
}

/** Whether a scope selects a connection and is never sent. */
export function isPseudoScope(scope: string): boolean {
  return scope.startsWith('startUrl:') || scope.startsWith('issuer:');
}
