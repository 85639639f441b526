import { errorEffects, findSignInError } from '../core/oauth/errors.ts';
import type { ErrorGroup, SignInError } from '../core/oauth/errors.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive } from './checkResult.ts';

/** What fails for something on the way, or on this machine, tells nothing about the setup. */
export const unseenGroups: readonly ErrorGroup[] = ['transient', 'environment', 'local'];

/**
 * What a person says that the browser showed, where a test sign-in did not come back from it: the `reason` of the `cancelled` that
 * it ends in. A page of an error tells nothing to this machine, so only the person knows.
 */
export type BrowserAnswer = 'providerErrorPage' | 'serviceErrorPage' | 'notAssignedPage' | 'stopped';

/** A test sign-in, or the result that its failure is. */
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
 * The result of a test sign-in that was not completed; undefined where it ended in an answer. An error page that a person saw is a
 * failed sign-in; a browser that merely did not come back shows nothing to be right or wrong.
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

/** The result of a check that needs the tokens of a test sign-in which brought none. */
export function withoutTokens(error: unknown) {
  const known = findSignInError(error);
  const unfinished = known === undefined ? undefined : unfinishedSignIn(known);
  if (unfinished === undefined) return inconclusive('signInFailed', {}, known);
  return unfinished.state === 'fail' ? inconclusive('signInFailed') : unfinished;
}

/** Whether the time ran out; a code that the server refused is another matter. */
function hasExpired({ kind, details: { code, reason } }: SignInError): boolean {
  return kind === 'codeExpired' && code !== 'invalid_grant' && reason !== 'codeRefused';
}
