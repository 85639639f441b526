import { defined } from '../defined.ts';
import { fingerprintOf } from '../oauth/tokenSet.ts';
import { historyOf } from './refreshHistory.ts';
import { isUsable } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import type { Session } from './session.ts';

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
