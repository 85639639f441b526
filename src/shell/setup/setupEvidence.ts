import { env, l10n } from 'vscode';
import type { Evidence, EvidenceName } from '../../setup/checkResult.ts';

/** A fact in words: its name, and its values one by one. */
export interface EvidenceWords {
  readonly name: string;
  readonly values: readonly string[];
}

export function evidenceWords({ name, value }: Evidence): EvidenceWords | undefined {
  if (name === 'missingInput' || name === 'blockedBy') return undefined; // The sentence has them already.
  return { name: nameWords(name), values: valuesOf(name, value) };
}

function valuesOf(name: EvidenceName, value: Evidence['value']): readonly string[] {
  if (typeof value === 'object') return value;
  if (name.endsWith('At') && typeof value === 'number')
    return [new Date(value).toLocaleString(env.language, { dateStyle: 'medium', timeStyle: 'short' })];
  switch (name) {
    case 'accessTokenSeconds':
      return [l10n.t('{0} min', Math.round(Number(value) / 60))];
    case 'rotation':
      return [
        value === 'seen'
          ? l10n.t('a refresh brought a new refresh token')
          : l10n.t('the refresh token stayed the same'),
      ];
    case 'active':
      return [value === 'true' ? l10n.t('yes') : l10n.t('no')];
    default:
      return [String(value)];
  }
}

function nameWords(name: EvidenceName): string {
  switch (name) {
    case 'account':
      return l10n.t('Signed in as');
    case 'acceptedInstead':
      return l10n.t('Registered in its place');
    case 'accessTokenSeconds':
      return l10n.t('The access token lives');
    case 'active':
      return l10n.t('Active');
    case 'address':
      return l10n.t('Address');
    case 'answer':
      return l10n.t('Answer');
    case 'asked':
      return l10n.t('Asked');
    case 'binding':
      return l10n.t('Binding');
    case 'certificateEndsAt':
      return l10n.t('Certificate valid until');
    case 'certificateStartsAt':
      return l10n.t('Certificate valid from');
    case 'character':
      return l10n.t('Character');
    case 'claimedClientId':
      return l10n.t('Client in the token (cid)');
    case 'claimedIssuer':
      return l10n.t('Issuer in the token (iss)');
    case 'claimedScopes':
      return l10n.t('Scopes in the token (scp)');
    case 'clientId':
      return l10n.t('Client id');
    case 'code':
      return l10n.t('Error code');
    case 'dnsName':
      return l10n.t('Name in the DNS');
    case 'entityId':
      return l10n.t('Entity id');
    case 'expiredCertificateEndedAt':
      return l10n.t('Earlier certificate expired');
    case 'metadataEndsAt':
      return l10n.t('Metadata valid until');
    case 'nextCertificateStartsAt':
      return l10n.t('Next certificate valid from');
    case 'fingerprint':
      return l10n.t('Fingerprint (SHA-256)');
    case 'foundElsewhere':
      return l10n.t('Found at');
    case 'foundRecords':
      return l10n.t('TXT records that are there');
    case 'freePorts':
      return l10n.t('Free');
    case 'given':
      return l10n.t('Given');
    case 'grants':
      return l10n.t('Announced grant types');
    case 'group':
      return l10n.t('Group');
    case 'host':
      return l10n.t('Host');
    case 'issuer':
      return l10n.t('Issuer');
    case 'missing':
      return l10n.t('Missing');
    case 'namedIssuer':
      return l10n.t('Issuer in the metadata');
    case 'notKnown':
      return l10n.t('Not known');
    case 'partition':
      return l10n.t('Partition');
    case 'person':
      return l10n.t('Person');
    case 'portalRegion':
      return l10n.t('Region in the address');
    case 'refusedScopes':
      return l10n.t('Scopes that were refused, as they should be');
    case 'region':
      return l10n.t('Region');
    case 'registered':
      return l10n.t('Registered');
    case 'rotation':
      return l10n.t('Rotation');
    case 'scopes':
      return l10n.t('Scopes');
    case 'status':
      return l10n.t('HTTP status');
    case 'suggestedAddress':
      return l10n.t('Better');
    case 'takenPorts':
      return l10n.t('Taken');
    case 'tokenEndsAt':
      return l10n.t('The token ends');
    case 'words':
      return l10n.t('The server’s words');
    case 'missingInput':
    case 'blockedBy':
      return '';
  }
}
