import type { Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { isExpiryWarningDue } from './expiryWarning.ts';

type Changing = Pick<Sessions, 'change'>;

/**
 * Makes a session the preferred one of its provider in every window: later than all others, although the clock may have
 * been ahead when they were preferred.
 * @throws SignInError as `Sessions.change`
 */
export async function prefer(sessions: Changing & Pick<Sessions, 'list'>, id: string): Promise<void> {
  const { sessions: all } = await sessions.list();
  const before = all.flatMap((one) => (one.id === id ? [] : (one.preferredAt ?? [])));
  await sessions.change(id, (session, now) => ({
    ...session,
    preferredAt: Math.max(now, ...before.map((at) => at + 1)),
  }));
}

/**
 * Allows programs at a place, as in `programPlaces` of a session, to get its token.
 * @param signedInAt that of the session that the user was asked about
 * @returns false, without a change, if there is a later sign-in by now, maybe with other scopes or another person
 * @throws SignInError as `Sessions.change`
 */
export async function allowPrograms(
  sessions: Changing,
  id: string,
  programPlace: string,
  signedInAt?: number,
): Promise<boolean> {
  return sessions.change(id, (session) =>
    signedInAt === undefined || signedInAt === session.signedInAt
      ? withProgramPlaces(session, programPlace, [programPlace])
      : undefined,
  );
}

/**
 * Reverses {@link allowPrograms}.
 * @throws SignInError as `Sessions.change`
 */
export async function forbidPrograms(sessions: Changing, id: string, programPlace: string): Promise<void> {
  await sessions.change(id, (session) => withProgramPlaces(session, programPlace, []));
}

function withProgramPlaces(
  { programPlaces = [], ...session }: Session,
  programPlace: string,
  instead: readonly string[],
): Session {
  const places = [...programPlaces.filter((place) => place !== programPlace), ...instead];
  return places.length === 0 ? session : { ...session, programPlaces: places };
}

/**
 * Claims the expiry warning of a session for this window; false if another window has claimed it, or if it is
 * no longer due.
 * @throws SignInError as `Sessions.change`
 */
export async function claimExpiryWarning(sessions: Changing, id: string): Promise<boolean> {
  return sessions.change(id, (session, now) =>
    isExpiryWarningDue(now, session) ? { ...session, warnedAt: now } : undefined,
  );
}
