import { isUsable } from '../core/session/refreshPolicy.ts';
import type { Session } from '../core/session/session.ts';
import type { SessionsChange } from '../core/session/sessionStore.ts';

/** The sessions of a provider that VS Code lists. */
export interface ListedSessions {
  /** Those of all stored sessions that VS Code may list; it learns of them with this call. */
  among(stored: readonly Session[]): readonly Session[];
  /** A change as it appears to VS Code. */
  follow(change: SessionsChange): SessionsChange;
}

/**
 * Follows which sessions VS Code knows of. An ended session leaves its list when its token can no longer be served, and
 * comes back with a new sign-in, although the record stays the same one.
 */
export function createListedSessions(): ListedSessions {
  const listed = new Set<string>();
  /** IDs of ended sessions that VS Code has not learned of, or that it was told are gone. */
  const unlisted = new Set<string>();
  const list = ({ id }: Session): void => {
    listed.add(id);
    unlisted.delete(id);
  };
  const drop = ({ id }: Session): void => {
    listed.delete(id);
    unlisted.add(id);
  };
  return {
    among: (stored) => {
      const found = stored.filter(isServed);
      found.forEach(list);
      // The change event about one that was listed before is yet to come.
      stored.filter((one) => !isServed(one) && !listed.has(one.id)).forEach(drop);
      return found;
    },
    follow: ({ added, removed, changed }) => {
      const isUnlisted = ({ id }: Session): boolean => unlisted.has(id);
      const alive = changed.filter(isServed);
      const seen = {
        added: [...added.filter(isServed), ...alive.filter(isUnlisted)],
        removed: [...removed, ...changed.filter((one) => !isServed(one))].filter((one) => !isUnlisted(one)),
        changed: alive.filter((one) => !isUnlisted(one)),
      };
      [...added, ...changed].forEach((one) => (isServed(one) ? list(one) : drop(one)));
      for (const { id } of removed) {
        listed.delete(id);
        unlisted.delete(id);
      }
      return seen;
    },
  };
}

/** Whether a session has a token to serve, now or after a refresh. */
function isServed({ ended, tokenSet }: Session): boolean {
  return ended === undefined || isUsable(Date.now(), tokenSet);
}
