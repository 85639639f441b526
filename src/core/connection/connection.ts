import type { ArgumentFields, connectionFields, ConnectionType } from './connectionFields.ts';
import type { MembersOf, OpenIdType } from './connectionFields.ts';
import type { FlowStyle } from '../oauth/flows.ts';

type ByType = {
  readonly [T in ConnectionType]: { readonly type: T } & MembersOf<(typeof connectionFields)[T]>;
};

/** Where to sign in (docs/ARCHITECTURE.md, glossary), with addresses as {@link normalConnection} writes them. */
export type Connection = ByType[ConnectionType];

/** A connection of one type. */
export type ConnectionOf<T extends ConnectionType> = ByType[T];

/** An IAM Identity Center instance. */
export type IdentityCenterConnection = ByType['identityCenter'];

/** A connection to an OpenID Connect provider: an application, by its client ID, at an issuer. */
export type OpenIdConnection = ByType[OpenIdType];

/** An application of an Okta authorization server. */
export type OktaConnection = ByType['okta'];

/** A public client of any other OpenID Connect provider. */
export type OidcConnection = ByType['oidc'];

/** Members that a sign-in may have instead of, or beside, those of its connection. */
export type ConnectionOptions = MembersOf<ArgumentFields<'request'>>;

/** The member that stands for a connection in rules, links and pseudo-scopes. */
type AddressMember = 'startUrl' | 'issuer';

/** The traits of connections of a type that are needed before a flow is loaded. */
interface ConnectionTraits<C> {
  /** The `place` fields of `connectionFields.ts`, the address first: here too, since activation loads no schema library. */
  readonly place: readonly [AddressMember, ...string[]];
  /** Asked for when a connection names none. */
  readonly defaultScopes: readonly string[];
  readonly flowStyle: FlowStyle;
  /** The setting that names the flow of connections without one of their own. */
  readonly flowSetting?: 'identityCenterFlow';
  /** Present where the redirect URI of each port is registered: the ports of this connection, if it has its own. */
  readonly redirectPorts?: (connection: C) => readonly number[] | undefined;
  /** Whether the AWS CLI can have its sessions too. */
  readonly hasAwsCli?: true;
  /** Present for any OpenID Connect provider: its console is not known, and what is said names none. */
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

/** The scopes that connections of a type ask for by themselves. */
export function defaultScopesOf(type: Connection['type']): readonly string[] {
  return typeOf({ type }).defaultScopes;
}

/** The scopes of a connection: its own, or the default of its type. */
export function scopesOf(connection: Connection): readonly string[] {
  return connection.scopes ?? defaultScopesOf(connection.type);
}

/** The fields that say where a connection leads, the address first. */
export function placeOf(
  connection: Connection,
): readonly { readonly name: string; readonly value: string }[] {
  return typeOf(connection).place.map((name) => {
    const value = valueOf(connection, name);
    return { name, value: typeof value === 'string' ? value : '' };
  });
}

/** The start URL or the issuer, and which of them it is. */
export function addressOf(connection: Connection): {
  readonly member: AddressMember;
  readonly address: string;
} {
  const [member] = typeOf(connection).place;
  return { member, address: placeOf(connection)[0]?.value ?? '' };
}

/** The same for connections that are the same: type, address and client, not name, scopes or ports. */
export function connectionKey(connection: Connection): string {
  return [connection.type, ...placeOf(connection).map(({ value }) => value)].join(' ');
}

/** The value of a field. */
export type FieldValue = string | readonly string[] | readonly number[] | Readonly<Record<string, string>>;

/** Whether a value is a map of texts. */
export function isMap(value: FieldValue): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && !Array.isArray(value);
}

/** A field of a connection by its name, or undefined where it has none. */
export function valueOf(connection: Connection, name: string): FieldValue | undefined {
  return Object.entries<FieldValue>(connection).find(([key]) => key === name)?.[1];
}

/** The pseudo-scope by which another extension chooses this connection. Never sent. */
export function pseudoScope(connection: Connection): string {
  const { member, address } = addressOf(connection);
  return `${member}:${address}`;
}

/** Whether a scope is a choice of connection and not for the server. */
export function isPseudoScope(scope: string): boolean {
  return scope.startsWith('startUrl:') || scope.startsWith('issuer:');
}
