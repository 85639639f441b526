import type { Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { isExpiryWarningDue } from './expiryWarning.ts';

type Changing = Pick<Sessions, 'change'>;

/**
 * Makes a session the first of its provider in every window.
 * @throws SignInError as `Sessions.change`
 */
export async function prefer(sessions: Changing, id: string): Promise<void> {
  await sessions.change(id, (session, now) => ({ ...session, preferredAt: now }));
}

/**
 * Lets programs at a place, as `programPlaces` of a session has it, have its token; at other places, as before.
 * @throws SignInError as `Sessions.change`
 */
export async function allowPrograms(sessions: Changing, id: string, programPlace: string): Promise<void> {
  await sessions.change(id, (session) => withProgramPlaces(session, programPlace, [programPlace]));
}

/**
 * Takes {@link allowPrograms} back.
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
 * Takes it on this window to tell a person that a session is about to end; false when another window has, or when
 * it is not about to end any more.
 * @throws SignInError as `Sessions.change`
 */
export async function claimExpiryWarning(sessions: Changing, id: string): Promise<boolean> {
  return sessions.change(id, (session, now) =>
    isExpiryWarningDue(now, session) ? { ...session, warnedAt: now } : undefined,
  );
}
