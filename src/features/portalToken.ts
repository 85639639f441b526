import { findSignInError } from '../core/oauth/errors.ts';
import type { IdentityCenterSession } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { forAwsCli } from './awsCli.ts';

/** A token that came so lately is not refreshed for a portal that does not know it. */
const youngMilliseconds = 60_000;

/** The ports of {@link atPortal}. */
export interface PortalSessions {
  readonly sessions: Pick<Sessions, 'refresh'>;
  readonly now: () => number;
}

/**
 * Does `ask` with the token of a session. Where the portal does not know it any more, long before its end (a person or
 * an administrator has ended the portal session), it is refreshed and asked once more: only the answer to the refresh
 * tells whether the sign-in is over.
 * @throws SignInError as `ask`, or as the refresh
 */
export async function atPortal<T>(
  { sessions, now }: PortalSessions,
  session: IdentityCenterSession,
  ask: (session: IdentityCenterSession) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await ask(session);
  } catch (error) {
    const isUnknown = findSignInError(error)?.kind === 'signInNeeded';
    if (!isUnknown || now() - session.tokenSet.obtainedAt < youngMilliseconds) throw error;
    const refreshed = forAwsCli(await sessions.refresh(session.id, signal));
    if (refreshed === undefined) throw error;
    return ask(refreshed);
  }
}
