import { randomUUID } from 'node:crypto';

/** A user or group as written by SCIM. Times are epoch milliseconds. */
interface Stored {
  /** `{identity store}-{UUID}`, as at the service. */
  readonly id: string;
  /** All received attributes in SCIM's spelling, without `id`, `schemas` and `meta`. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface StoredUser extends Stored {
  /** The attribute that a SAML response's `NameID` refers to. */
  readonly userName: string;
  readonly displayName: string;
  /** False after deactivation; an inactive user cannot sign in. */
  readonly active: boolean;
}

export interface StoredGroup extends Stored {
  readonly displayName: string;
  /** User IDs. */
  readonly members: readonly string[];
}

/** Another user has the same `userName`, or another group the same `displayName`. */
export class TakenNameError extends Error {
  override readonly name = 'TakenNameError';
}

/** Users and groups of an instance with an external identity source; only SCIM writes to it. */
export interface IdentityStore {
  /** The prefix of every ID: the `d-…` of the instance, without `d-`. */
  readonly storeId: string;
  users(): readonly StoredUser[];
  groups(): readonly StoredGroup[];
  userNamed(userName: string): StoredUser | undefined;
  groupsOf(userId: string): readonly StoredGroup[];
  /** Creates a user, or replaces all attributes of an existing one. @throws {TakenNameError} */
  saveUser(id: string | undefined, attributes: Readonly<Record<string, unknown>>): StoredUser;
  /** @param members user IDs @throws {TakenNameError} */
  saveGroup(
    id: string | undefined,
    attributes: Readonly<Record<string, unknown>>,
    members: readonly string[],
  ): StoredGroup;
  /** Removes a group, or a user, including from all groups. */
  remove(id: string): void;
  clear(): void;
}

/** @param now epoch milliseconds */
export function createIdentityStore(storeId: string, now: () => number): IdentityStore {
  const users = new Map<string, StoredUser>();
  const groups = new Map<string, StoredGroup>();
  const newId = (): string => `${storeId}-${randomUUID()}`;
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

  return {
    storeId,
    users: () => [...users.values()],
    groups: () => [...groups.values()],
    userNamed: (userName) => [...users.values()].find((user) => same(user.userName, userName)),
    groupsOf: (userId) => [...groups.values()].filter(({ members }) => members.includes(userId)),

    saveUser(id = newId(), attributes) {
      const userName = textIn(attributes, 'userName');
      if ([...users.values()].some((user) => user.id !== id && same(user.userName, userName)))
        throw new TakenNameError('User already exists.');
      const user: StoredUser = {
        id,
        userName,
        displayName: textIn(attributes, 'displayName'),
        active: attributes['active'] !== false,
        attributes,
        createdAt: users.get(id)?.createdAt ?? now(),
        modifiedAt: now(),
      };
      users.set(id, user);
      return user;
    },

    saveGroup(id = newId(), attributes, members) {
      const displayName = textIn(attributes, 'displayName');
      if ([...groups.values()].some((group) => group.id !== id && same(group.displayName, displayName)))
        throw new TakenNameError('Group already exists.');
      const group: StoredGroup = {
        id,
        displayName,
        members: [...new Set(members)],
        attributes,
        createdAt: groups.get(id)?.createdAt ?? now(),
        modifiedAt: now(),
      };
      groups.set(id, group);
      return group;
    },

    remove(id) {
      users.delete(id);
      groups.delete(id);
      for (const group of groups.values())
        groups.set(group.id, { ...group, members: group.members.filter((member) => member !== id) });
    },

    clear() {
      users.clear();
      groups.clear();
    },
  };
}

function textIn(attributes: Readonly<Record<string, unknown>>, name: string): string {
  const value = attributes[name];
  return typeof value === 'string' ? value : '';
}
