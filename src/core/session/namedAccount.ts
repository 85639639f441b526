import type { Account } from './session.ts';

/** Marks a name that the user entered, to keep it apart from a server's subject. */
const namedPart = 'name:';

/** The ID of an account that the user named, at a connection whose tokens do not identify a person. */
export function idOfNamed(connectionId: string, name: string): string {
  return `${connectionId} ${namedPart}${name}`;
}

/** Whether the tokens identify the person; if not, another person at the same connection looks the same. */
export function identifiesPerson({ id, name }: Account): boolean {
  return name !== undefined && !id.endsWith(` ${namedPart}${name}`);
}
