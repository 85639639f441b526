import * as v from 'valibot';
import { argumentFields, connectionFields, schemasOf } from './connectionFields.ts';
import type { ConnectionType, Fields, SchemasOf } from './connectionFields.ts';

type SchemaOf<T extends ConnectionType> = v.ObjectSchema<
  { readonly type: v.LiteralSchema<T, undefined> } & SchemasOf<(typeof connectionFields)[T]>,
  undefined
>;

/** By type, the shape of a connection in settings and records. Its addresses are checked where they are used. */
export const connectionSchemas = Object.fromEntries(
  Object.entries<Fields>(connectionFields).map(([type, fields]) => [
    type,
    v.object({ type: v.literal(type), ...schemasOf(fields) }),
  ]),
) as unknown as { readonly [T in ConnectionType]: SchemaOf<T> };

/** The shape of a connection in settings and records. */
export const connectionSchema = v.variant('type', Object.values(connectionSchemas));

/** The arguments of a command that belong to one request and are never written into the settings. */
export const requestSchema = v.object(schemasOf(argumentFields('request')));

/** The members that say where to sign in to, as far as a command was given them. */
export const placeSchema = v.partial(v.object(schemasOf(argumentFields('place'))));
