import { fieldsOf } from './connectionFields.ts';
import type { ArgumentFields, connectionFields, flowNames, MembersOf } from './connectionFields.ts';

/** How one signs in. */
export type FlowName = (typeof flowNames)[number];

/**
 * Where one signs in: configuration, no secret (docs/ARCHITECTURE.md, glossary). Its members
 * are described in `connectionFields.ts`.
 */
export type Connection = IdentityCenterConnection | OktaConnection;

/** An IAM Identity Center instance: `startUrl` and `region`, as {@link normalConnection} writes them. */
export type IdentityCenterConnection = {
  readonly type: 'identityCenter';
} & MembersOf<typeof connectionFields.identityCenter>;

/** An application of an Okta authorization server: `issuer` and `clientId`, as {@link normalConnection} writes them. */
export type OktaConnection = { readonly type: 'okta' } & MembersOf<typeof connectionFields.okta>;

/** What a sign-in may be asked for instead of, or beside, what its connection has. */
export type ConnectionOptions = MembersOf<ArgumentFields<'request'>>;

/** The scopes that are asked for when a connection names none. */
export const defaultScopes: Readonly<Record<Connection['type'], readonly string[]>> = {
  identityCenter: ['codewhisperer:completions', 'codewhisperer:conversations'],
  okta: ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'],
};

/** The scopes of a connection: its own, or the default of its kind. */
export function scopesOf(connection: Connection): readonly string[] {
  return connection.scopes ?? defaultScopes[connection.type];
}

/** The fields that say where a connection leads, the address first. */
export function placeOf(
  connection: Connection,
): readonly { readonly name: string; readonly value: string }[] {
  return fieldsOf(connection.type)
    .filter(({ argument }) => argument === 'place')
    .map(({ name }) => {
      const value = valueOf(connection, name);
      return { name, value: typeof value === 'string' ? value : '' };
    });
}

/** What makes two connections the same: type, address and client, not name, scopes or ports. */
export function connectionKey(connection: Connection): string {
  return [connection.type, ...placeOf(connection).map(({ value }) => value)].join(' ');
}

/** What a field of a connection may be. */
export type FieldValue = string | readonly string[] | readonly number[] | Readonly<Record<string, string>>;

/** A field of a connection by its name, or undefined where it has none. */
export function valueOf(connection: Connection, name: string): FieldValue | undefined {
  return Object.entries<FieldValue>(connection).find(([key]) => key === name)?.[1];
}

/** The pseudo-scope by which another extension chooses this connection. Never sent. */
export function pseudoScope(connection: Connection): string {
  const [address] = placeOf(connection);
  return `${address?.name ?? ''}:${address?.value ?? ''}`;
}

/** Whether a scope is a choice of connection and not for the server. */
export function isPseudoScope(scope: string): boolean {
  return scope.startsWith('startUrl:') || scope.startsWith('issuer:');
}
