import { l10n } from 'vscode';
import type { SignInError } from '../../core/oauth/errors.ts';
import { errorMessage } from '../errorMessages.ts';

/** The texts of the pages that the browser shows after a redirect. `language` is VS Code's, such as `en`. */
export function loopbackPageTexts(language: string) {
  return {
    language,
    productName: l10n.t('Developer Sign-In'),
    why: (error: SignInError) => errorMessage(error).title,
    pages: {
      signedIn: {
        title: l10n.t('You’re signed in'),
        text: l10n.t('Return to your editor. You can close this tab.'),
      },
      failed: {
        title: l10n.t('Sign-in failed'),
        text: l10n.t('Return to your editor for details. You can close this tab.'),
      },
      notThisSignIn: {
        title: l10n.t('This sign-in has ended'),
        text: l10n.t(
          'This page belongs to an earlier sign-in. Continue in your editor. You can close this tab.',
        ),
      },
      notHere: {
        title: l10n.t('There’s nothing here'),
        text: l10n.t('This address is only used for a moment while you sign in. You can close this tab.'),
      },
    },
  };
}
