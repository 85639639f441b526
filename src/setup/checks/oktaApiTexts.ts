import { oktaApiEvidence } from '../oktaApi.ts';
import type { Translator } from '../translator.ts';

/** Texts for an inactive application. */
export const applicationInactive = (l10n: Translator) => ({
  found: l10n.t('The application isn’t active in Okta.'),
  next: l10n.t('Activate it.'),
});
/** Texts for a response without the settings, which proves nothing. */
export const settingsMissing = (l10n: Translator) => ({
  found: l10n.t('Okta’s response doesn’t contain these settings.'),
  next: l10n.t('Compare the settings with the console.'),
});
/** Names of the evidence about an application in Okta. */
export const labels = (l10n: Translator) => ({
  ...oktaApiEvidence(l10n),
  label: l10n.t('Name in Okta'),
  labels: l10n.t('Names in Okta'),
  applicationStatus: l10n.t('Status'),
});
