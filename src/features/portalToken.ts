import { findSignInError } from '../core/oauth/errors.ts';
import type { IdentityCenterSession } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { forAwsCli } from './awsCli.ts';

/** A younger token is not refreshed if the portal rejects it. */
const youngMilliseconds = 60_000;

/** The ports of {@link atPortal}. */
export interface PortalSessions {
  readonly sessions: Pick<Sessions, 'refresh'>;
  readonly now: () => number;
}

/**
 * Calls `ask` with a session's token. If the portal rejects the token long before its expiration, because a
 * user or administrator ended the portal session, refreshes it and calls `ask` again: only the refresh tells
 * whether the session is over.
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
