import { ScimError } from './scimError.ts';

/** Results in one answer of a list, without a second page. */
export const LIST_LIMIT = 50;
/** Changes of a membership in one request. */
const MEMBERSHIP_LIMIT = 100;

/** The attributes that a filter may name together (developer guide, ListUsers and ListGroups). */
const FILTERS: Readonly<Record<'Users' | 'Groups', readonly (readonly string[])[]>> = {
  Users: [['userName'], ['externalId'], ['id', 'manager']],
  Groups: [['displayName'], ['externalId'], ['id', 'members']],
};

/**
 * The attributes and values of a filter. The service knows `eq` and `and`, and nothing else.
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

/** Parameters that the protocol has and the service refuses. @throws {ScimError} 400 */
export function checkListQuery(query: URLSearchParams): void {
  if (['startIndex', 'attributes', 'excludedAttributes', 'sortBy'].some((name) => query.has(name)))
    throw new ScimError(400);
}

/** What the service wants of a user that is created or replaced. @throws {ScimError} 400 */
export function checkUser(attributes: Readonly<Record<string, unknown>>): void {
  const name = attributes['name'] as Readonly<Record<string, unknown>> | undefined;
  const needed = [
    attributes['userName'],
    attributes['displayName'],
    name?.['givenName'],
    name?.['familyName'],
  ];
  if (needed.some((value) => typeof value !== 'string' || value === '')) throw new ScimError(400);
  // One value of each, and no photos.
  const lists = ['emails', 'addresses', 'phoneNumbers'].map((list) => attributes[list]);
  if (lists.some((list) => Array.isArray(list) && list.length > 1)) throw new ScimError(400);
}

/** @throws {ScimError} 400 */
export function checkNewGroup(attributes: Readonly<Record<string, unknown>>): void {
  if (countOf(attributes['members']) > MEMBERSHIP_LIMIT) throw new ScimError(400);
}

/**
 * The changes that a group takes: some members more or less at a time, its name and its external id. All members at once
 * are neither replaced nor removed.
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
