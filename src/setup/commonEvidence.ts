import type { Translator } from './translator.ts';

/** Names of the evidence that checks of several areas have in common. */
export const commonEvidence = (l10n: Translator) => ({
  account: l10n.t('Signed in as'),
  address: l10n.t('Address'),
  answer: l10n.t('Response'),
  clientId: l10n.t('Client ID'),
  code: l10n.t('Error code'),
  earlierSignIns: l10n.t('Earlier test sign-ins'),
  given: l10n.t('Entered'),
  host: l10n.t('Host'),
  issuer: l10n.t('Issuer'),
  missing: l10n.t('Missing'),
  portalRegion: l10n.t('Region in the address'),
  redirectsTo: l10n.t('Redirects to'),
  region: l10n.t('Region'),
  scopes: l10n.t('Scopes'),
  status: l10n.t('HTTP status'),
  unexpected: l10n.t('Unexpected in the response'),
  words: l10n.t('Server message'),
});

/** Evidence that any check can have. The last four are parts of a sentence and not listed. */
export type CommonEvidence =
  keyof ReturnType<typeof commonEvidence> | 'missingInput' | 'blockedBy' | 'failedBefore' | 'daysLeft';
