import type { CreateTokenRequest$ } from '@aws-sdk/client-sso-oidc';
import { ApiError } from './apiError.ts';

/**
 * A structure as the AWS SDK ships it: `[3, namespace, name, traits, member names, member schemas, number of
 * required members]`, the required ones first.
 */
type Structure = typeof CreateTokenRequest$;

/** The member types of the SSO-OIDC API, by Smithy's numbers. */
const KINDS = new Map<unknown, { readonly words: string; readonly matches: (value: unknown) => boolean }>([
  [0, { words: 'a string', matches: (value) => typeof value === 'string' }],
  [1, { words: 'a whole number', matches: (value) => Number.isInteger(value) }],
  [
    64,
    {
      words: 'a list of strings',
      matches: (value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
    },
  ],
]);

/**
 * Validates a JSON value against a structure of the model: reports unknown members, missing required members and
 * wrong types. A `null` member counts as missing. An empty list means that the value is valid.
 */
export function problemsWith(structure: Structure, value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['not a JSON object'];
  const [, , , , names, schemas, requiredCount = 0] = structure;
  const given = Object.entries(value).filter(([, member]) => member !== null);
  const missing = names
    .slice(0, requiredCount)
    .filter((name) => !given.some(([givenName]) => givenName === name))
    .map((name) => `${name} is missing`);
  const wrong = given.flatMap(([name, member]) => {
    const index = names.indexOf(name);
    if (index === -1) return [`${name} is not a member of ${structure[2]}`];
    const kind = KINDS.get(bareSchema(schemas[index]));
    if (kind === undefined) return [`${name} has a type that the sandbox does not know`];
    return kind.matches(member) ? [] : [`${name} is not ${kind.words}`];
  });
  return [...missing, ...wrong];
}

/**
 * Validates a request's body against the model.
 * @throws {ApiError} InvalidRequestException, with the names of members but not their values
 */
export function parseRequest(structure: Structure, body: unknown): Record<string, unknown> {
  const problems = problemsWith(structure, body);
  if (problems.length > 0)
    throw new ApiError('InvalidRequestException', `Invalid request: ${problems.join(', ')}`);
  const given = Object.entries(body as object).filter(([, member]) => member !== null);
  return Object.fromEntries(given);
}

/**
 * The type number inside the SDK's wrappers: `[() => schema, traits]` around a member, `[0, …, schema]` around a
 * named string.
 */
function bareSchema(schema: unknown): unknown {
  if (typeof schema === 'function') return bareSchema((schema as () => unknown)());
  if (!Array.isArray(schema)) return schema;
  return bareSchema(schema.length === 2 ? schema[0] : schema.at(-1));
}
