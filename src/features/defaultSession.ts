import type { Session } from '../core/session/session.ts';

/**
 * Sorts a provider's sessions for VS Code: the user's preferred account, then the session with the fewest scopes, so
 * that tools get only what they need, then by ID.
 */
export function byPreference(one: Session, other: Session): number {
  return (
    (other.preferredAt ?? 0) - (one.preferredAt ?? 0) ||
    one.tokenSet.scopes.length - other.tokenSet.scopes.length ||
    (one.id < other.id ? -1 : 1)
  );
}

/** Whether an extension that names no account gets this session; false if it is the only one. */
export function isDefault(session: Session, all: readonly Session[]): boolean {
  const ofType = all.filter(({ type }) => type === session.type);
  const live = ofType.filter(({ ended }) => ended === undefined);
  const [first] = (live.length === 0 ? ofType : live).sort(byPreference);
  return ofType.length > 1 && first?.id === session.id;
}
