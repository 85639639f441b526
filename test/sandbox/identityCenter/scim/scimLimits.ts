import { ScimError } from './scimError.ts';

/** Maximum number of results in a list response, which has only one page. */
export const LIST_LIMIT = 50;
/** Maximum number of membership changes per request. */
const MEMBERSHIP_LIMIT = 100;

/** Attribute combinations allowed in a filter (developer guide, ListUsers and ListGroups). */
const FILTERS: Readonly<Record<'Users' | 'Groups', readonly (readonly string[])[]>> = {
  Users: [['userName'], ['externalId'], ['id', 'manager']],
  Groups: [['displayName'], ['externalId'], ['id', 'members']],
};

/**
 * Parses a filter into attributes and values. The service supports only `eq` and `and`.
 * @throws {ScimError} 400
 */
export function parseFilter(kind: 'Users' | 'Groups', filter: string): ReadonlyMap<string, string> {
  const parts = filter.trim().split(/\s+and\s+/i);
  const values = new Map<string, string>();
  for (const part of parts) {
    const [, attribute = '', value = ''] = /^(\w+)\s+eq\s+"((?:[^"\\]|\\.)*)"$/i.exec(part) ?? [];
    if (attribute === '') throw new ScimError(400);
    values.set(
      attribute.toLowerCase() === 'member' ? 'members' : attribute,
      JSON.parse(`"${value}"`) as string,
    );
  }
  const names = [...values.keys()].map((name) => name.toLowerCase()).sort();
  const known = FILTERS[kind].find((allowed) => {
    return allowed.length === names.length && allowed.every((name) => names.includes(name.toLowerCase()));
  });
  if (known === undefined || values.size !== parts.length) throw new ScimError(400);
  const entries = [...values].map(([name, value]): [string, string] => [
    known.find((each) => each.toLowerCase() === name.toLowerCase()) ?? name,
    value,
  ]);
  return new Map(entries);
}

/** Rejects parameters that the protocol has but the service does not support. @throws {ScimError} 400 */
export function checkListQuery(query: URLSearchParams): void {
  if (['startIndex', 'attributes', 'excludedAttributes', 'sortBy'].some((name) => query.has(name)))
    throw new ScimError(400);
}

/** Validates a user to create or replace, as the service does. @throws {ScimError} 400 */
export function checkUser(attributes: Readonly<Record<string, unknown>>): void {
  const name = attributes['name'] as Readonly<Record<string, unknown>> | undefined;
  const needed = [
    attributes['userName'],
    attributes['displayName'],
    name?.['givenName'],
    name?.['familyName'],
  ];
  if (needed.some((value) => typeof value !== 'string' || value === '')) throw new ScimError(400);
  // Allow one value of each, and reject photos.
  const lists = ['emails', 'addresses', 'phoneNumbers'].map((list) => attributes[list]);
  if (lists.some((list) => Array.isArray(list) && list.length > 1)) throw new ScimError(400);
}

/** @throws {ScimError} 400 */
export function checkNewGroup(attributes: Readonly<Record<string, unknown>>): void {
  if (countOf(attributes['members']) > MEMBERSHIP_LIMIT) throw new ScimError(400);
}

/**
 * Parses the supported changes of a group: adding and removing members, its name and its external ID. Replacing
 * or removing all members at once is not supported.
 * @throws {ScimError} 400
 */
export function checkGroupPatch(body: unknown): void {
  const operations = (body as { Operations?: unknown } | null)?.Operations;
  if (!Array.isArray(operations)) throw new ScimError(400);
  let changes = 0;
  for (const operation of operations as readonly PatchOperation[]) {
    const { op = '', path, value } = operation;
    const attributes =
      path === undefined ? Object.keys(Object(value) as object) : [path.replace(/\[.*/s, '')];
    if (attributes.some((name) => !['displayName', 'members', 'externalId'].includes(name)))
      throw new ScimError(400);
    if (!attributes.includes('members')) continue;
    const all = path === 'members' ? value : (value as { members?: unknown } | undefined)?.members;
    const isWhole = path === undefined || path === 'members';
    if (op.toLowerCase() === 'replace' && isWhole) throw new ScimError(400);
    if (op.toLowerCase() === 'remove' && isWhole && value === undefined) throw new ScimError(400);
    changes += isWhole ? countOf(all) : 1;
  }
  if (changes > MEMBERSHIP_LIMIT) throw new ScimError(400);
}

interface PatchOperation {
  readonly op?: string;
  readonly path?: string;
  readonly value?: unknown;
}

function countOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
