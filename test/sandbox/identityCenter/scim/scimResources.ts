import SCIMMY from 'scimmy';
import { type IdentityStore, type StoredGroup, type StoredUser, TakenNameError } from './identityStore.ts';
import { ScimError } from './scimError.ts';
import { checkNewGroup, checkUser, LIST_LIMIT } from './scimLimits.ts';

/**
 * The instance that a library call is for: the library's declarations are global to the process, but there are
 * several sandboxes.
 */
export interface ScimContext {
  readonly store: IdentityStore;
  /** The parsed filter of a list. */
  readonly filter?: ReadonlyMap<string, string>;
  /** Whether to include members. The service omits them when reading; a change needs the existing ones. */
  readonly withMembers?: boolean;
}

type Attributes = Record<string, unknown>;

const { User, Group } = SCIMMY.Resources;

User.extend(SCIMMY.Schemas.EnterpriseUser);
SCIMMY.Resources.declare(User, {
  ingress: (resource: { id?: string }, instance: object, { store }: ScimContext) => {
    const attributes = attributesOf(instance);
    if (resource.id !== undefined && !store.users().some(({ id }) => id === resource.id)) throw notFound();
    return refusing(() => {
      checkUser(attributes);
      return userAsScim(store.saveUser(resource.id, attributes));
    });
  },
  egress: (resource: { id?: string }, { store, filter }: ScimContext) => {
    const users = store.users().filter((user) => userMatches(user, filter));
    return chosen(users.map(userAsScim), resource.id);
  },
  degress: (resource: { id?: string }, { store }: ScimContext) => {
    if (!store.users().some(({ id }) => id === resource.id)) throw notFound();
    store.remove(resource.id ?? '');
  },
});
SCIMMY.Resources.declare(Group, {
  ingress: (resource: { id?: string }, instance: object, { store }: ScimContext) => {
    const { members, ...attributes } = attributesOf(instance);
    const ids = Array.isArray(members)
      ? (members as { value?: unknown }[]).map(({ value }) => String(value))
      : [];
    if (ids.some((member) => !store.users().some(({ id }) => id === member))) throw notFound();
    return refusing(() => {
      if (resource.id === undefined) checkNewGroup({ members });
      return groupAsScim(store.saveGroup(resource.id, attributes, ids), true);
    });
  },
  egress: (resource: { id?: string }, { store, filter, withMembers = false }: ScimContext) => {
    const groups = store.groups().filter((group) => groupMatches(group, filter));
    return chosen(
      groups.map((group) => groupAsScim(group, withMembers)),
      resource.id,
    );
  },
  degress: (resource: { id?: string }, { store }: ScimContext) => {
    if (!store.groups().some(({ id }) => id === resource.id)) throw notFound();
    store.remove(resource.id ?? '');
  },
});

/** The library's resource types, with declared inputs and outputs. */
export const scimResources = { Users: User, Groups: Group } as const;

/** The library's documents about schemas and resource types. */
export const scimDescriptions = {
  Schemas: SCIMMY.Resources.Schema,
  ResourceTypes: SCIMMY.Resources.ResourceType,
} as const;

/** An error of the library, with its status. */
export function isLibraryError(error: unknown): error is Error & { readonly status: number } {
  return error instanceof SCIMMY.Types.Error;
}

function userAsScim({ id, attributes, active }: StoredUser): Attributes & { id: string } {
  return { ...attributes, id, active };
}

function groupAsScim(
  { id, attributes, members }: StoredGroup,
  withMembers: boolean,
): Attributes & { id: string } {
  return { ...attributes, id, members: withMembers ? members.map((value) => ({ value })) : [] };
}

function userMatches({ id, userName, attributes }: StoredUser, filter: ScimContext['filter']): boolean {
  const enterprise = attributes[SCIMMY.Schemas.EnterpriseUser.definition.id] as
    { manager?: { value?: string } } | undefined;
  return matches(filter, {
    id: [id],
    userName: [userName],
    externalId: [attributes['externalId']],
    manager: [enterprise?.manager?.value],
  });
}

function groupMatches(
  { id, displayName, attributes, members }: StoredGroup,
  filter: ScimContext['filter'],
): boolean {
  return matches(filter, {
    id: [id],
    displayName: [displayName],
    externalId: [attributes['externalId']],
    members,
  });
}

/** All of these have `caseExact: false`. */
function matches(
  filter: ScimContext['filter'],
  values: Readonly<Record<string, readonly unknown[]>>,
): boolean {
  return [...(filter ?? [])].every(([name, wanted]) =>
    values[name]?.some((value) => typeof value === 'string' && value.toLowerCase() === wanted.toLowerCase()),
  );
}

/** The resource with this ID, or the first page of all. */
function chosen<T extends { id: string }>(all: readonly T[], id: string | undefined): T | T[] {
  if (id === undefined) return all.slice(0, LIST_LIMIT);
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw notFound();
  return found;
}

/** A plain copy without the members that belong to the message. */
function attributesOf(instance: object): Attributes {
  const {
    schemas: _schemas,
    meta: _meta,
    id: _id,
    ...attributes
  } = JSON.parse(JSON.stringify(instance)) as Attributes;
  return attributes;
}

/** The library passes its own errors through, and turns all others into 404. */
function refusing<T>(save: () => T): T {
  try {
    return save();
  } catch (error) {
    if (error instanceof TakenNameError) throw new SCIMMY.Types.Error(409, 'uniqueness', error.message);
    if (error instanceof ScimError) throw new SCIMMY.Types.Error(error.status, 'invalidValue', error.message);
    throw error;
  }
}

function notFound(): Error {
  return new SCIMMY.Types.Error(404, null as unknown as string, 'Specified resource does not exist.');
}
