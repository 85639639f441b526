import { isExpiryWarningDue } from './expiryWarning.ts';
import { historyOf } from './refreshHistory.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { overError } from './session.ts';
import type { Session } from './session.ts';
import { storedSession } from './sessionStore.ts';
import type { SessionStore } from './sessionStore.ts';

/** What a window writes into a session beside its tokens, for all windows. */
export type SessionUpdate =
  { readonly preferredAt: number } | { readonly warnedAt: number } | { readonly awsCliAsked: true };

/**
 * With the session's lock held: writes a mark into its record. False for a warning that another window has said, or
 * that is not due any more, and for a question that another window has asked.
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
  if ('awsCliAsked' in mark) {
    if (session.type !== 'identityCenter') return false;
    const { awsCli } = session;
    if (awsCli?.paused === undefined || awsCli.asked === true) return false;
    await store.put({ ...session, awsCli: { ...awsCli, asked: true } });
    return true;
  }
  await store.put({ ...session, ...mark });
  return true;
}

/**
 * A session that a person has just signed in to, with what stays of the one whose place it takes: the preference and the
 * history. `failed` are the tries of this window that failed before.
 */
export async function carryOver(
  store: SessionStore,
  session: Session,
  failed: readonly FailedAttempt[],
): Promise<Session> {
  const stored = await store.get(session.id).catch(() => undefined);
  const { preferredAt, ...before } = stored?.session ?? {};
  const history = historyOf(before, failed);
  return {
    ...session,
    ...(preferredAt === undefined ? {} : { preferredAt }),
    ...(history.length === 0 ? {} : { history }),
  };
}
