import type { Session } from '../core/session/session.ts';

/** A person is told in the last fifth of a token's life, ten minutes at most, when nothing comes after it. */
const warningFraction = 0.2;
const warningMilliseconds = 10 * 60_000;

type Ending = Pick<Session, 'ended' | 'tokenSet' | 'warnedAt'>;

/** From when on a person is told that a session ends, epoch milliseconds; undefined for one that can be refreshed. */
export function expiryWarningAt({ ended, tokenSet }: Ending): number | undefined {
  if (ended === undefined && tokenSet.refreshToken !== undefined) return undefined;
  const { obtainedAt, expiresAt } = tokenSet;
  return expiresAt - Math.min((expiresAt - obtainedAt) * warningFraction, warningMilliseconds);
}

/** Whether a person is to be told now: not before, not after its end, and once over all windows. */
export function isExpiryWarningDue(now: number, session: Ending): boolean {
  const at = expiryWarningAt(session);
  const { tokenSet, warnedAt } = session;
  const isTold = warnedAt !== undefined && warnedAt >= tokenSet.obtainedAt;
  return at !== undefined && !isTold && now >= at && now < tokenSet.expiresAt;
}
