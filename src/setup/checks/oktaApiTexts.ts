import { oktaApiEvidence } from '../oktaApi.ts';
import type { Translator } from '../translator.ts';

/** The sentences for an application that does not work for anyone. */
export const applicationInactive = (l10n: Translator) => ({
  found: l10n.t('The application isn’t active in Okta.'),
  next: l10n.t('Activate it.'),
});
/** The sentences for settings that Okta's answer leaves out: none is known to be missing. */
export const settingsNotTold = (l10n: Translator) => ({
  found: l10n.t('Okta’s response doesn’t contain these settings.'),
  next: l10n.t('Compare the settings with the console.'),
});
/** What evidence of an application in Okta is called. */
export const labels = (l10n: Translator) => ({
  ...oktaApiEvidence(l10n),
  label: l10n.t('Name in Okta'),
  labels: l10n.t('Names in Okta'),
  applicationStatus: l10n.t('Status'),
});
