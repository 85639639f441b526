import { errorEffects, findSignInError } from '../core/oauth/errors.ts';
import type { ErrorGroup, SignInError } from '../core/oauth/errors.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive } from './checkResult.ts';
import type { SetupInputs } from './setupPorts.ts';

/** Error groups that prove nothing about the setup: temporary or local failures. */
export const unseenGroups: readonly ErrorGroup[] = ['transient', 'environment', 'local'];

/**
 * The user's report when the browser did not return from a test sign-in: the `reason` of its `cancelled`
 * error. Only the user can see an error page in the browser.
 */
export type BrowserAnswer = 'providerErrorPage' | 'serviceErrorPage' | 'notAssignedPage' | 'stopped';

/** The session of the test sign-in, or a result if it failed. */
export async function testSignIn({ lookups }: CheckContext) {
  try {
    return await lookups.testSignIn();
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    const unfinished = unfinishedSignIn(known);
    if (unfinished !== undefined) return unfinished;
    const isUnknown = known.kind === 'notAssigned' || unseenGroups.includes(errorEffects[known.kind].group);
    return isUnknown
      ? inconclusive('couldNotAsk', {}, known)
      : fail('signInFailed', { words: known.details.description }, known);
  }
}

/**
 * The result of a test sign-in that was not completed; undefined if it was. An error page that the user saw is
 * a failure; a browser that merely did not return proves nothing.
 */
export function unfinishedSignIn(known: SignInError) {
  if (hasExpired(known)) return inconclusive('signInNotCompleted');
  if (known.kind !== 'cancelled') return undefined;
  switch (known.details.reason) {
    case 'providerErrorPage':
      return fail('providerErrorPage');
    case 'serviceErrorPage':
      return fail('serviceErrorPage');
    case 'notAssignedPage':
      return fail('notAssignedPage');
    case 'stopped':
      return inconclusive('signInStopped');
    case 'browserOpened':
      return inconclusive('signInNotCompleted');
    default:
      return inconclusive('notSignedIn');
  }
}

/** The newest tokens of the test sign-in, or the result of a check that needs them. */
export async function testTokens({ lookups, signal }: CheckContext) {
  try {
    const signedIn = await lookups.testSignIn();
    return await signedIn.validTokens(signal);
  } catch (error) {
    const known = findSignInError(error);
    const unfinished = known === undefined ? undefined : unfinishedSignIn(known);
    if (unfinished === undefined) return inconclusive('signInFailed', {}, known);
    return unfinished.state === 'fail' ? inconclusive('signInFailed') : unfinished;
  }
}

/** The header with which AWS's own clients mark a token that Okta issued. */
export function tokenTypeHeader({ oktaClient: okta }: SetupInputs): Readonly<Record<string, string>> {
  return okta === undefined ? {} : { tokentype: 'EXTERNAL_IDP' };
}

/** Whether the sign-in timed out, as opposed to a code that the server refused. */
function hasExpired({ kind, details: { reason } }: SignInError): boolean {
  return kind === 'codeExpired' && reason !== 'codeRefused';
}
