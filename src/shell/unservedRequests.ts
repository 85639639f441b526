import type { Connection } from '../core/connection/connection.ts';
import { missingRights } from '../core/session/rights.ts';
import type { Session } from '../core/session/session.ts';

interface UnservedRequest {
  readonly scopes: readonly string[];
  /** Whether the request's pseudo-scopes, if any, select a connection. */
  readonly isChosen: (connection: Connection) => boolean;
}

/** Maximum number of remembered requests, the newest ones; no editor has as many tools. */
const maxUnserved = 50;

/**
 * Remembers requests that no session could serve. VS Code shows *Sign in to use …* in its Accounts menu until a
 * session is announced with exactly the requested scopes.
 */
export function createUnservedRequests() {
  const requests = new Map<string, UnservedRequest>();
  return {
    /** Remembers a request; the order of its scopes does not matter. */
    add: (scopes: readonly string[], isChosen: UnservedRequest['isChosen']): void => {
      const key = [...scopes].sort().join(' ');
      requests.delete(key); // The newest last.
      requests.set(key, { scopes, isChosen });
      const [oldest = key] = requests.keys();
      if (requests.size > maxUnserved) requests.delete(oldest);
    },
    /** Removes and returns the requests that added or changed `sessions` serve, each with its session. */
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
