import type { Translator } from '../translator.ts';

/** The check that verifies the Region for AWS's APIs. */
export const regionCheck = 'identityCenter.deviceAuthorization';

/** Checks of the place in which AWS's APIs are called: in a wrong one, an empty response proves nothing. */
export const placeChecks = ['identityCenter.startUrl', regionCheck] as const;

/** A mistyped start URL does not prevent reads: the Region's list of instances then shows the directory. */
export const despitePlace = { 'identityCenter.startUrl': ['notStartUrl'] } as const;

/** Texts for an instance that the profile cannot see. */
export const instanceNotSeen = (l10n: Translator) => ({
  found: l10n.t('This IAM Identity Center instance isn’t visible to the AWS profile.'),
  next: l10n.t('Use a profile in the account that manages IAM Identity Center.'),
});
