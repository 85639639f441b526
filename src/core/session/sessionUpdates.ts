import { isExpiryWarningDue } from './expiryWarning.ts';
import { historyOf } from './refreshHistory.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { overError } from './session.ts';
import type { Session } from './session.ts';
import { storedSession } from './sessionStore.ts';
import type { SessionStore } from './sessionStore.ts';
import { defined } from '../defined.ts';

/** What a window writes into a session beside its tokens, for all windows. */
export type SessionUpdate = { readonly preferredAt: number } | { readonly warnedAt: number };

/**
 * With the session's lock held: writes a mark into its record. False for a warning that another window has said, or
 * that is not due any more.
 * @throws SignInError `signInNeeded` when the session is gone, `storage` when only another window can write it
 */
export async function updateUnderLock(
  store: SessionStore,
  id: string,
  mark: SessionUpdate,
): Promise<boolean> {
  const { session, newest } = await storedSession(store, id);
  if (!newest) throw overError(session);
  if ('warnedAt' in mark && !isExpiryWarningDue(mark.warnedAt, session)) return false;
  await store.put({ ...session, ...mark });
  return true;
}

/**
 * A session that a person has just signed in to, with what stays of the one whose place it takes: the preference and the
 * history. `failed` are the tries of this window that failed before.
 */
export function carryOver(
  session: Session,
  replaced: Session | undefined,
  failed: readonly FailedAttempt[],
): Session {
  const { preferredAt, ...before } = replaced ?? {};
  const history = historyOf(before, failed);
  return {
    ...session,
    ...defined({ preferredAt }),
    ...(history.length === 0 ? {} : { history }),
  };
}
