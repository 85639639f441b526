import { defined } from '../defined.ts';
import { fingerprintOf } from '../oauth/tokenSet.ts';
import { historyOf } from './refreshHistory.ts';
import { isUsable } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import type { Session } from './session.ts';

/**
 * A new session with data of the one that it replaces: the preference, the places of allowed programs, and the
 * history. `failed` are earlier failed attempts in this window.
 * @param replacesAccount whether another person may be behind it: programs must be allowed again
 */
export function carryOver(
  session: Session,
  replaced: Session | undefined,
  failed: readonly FailedAttempt[],
  replacesAccount = false,
): Session {
  const { preferredAt, programPlaces, ...before } = replaced ?? {};
  const history = historyOf(before, failed);
  return {
    ...session,
    ...defined({ preferredAt, programPlaces: replacesAccount ? undefined : programPlaces }),
    ...(history.length === 0 ? {} : { history }),
  };
}

/**
 * An ended session without tokens that are no longer served at `now` (epoch milliseconds): the refresh token,
 * and expired access and ID tokens. A fingerprint still identifies the entry in the AWS CLI's cache.
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
