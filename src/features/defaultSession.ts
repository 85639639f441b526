import type { Session } from '../core/session/session.ts';

/**
 * The order in which VS Code gets the sessions of a provider: the account that the person prefers comes first, then the session
 * with the fewest scopes, so that no tool gets more than it needs, and then the order in which they are stored.
 */
export function byPreference(one: Session, other: Session): number {
  return (
    (other.preferredAt ?? 0) - (one.preferredAt ?? 0) ||
    one.tokenSet.scopes.length - other.tokenSet.scopes.length ||
    (one.id < other.id ? -1 : 1)
  );
}

/** Whether this session is the one that an extension gets that names no account; never where there is only one to get. */
export function isDefault(session: Session, all: readonly Session[]): boolean {
  const ofType = all.filter(({ type }) => type === session.type);
  const live = ofType.filter(({ ended }) => ended === undefined);
  const [first] = (live.length === 0 ? ofType : live).sort(byPreference);
  return ofType.length > 1 && first?.id === session.id;
}
