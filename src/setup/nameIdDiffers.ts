import { fact } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { Translator } from './translator.ts';

/** Texts for a SAML response whose `nameId` differs from the person's `directoryName`. */
export function nameIdDiffers(l10n: Translator) {
  return (result: CheckResult) => ({
    found: l10n.t(
      'The identity provider sent the name {0}. The person’s username in IAM Identity Center is {1}.',
      fact(result, 'nameId'),
      fact(result, 'directoryName'),
    ),
    next: l10n.t(
      'Set the username format in the identity provider so that both are the same. In Okta, it’s the application username format.',
    ),
  });
}
