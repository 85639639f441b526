import * as v from 'valibot';
import { argumentFields, connectionFields, schemasOf } from './connectionFields.ts';
import type { ConnectionType, Fields, SchemasOf } from './connectionFields.ts';

type SchemaOf<T extends ConnectionType> = v.ObjectSchema<
  { readonly type: v.LiteralSchema<T, undefined> } & SchemasOf<(typeof connectionFields)[T]>,
  undefined
>;

/** Schemas of a connection in settings and records, by type. Addresses are parsed on use. */
export const connectionSchemas = Object.fromEntries(
  Object.entries<Fields>(connectionFields).map(([type, fields]) => [
    type,
    v.object({ type: v.literal(type), ...schemasOf(fields) }),
  ]),
) as unknown as { readonly [T in ConnectionType]: SchemaOf<T> };

/** Schema of a connection in settings and records. */
export const connectionSchema = v.variant('type', Object.values(connectionSchemas));

/** Schema of the command arguments for one request, which are never saved in settings. */
export const requestSchema = v.object(schemasOf(argumentFields('request')));

/** Schema of the command arguments that say where to sign in, all optional. */
export const placeSchema = v.partial(v.object(schemasOf(argumentFields('place'))));
