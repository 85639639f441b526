import type { SignInErrorKind } from '../core/oauth/errors.ts';
import { expiryWarningAt } from './expiryWarning.ts';
import { countsFor, isUsable, needsPerson, usableUntil } from '../core/session/refreshPolicy.ts';
import type { FailedAttempt } from '../core/session/refreshPolicy.ts';
import type { LostSession, Session } from '../core/session/session.ts';
import type { StoredSessions } from '../core/session/sessionStore.ts';

/** How all stored sessions stand together. */
export interface SessionStatus extends StoredSessions {
  /**
   * `needsYou`: only a person can go on with one of them; `offline`: the network is away; `notRefreshed`: one of them
   * has no token to hand out for another reason that passes. The last two ask nothing of the person.
   */
  readonly state: 'signedOut' | 'signedIn' | 'several' | 'needsYou' | 'offline' | 'notRefreshed';
  /** Those that have nothing to hand out before a new sign-in, in the order of the list. */
  readonly needed: readonly (Session | LostSession)[];
}

type FailureOf = (id: string) => FailedAttempt | undefined;

/** Failures that are the network's, and pass with it. */
const networkKinds: readonly SignInErrorKind[] = ['network', 'timeout', 'proxy'];

/** The state at `now`, epoch milliseconds. `failureOf` is the last failed refresh of a session, if none came after it. */
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

/** Whether a session has no good token and no way to one but a new sign-in. */
export function needsSignIn(now: number, { ended, tokenSet }: Session, failed?: FailedAttempt): boolean {
  if (isUsable(now, tokenSet)) return false;
  return (
    ended !== undefined ||
    tokenSet.refreshToken === undefined ||
    (failed !== undefined && needsPerson(failed.error))
  );
}

/** Whether the last refresh of a session failed for the network: after its token came, which may be another window's. */
function isCutOff({ tokenSet }: Session, failed: FailedAttempt | undefined): boolean {
  return failed !== undefined && failed.at >= tokenSet.obtainedAt && networkKinds.includes(failed.error.kind);
}

/** The next moment after `now` at which the status, or what a person is told, changes by the clock alone. */
export function nextStatusChange(now: number, { sessions }: StoredSessions): number | undefined {
  const moments = sessions
    .flatMap((session) => [usableUntil(session.tokenSet) + 1, expiryWarningAt(session) ?? now])
    .filter((moment) => moment > now);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

function isAllOf(some: readonly Session[], all: readonly Session[]): boolean {
  return all.length > 0 && some.length === all.length;
}
