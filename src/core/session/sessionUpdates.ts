import { defined } from '../defined.ts';
import { fingerprintOf } from '../oauth/tokenSet.ts';
import { isExpiryWarningDue } from './expiryWarning.ts';
import { historyOf } from './refreshHistory.ts';
import { isUsable } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import { overError } from './session.ts';
import type { Session } from './session.ts';
import { storedSession } from './sessionStore.ts';
import type { SessionStore } from './sessionStore.ts';

/** What a window writes into a session beside its tokens, for all windows. */
export type SessionUpdate =
  | { readonly preferredAt: number }
  | { readonly warnedAt: number }
  | { readonly programPlace: string; readonly isAllowed: boolean };

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
  await store.put('programPlace' in mark ? withProgramPlace(session, mark) : { ...session, ...mark });
  return true;
}

/** Whether the programs at one place may have the token of a session; at other places, as before. */
function withProgramPlace(
  { programPlaces = [], ...session }: Session,
  { programPlace, isAllowed }: { readonly programPlace: string; readonly isAllowed: boolean },
): Session {
  const others = programPlaces.filter((place) => place !== programPlace);
  const places = isAllowed ? [...others, programPlace] : others;
  return places.length === 0 ? session : { ...session, programPlaces: places };
}

/**
 * A session that a person has just signed in to, with what stays of the one whose place it takes: the preference, the
 * terminals that may ask for its token, and the history. `failed` are the tries of this window that failed before.
 */
export function carryOver(
  session: Session,
  replaced: Session | undefined,
  failed: readonly FailedAttempt[],
): Session {
  const { preferredAt, programPlaces, ...before } = replaced ?? {};
  const history = historyOf(before, failed);
  return {
    ...session,
    ...defined({ preferredAt, programPlaces }),
    ...(history.length === 0 ? {} : { history }),
  };
}

/**
 * A session that is over with nothing but what is still handed out at `now`: no refresh token, and no access token or
 * ID token past their end. What was left in the cache of the AWS CLI is known by its name from then on.
 */
export async function withoutDeadTokens<T extends Session>(now: number, session: T): Promise<T> {
  const { refreshToken: _spent, ...served } = session.tokenSet;
  if (isUsable(now, served)) return { ...session, tokenSet: served };
  const { idToken: _expired, ...rest } = served;
  const { awsCli } = session;
  const left =
    awsCli !== undefined && served.accessToken !== ''
      ? { left: await fingerprintOf(served.accessToken) }
      : {};
  return {
    ...session,
    tokenSet: { ...rest, accessToken: '' },
    ...(awsCli === undefined ? {} : { awsCli: { ...awsCli, ...left } }),
  };
}

/**
 * With the session's lock held: takes out of its record what {@link withoutDeadTokens} leaves out.
 * @throws SignInError as {@link storedSession}
 */
export async function dropDeadTokens(store: SessionStore, id: string, now: number): Promise<void> {
  const { session, newest } = await storedSession(store, id);
  if (newest && session.ended !== undefined) await store.put(await withoutDeadTokens(now, session));
}
