import type { SignInErrorKind } from '../core/oauth/errors.ts';
import { expiryWarningAt } from './expiryWarning.ts';
import { countsFor, isUsable, needsAction, usableUntil } from '../core/session/refreshPolicy.ts';
import type { FailedAttempt } from '../core/session/refreshPolicy.ts';
import type { LostSession, Session } from '../core/session/session.ts';
import type { StoredSessions } from '../core/session/sessionStore.ts';

/** The overall state of all stored sessions. */
export interface SessionStatus extends StoredSessions {
  /**
   * `needsYou`: a session needs the user; `offline`: the network is down; `notRefreshed`: a session has no
   * usable token for another temporary reason. The last two need no action.
   */
  readonly state: 'signedOut' | 'signedIn' | 'several' | 'needsYou' | 'offline' | 'notRefreshed';
  /** Sessions without a usable token until the user signs in, in list order. */
  readonly needed: readonly (Session | LostSession)[];
}

type FailureOf = (id: string) => FailedAttempt | undefined;

/** Error kinds of network failures, which are temporary. */
const networkKinds: readonly SignInErrorKind[] = ['network', 'timeout', 'proxy'];

/**
 * The state at `now`, epoch milliseconds. `failureOf` returns the last failed refresh of a session, unless a
 * later one succeeded.
 */
export function sessionStatus(now: number, stored: StoredSessions, failureOf: FailureOf): SessionStatus {
  const { sessions, lost } = stored;
  const over = sessions.filter((session) => needsSignIn(now, session, failureOf(session.id)));
  const live = sessions.filter((session) => session.ended === undefined && !over.includes(session));
  const cutOff = live.filter((session) => isCutOff(session, failureOf(session.id)));
  const isOffline = cutOff.some(({ tokenSet }) => !isUsable(now, tokenSet)) || isAllOf(cutOff, live);
  const hasNone = live.some(
    ({ id, tokenSet, refusals }) =>
      !isUsable(now, tokenSet) && (failureOf(id) !== undefined || countsFor(tokenSet, refusals)),
  );
  const needed = [...over, ...lost];
  const state =
    needed.length > 0
      ? 'needsYou'
      : isOffline
        ? 'offline'
        : hasNone
          ? 'notRefreshed'
          : sessions.length > 1
            ? 'several'
            : sessions.length > 0
              ? 'signedIn'
              : 'signedOut';
  return { ...stored, state, needed };
}

/** Whether a session has no usable token and cannot get one without a sign-in. */
export function needsSignIn(now: number, { ended, tokenSet }: Session, failed?: FailedAttempt): boolean {
  if (isUsable(now, tokenSet)) return false;
  return (
    ended !== undefined ||
    tokenSet.refreshToken === undefined ||
    (failed !== undefined && needsAction(failed.error))
  );
}

/**
 * Whether the last refresh failed because of the network, after the current token, which may come from another
 * window.
 */
function isCutOff({ tokenSet }: Session, failed: FailedAttempt | undefined): boolean {
  return failed !== undefined && failed.at >= tokenSet.obtainedAt && networkKinds.includes(failed.error.kind);
}

/** The next time after `now` at which the status or a message changes without an event; epoch milliseconds. */
export function nextStatusChange(now: number, { sessions }: StoredSessions): number | undefined {
  const moments = sessions
    .flatMap((session) => [usableUntil(session.tokenSet) + 1, expiryWarningAt(session) ?? now])
    .filter((moment) => moment > now);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function isAllOf(some: readonly Session[], all: readonly Session[]): boolean {
  return all.length > 0 && some.length === all.length;
}
