import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A schema of OpenAPI 3.0, limited to what Okta's document uses for the resources here. */
interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: string;
}

const { schemas } = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas.json'), 'utf8')) as {
  readonly schemas: Readonly<Record<string, Schema>>;
};

/** Settings that catalog applications add: missing from the schemas, but read by Okta's Terraform provider. */
const ofCatalog = /^\w+\.settings\.app(\.|$)/;

/**
 * Differences between a value and Okta's published schema, by path. Unknown members count: a stand-in must not
 * invent any.
 */
export function problemsOf(name: string, value: unknown): readonly string[] {
  return problems({ $ref: `#/components/schemas/${name}` }, value, name);
}

function problems(schema: Schema, value: unknown, path: string): readonly string[] {
  if (ofCatalog.test(path)) return [];
  const parts = flat(schema);
  if (value === null) return parts.some(({ nullable }) => nullable === true) ? [] : [`${path} is null`];
  const own = parts.flatMap((part) => ownProblems(part, value, path));
  if (typeof value !== 'object') return own;
  if (Array.isArray(value)) {
    const items = parts.find((part) => part.items !== undefined)?.items;
    return items === undefined
      ? own
      : [...own, ...value.flatMap((one, index) => problems(items, one, `${path}.${index}`))];
  }
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {})) as Record<
    string,
    Schema
  >;
  const isOpen =
    Object.keys(properties).length === 0 || parts.some((part) => part.additionalProperties !== undefined);
  const members = Object.entries(value).flatMap(([key, member]) => {
    const known = properties[key];
    if (known !== undefined) return problems(known, member, `${path}.${key}`);
    return isOpen || ofCatalog.test(`${path}.${key}`) ? [] : [`${path}.${key} is not known`];
  });
  return [...own, ...members];
}

/** A schema with everything that it refers to. */
function flat(schema: Schema): readonly Schema[] {
  const target = schema.$ref === undefined ? undefined : schemas[schema.$ref.split('/').at(-1) ?? ''];
  if (schema.$ref !== undefined && target === undefined) throw new Error(`${schema.$ref} is missing.`);
  return [schema, ...(target === undefined ? [] : flat(target)), ...(schema.allOf ?? []).flatMap(flat)];
}

function ownProblems(schema: Schema, value: unknown, path: string): readonly string[] {
  const found: string[] = [];
  const type = Array.isArray(value) ? 'array' : typeof value;
  const wanted = schema.type === 'integer' ? 'number' : schema.type;
  if (wanted !== undefined && wanted !== type) found.push(`${path} is not of type ${wanted}`);
  if (schema.enum !== undefined && !schema.enum.includes(value))
    found.push(`${path} is not one of its values`);
  if (typeof value === 'string') {
    if (value.length < (schema.minLength ?? 0)) found.push(`${path} is too short`);
    if (value.length > (schema.maxLength ?? Infinity)) found.push(`${path} is too long`);
    if (schema.format === 'date-time' && Number.isNaN(Date.parse(value))) found.push(`${path} is not a date`);
  }
  if (type === 'object')
    for (const name of schema.required ?? [])
      if (!Object.hasOwn(value as object, name)) found.push(`${path}.${name} is missing`);
  return found;
}
