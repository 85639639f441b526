import type { Connection } from '../core/connection/connection.ts';
import { missingRights } from '../core/session/rights.ts';
import type { Session } from '../core/session/session.ts';

interface UnservedRequest {
  readonly scopes: readonly string[];
  /** Whether the pseudo-scopes of the request, if any, choose a connection. */
  readonly isChosen: (connection: Connection) => boolean;
}

/** So many requests are kept in mind; no editor has as many tools that ask. */
const mostUnserved = 50;

/**
 * The requests that no session could serve. VS Code keeps *Sign in to use …* in its Accounts menu until a session is
 * announced as added with just the scopes that were requested, and no others.
 */
export function createUnservedRequests() {
  const requests = new Map<string, UnservedRequest>();
  return {
    /** Keeps a request in mind; the same scopes count once, in whatever order. */
    add: (scopes: readonly string[], isChosen: UnservedRequest['isChosen']): void => {
      if (requests.size < mostUnserved) requests.set([...scopes].sort().join(' '), { scopes, isChosen });
    },
    /** The requests that the added or changed `sessions` serve, each with the session; they are then forgotten. */
    takeServedBy: (
      sessions: readonly Session[],
    ): { readonly session: Session; readonly scopes: readonly string[] }[] =>
      sessions
        .filter(({ ended }) => ended === undefined)
        .flatMap((session) =>
          [...requests].flatMap(([key, { scopes, isChosen }]) => {
            if (missingRights(session.tokenSet, scopes).length > 0 || !isChosen(session.connection))
              return [];
            requests.delete(key);
            return [{ session, scopes }];
          }),
        ),
  };
}
