import { errorEffects, findSignInError } from '../core/oauth/errors.ts';
import type { ErrorGroup } from '../core/oauth/errors.ts';
import type { CheckContext } from './check.ts';
import { fail, inconclusive } from './checkResult.ts';

/** What fails for something on the way, or on this machine, tells nothing about the setup. */
export const unseenGroups: readonly ErrorGroup[] = ['transient', 'environment', 'local'];

/** A test sign-in, or the result that its failure is. */
export async function testSignIn({ lookups }: CheckContext) {
  try {
    return await lookups.testSignIn();
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    if (known.kind === 'cancelled') return inconclusive('notSignedIn');
    const isUnknown = known.kind === 'notAssigned' || unseenGroups.includes(errorEffects[known.kind].group);
    return isUnknown
      ? inconclusive('couldNotAsk', {}, known)
      : fail('signInFailed', { words: known.details.description }, known);
  }
}
