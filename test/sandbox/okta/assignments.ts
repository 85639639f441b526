import type { Group, Person } from '../people.ts';

/** The two applications of the setup: one for sign-in, one for SAML and SCIM. */
export type Application = 'oidc' | 'saml';

/** The *Assignments* tabs of the two applications: users are assigned directly or through a group. */
export interface Assignments {
  isAssigned(application: Application, username: string): boolean;
  /** @param subject a user's username, or a group's name */
  assign(application: Application, subject: string): void;
  unassign(application: Application, subject: string): void;
  /** All assigned users, directly or through a group. */
  usernames(application: Application): readonly string[];
}

export function createAssignments(people: readonly Person[], groups: readonly Group[]): Assignments {
  const assigned: Readonly<Record<Application, Set<string>>> = {
    oidc: new Set(people.filter((person) => person.assignedInOkta).map(({ username }) => username)),
    saml: new Set(groups.map(({ displayName }) => displayName)),
  };

  const isAssigned = (application: Application, username: string): boolean =>
    assigned[application].has(username) ||
    groups.some((group) => assigned[application].has(group.displayName) && group.members.includes(username));

  return {
    isAssigned,
    assign: (application, subject) => void assigned[application].add(subject),
    unassign: (application, subject) => void assigned[application].delete(subject),
    usernames: (application) =>
      people.map(({ username }) => username).filter((username) => isAssigned(application, username)),
  };
}
