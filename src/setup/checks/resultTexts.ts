import type { SignInError } from '../../core/oauth/errors.ts';
import type { ReasonText, ResultText } from '../check.ts';
import { valuesOf } from '../checkResult.ts';
import type { CheckResult, CommonReason } from '../checkResult.ts';
import { inputTitle } from '../inputTitle.ts';
import type { InputName } from '../setupPorts.ts';
import type { Translator } from '../translator.ts';
import { checksOf } from './index.ts';
import type { Check, CheckId } from './index.ts';

/** The texts of a check's result; `errorText` provides those of its error. */
export function textOf(
  { texts }: Check,
  result: CheckResult,
  l10n: Translator,
  errorText: (error: SignInError) => ResultText,
): ResultText {
  const { reason } = result;
  if (reason === undefined) {
    const { passed = { found: l10n.t('As expected.') } } = texts(l10n);
    return typeof passed === 'function' ? passed(result) : passed;
  }
  const common = commonResults(l10n, errorText);
  const sentences: Readonly<Record<string, ReasonText>> = { ...common, ...texts(l10n).results };
  const text = sentences[reason] ?? common.unclearAnswer;
  return typeof text === 'function' ? text(result) : text;
}

/** Whether a result has a text of its own, beyond the name of its state. */
export function hasSentence({ texts }: Check, { reason }: CheckResult, l10n: Translator): boolean {
  return reason !== undefined || texts(l10n).passed !== undefined;
}

/** The texts of the reasons that any check can have. */
function commonResults(
  l10n: Translator,
  errorText: (error: SignInError) => ResultText,
): Readonly<Record<CommonReason, (result: CheckResult) => ResultText>> {
  return {
    byEye: () => ({
      found: l10n.t('This can’t be checked from here.'),
      next: l10n.t('Check it in the console, then mark it here as verified.'),
    }),
    notGiven: (result) => {
      const names = valuesOf(result, 'missingInput') as readonly InputName[];
      // One is a switch; the others are values to enter.
      const values = names.filter((name) => name !== 'testSignIn');
      if (names.length > 0 && values.length === 0)
        return {
          found: l10n.t('The test sign-in is off.'),
          next: l10n.t('Turn on the test sign-in in the inputs, and run the check again.'),
        };
      return {
        found: l10n.t('Missing input: {0}.', values.map((name) => inputTitle(l10n, name)).join(', ')),
        next:
          values.length === names.length
            ? l10n.t('Run the check again and enter the missing values.')
            : l10n.t('Enter the missing values and turn on the test sign-in.'),
      };
    },
    blocked: (result) => {
      const named = (ids: readonly string[]): string =>
        ids.map((id) => titleOf(id as CheckId, l10n)).join('”, “');
      const failed = valuesOf(result, 'failedBefore');
      if (failed.length > 0)
        return {
          found: l10n.t('Depends on “{0}”, which failed.', named(failed)),
          next: l10n.t('Fix that first.'),
        };
      const open = valuesOf(result, 'blockedBy');
      return open.length > 1
        ? {
            found: l10n.t('Depends on “{0}”, which aren’t verified.', named(open)),
            next: l10n.t('Open those checks to see why.'),
          }
        : {
            found: l10n.t('Depends on “{0}”, which isn’t verified.', named(open)),
            next: l10n.t('Open that check to see why.'),
          };
    },
    couldNotAsk: ({ error }) =>
      error === undefined
        ? { found: l10n.t('The server couldn’t be reached.'), next: l10n.t('Run this check again.') }
        : errorText(error),
    tookTooLong: () => ({
      found: l10n.t('The request timed out.'),
      next: l10n.t('Run this check again.'),
    }),
    unclearAnswer: () => ({
      found: l10n.t('Inconclusive response.'),
      next: l10n.t('Compare the response below with the server’s documentation.'),
    }),
    notSignedIn: () => ({
      found: l10n.t('There was no test sign-in.'),
      next: l10n.t('Run this check again, and complete the sign-in in your browser.'),
    }),
    signInNotCompleted: () => ({
      found: l10n.t('The test sign-in was started but not completed.'),
      next: l10n.t(
        'If the browser showed an error page, check the assignment and the redirect URIs of the application. Otherwise, run this check again.',
      ),
    }),
    signInStopped: () => ({
      found: l10n.t('You stopped the test sign-in.'),
      next: l10n.t('Run this check again, and complete the sign-in in your browser.'),
    }),
    providerErrorPage: () => ({
      found: l10n.t('The browser showed an error page.'),
      next: l10n.t(
        'Check the assignment and the redirect URIs of the application, then run this check again.',
      ),
    }),
    serviceErrorPage: () => ({
      found: l10n.t('The browser showed an error page.'),
      next: l10n.t('Run this check again.'),
    }),
    notAssignedPage: () => ({
      found: l10n.t('The browser showed that this person isn’t assigned.'),
      next: l10n.t('Assign the person or one of their groups to the application.'),
    }),
    signInFailed: ({ error }) =>
      error === undefined
        ? { found: l10n.t('The test sign-in failed.'), next: l10n.t('Run this check again.') }
        : errorText(error),
  };
}

/** A check's title, which is the same in all guides. */
function titleOf(id: CheckId, l10n: Translator): string {
  const check = Object.values(checksOf)
    .flat()
    .find((one) => one.id === id);
  return check?.texts(l10n).title ?? id;
}
