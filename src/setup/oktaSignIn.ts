import { scopesOf } from '../core/connection/connection.ts';
import { errorEffects, findSignInError } from '../core/oauth/errors.ts';
import type { ErrorGroup } from '../core/oauth/errors.ts';
import { decodeAccessToken } from '../core/oidc/accessToken.ts';
import { parseClientId, parseIssuer } from '../core/oidc/issuer.ts';
import type { CheckContext } from './check.ts';
import type { TestSignIn } from './setupPorts.ts';
import { fail, inconclusive, pass } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';

/** What fails for something on the way, or on this machine, tells nothing about the set-up. */
const unseenGroups: readonly ErrorGroup[] = ['transient', 'environment', 'local'];

/** A test sign-in, or the finding that its failure is. */
async function signIn({ facts }: CheckContext): Promise<TestSignIn | CheckResult> {
  try {
    return await facts.testSignIn();
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    if (known.kind === 'cancelled') return inconclusive('notSignedIn');
    const isUnknown = known.kind === 'notAssigned' || unseenGroups.includes(errorEffects[known.kind].group);
    return isUnknown
      ? inconclusive('couldNotAsk', {}, known)
      : { ...fail('signInFailed', { words: known.details.description }), error: known };
  }
}

function isFinding(outcome: TestSignIn | CheckResult): outcome is CheckResult {
  return 'state' in outcome;
}

/**
 * The test sign-in does not end in *not assigned*. A sign-in that fails for something else tells nothing about
 * assignments.
 */
export async function checkAssignments(context: CheckContext): Promise<CheckResult> {
  const outcome = await signIn(context);
  if (!isFinding(outcome)) return pass({ account: outcome.accountLabel });
  const { kind, details } = outcome.error ?? {};
  if (kind === 'notAssigned') return fail('notAssigned', { words: details?.description });
  return outcome.state === 'fail' ? inconclusive('signInFailed', {}, outcome.error) : outcome;
}

/** The test sign-in brings tokens. */
export async function checkSignIn(context: CheckContext): Promise<CheckResult> {
  const outcome = await signIn(context);
  return isFinding(outcome) ? outcome : pass({ account: outcome.accountLabel });
}

/** What *Token Preview* shows: `iss` with a value, `scp` equal to the scopes, `cid` equal to the client id. */
export async function checkToken(context: CheckContext): Promise<CheckResult> {
  const { okta } = context.inputs;
  const outcome = await signIn(context);
  if (isFinding(outcome) || okta === undefined) return inconclusive('notSignedIn');
  const { iss, scp, cid } = decodeAccessToken(outcome.tokenSet.accessToken);
  // Without a refresh token its scope is missing too; that is the other check's.
  const isWithout = outcome.tokenSet.refreshToken === undefined;
  const scopes = scopesOf(okta).filter((scope) => !isWithout || scope !== 'offline_access');
  const evidence = { claimedIssuer: iss, claimedScopes: scp, claimedClientId: cid };
  if (iss === undefined && scp === undefined) return inconclusive('opaqueToken');
  if (iss !== parseIssuer(okta.issuer)) return fail('issuerClaimDiffers', evidence);
  const granted = (scp ?? []).filter((scope) => !isWithout || scope !== 'offline_access');
  const isEqual = granted.length === scopes.length && scopes.every((scope) => granted.includes(scope));
  if (!isEqual) return fail('scopesDiffer', { ...evidence, scopes });
  return cid === parseClientId(okta.clientId) ? pass(evidence) : fail('clientClaimDiffers', evidence);
}

/** The application has the *Refresh Token* grant: the sign-in brought a refresh token. */
export async function checkRefreshToken(context: CheckContext): Promise<CheckResult> {
  const outcome = await signIn(context);
  if (isFinding(outcome)) return inconclusive('notSignedIn');
  return outcome.tokenSet.refreshToken === undefined ? fail('noRefreshToken') : pass();
}

/** One refresh works; how long a token lives, and whether a refresh brings a new refresh token. */
export async function checkLifetimes(context: CheckContext): Promise<CheckResult> {
  const outcome = await signIn(context);
  if (isFinding(outcome)) return inconclusive('notSignedIn');
  const { tokenSet } = outcome;
  const accessTokenSeconds = Math.round((tokenSet.expiresAt - tokenSet.obtainedAt) / 1000);
  try {
    const renewed = await outcome.renew(context.signal);
    const rotation = renewed.refreshToken === tokenSet.refreshToken ? 'notSeen' : 'seen';
    return pass({ accessTokenSeconds, rotation });
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || known.kind === 'cancelled') throw error;
    return unseenGroups.includes(errorEffects[known.kind].group)
      ? inconclusive('couldNotAsk', { accessTokenSeconds }, known)
      : { ...fail('refreshFailed', { accessTokenSeconds, words: known.details.description }), error: known };
  }
}
