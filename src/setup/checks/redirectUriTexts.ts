import { count } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';
import type { Translator } from '../translator.ts';

/** Texts for redirect URIs of the issuer's own that are not registered. */
export const ownRedirectUrisMissing = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('Unregistered redirect URIs for this issuer: {0}.', count(result, 'missing')),
  next: l10n.t(
    'Register them so that no other server can receive a sign-in meant for this one. Until then, people are asked once whether they trust this server.',
  ),
});

/** Names of the evidence of a check of redirect URIs. */
export const redirectUriEvidence = (l10n: Translator) => ({
  acceptedInstead: l10n.t('Registered instead'),
  registered: l10n.t('Registered'),
  notKnown: l10n.t('Not known'),
});
