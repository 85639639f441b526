import type { Session } from '../core/session/session.ts';

/**
 * Users are warned in the last fifth of a token's life, at most ten minutes before its end, if it cannot be
 * refreshed.
 */
const warningFraction = 0.2;
const warningMilliseconds = 10 * 60_000;

type ExpiringSession = Pick<Session, 'ended' | 'tokenSet' | 'warnedAt'>;

/** Time at which to warn the user that a session ends, epoch milliseconds; undefined if it can be refreshed. */
export function expiryWarningAt({ ended, tokenSet }: ExpiringSession): number | undefined {
  if (ended === undefined && tokenSet.refreshToken !== undefined) return undefined;
  const { obtainedAt, expiresAt } = tokenSet;
  return expiresAt - Math.min((expiresAt - obtainedAt) * warningFraction, warningMilliseconds);
}

/** Whether to warn the user now: before the session ends, and once across all windows. */
export function isExpiryWarningDue(now: number, session: ExpiringSession): boolean {
  const at = expiryWarningAt(session);
  const { tokenSet, warnedAt } = session;
  const isTold = warnedAt !== undefined && warnedAt >= tokenSet.obtainedAt;
  return at !== undefined && !isTold && now >= at && now < tokenSet.expiresAt;
}
