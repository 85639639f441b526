import { l10n } from 'vscode';
import { asGeneric, findSignInError } from '../core/oauth/errors.ts';
import { errorMessage, inOneLine } from './errorMessages.ts';
import { inputMessage } from './inputMessages.ts';
import { joinSentences } from '../output/joinSentences.ts';

/**
 * The message for a check's error; undefined if it passes.
 * @param isGeneric as in `ErrorDetails`
 * @throws SignInError `cancelled`, which has no message; or any other error of the check
 */
export async function validationMessage(check: () => unknown, isGeneric?: true): Promise<string | undefined> {
  try {
    await check();
    return undefined;
  } catch (error) {
    const known = findSignInError(isGeneric === true ? asGeneric(error) : error);
    if (known === undefined || known.kind === 'cancelled') throw error;
    if (known.kind === 'invalidInput') return inputMessage(known.details);
    const words = errorMessage(known);
    // While an address is being typed, a typo is likelier than a network failure, and no session is at stake.
    return known.kind === 'network'
      ? joinSentences(words.title, l10n.t('Check the URL, and your network connection or VPN.'))
      : inOneLine(words);
  }
}
