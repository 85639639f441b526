import type { Owner } from './check.ts';
import type { Translator } from './translator.ts';

/** The display name of an owner. */
export function ownerName(l10n: Translator, owner: Owner): string {
  const names: Readonly<Record<Owner, string>> = {
    oktaAdministrator: l10n.t('Okta administrator'),
    awsAdministrator: l10n.t('AWS administrator'),
    dnsAdministrator: l10n.t('DNS administrator'),
    identityAdministrator: l10n.t('identity provider administrator'),
    you: l10n.t('you'),
  };
  return names[owner];
}
