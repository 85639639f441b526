import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Type =
  | 'string'
  | 'number'
  | 'boolean'
  | 'timestamp'
  | 'document'
  | { readonly list: Type }
  | { readonly map: Type }
  | { readonly shape: string };

interface Shape {
  readonly isUnion?: boolean;
  readonly members: Readonly<Record<string, Type>>;
  readonly required?: readonly string[];
}

/** A service in the AWS SDK's schemas: its read operations with their inputs and outputs. */
export interface Service {
  readonly target: string;
  readonly operations: Readonly<Record<string, { readonly input: string; readonly output: string }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const { services } = JSON.parse(readFileSync(join(import.meta.dirname, 'models.json'), 'utf8')) as {
  readonly services: Readonly<Record<string, Service>>;
};

export function serviceNamed(name: string): Service | undefined {
  return services[name];
}

/** Differences between a value and the SDK's schema, by path; unknown members count. */
export function problemsOf(service: Service, shape: string, value: unknown): readonly string[] {
  return problems(service, { shape }, value, shape);
}

function problems(service: Service, type: Type, value: unknown, path: string): readonly string[] {
  if (typeof type === 'string') return hasType(type, value) ? [] : [`${path} is not of type ${type}`];
  if ('list' in type)
    return Array.isArray(value)
      ? value.flatMap((one, index) => problems(service, type.list, one, `${path}.${index}`))
      : [`${path} is not a list`];
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} is not an object`];
  if ('map' in type)
    return Object.entries(value).flatMap(([key, one]) => problems(service, type.map, one, `${path}.${key}`));
  const { members, required = [], isUnion } = service.shapes[type.shape] ?? { members: {} };
  const found = Object.entries(value).flatMap(([key, one]) => {
    const known = members[key];
    return known === undefined
      ? [`${path}.${key} is not known`]
      : problems(service, known, one, `${path}.${key}`);
  });
  const missing = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${path}.${name} is missing`);
  const several =
    isUnion === true && Object.keys(value).length !== 1 ? [`${path} is not one of a union`] : [];
  return [...found, ...missing, ...several];
}

function hasType(type: Type, value: unknown): boolean {
  switch (type) {
    case 'timestamp':
      return typeof value === 'number';
    case 'document':
      return true;
    default:
      return typeof value === type;
  }
}
