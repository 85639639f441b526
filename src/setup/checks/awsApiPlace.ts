import type { Translator } from '../translator.ts';

/** The check that shows that the Region is right, which AWS's APIs are asked in. */
export const regionCheck = 'identityCenter.deviceAuthorization';

/** Where AWS's APIs are asked: in a wrong place they have nothing, which says nothing of the setup. */
export const placeChecks = ['identityCenter.startUrl', regionCheck] as const;

/** What a check says where the profile does not see the instance. */
export const instanceNotSeen = (l10n: Translator) => ({
  found: l10n.t('This IAM Identity Center instance isn’t visible to the AWS profile.'),
  next: l10n.t('Use a profile in the account that manages IAM Identity Center.'),
});
