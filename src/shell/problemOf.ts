import { findSignInError } from '../core/errors.ts';
import { errorWords, inOneLine } from './errorWords.ts';
import { inputWords } from './inputWords.ts';

/** The words for what a check throws, or undefined when it passes. A cancelled check is nobody's problem. */
export async function problemOf(check: () => unknown): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || known.kind === 'cancelled') throw error;
    if (known.kind === 'invalidInput') return inputWords(known.facts);
    return inOneLine(errorWords(known));
  }
}
