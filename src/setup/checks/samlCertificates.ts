import { defineCheck, noticeMilliseconds } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { daysLeft, dateText } from '../dateText.ts';
import { applicationMetadata, newCertificate } from '../samlFileTexts.ts';
import { metadataIn } from '../savedMetadata.ts';
import type { Translator } from '../translator.ts';
import type { SamlCertificate } from '../samlCertificate.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';

/**
 * Verifies that a signing certificate is valid now and for the next month. During key rotation, the metadata
 * also has the next or previous one: one valid certificate suffices, and the others become notes. One that can't be
 * read may be the one in use. Also reports weak keys and hashes, since it is not documented whether Identity Center
 * accepts them.
 */
export async function checkCertificates({ ports, lookups }: CheckContext) {
  const { certificates } = await metadataIn(lookups);
  if (certificates.length === 0) return fail('noCertificate');
  const now = ports.clock.now();
  const read = certificates
    .filter((one): one is ReadCertificate => one.state === 'read')
    .toSorted((a, b) => Number(isWeak(a)) - Number(isWeak(b)) || b.endsAt - a.endsAt);
  const current = read.find(({ startsAt, endsAt }) => startsAt <= now && endsAt > now);
  const expired = read.filter(({ endsAt }) => endsAt <= now).toSorted((a, b) => b.endsAt - a.endsAt)[0];
  const next = read.filter(({ startsAt }) => startsAt > now).toSorted((a, b) => a.startsAt - b.startsAt)[0];
  const judged = current ?? expired ?? next;
  const isUnreadable = certificates.length > read.length;
  if (judged === undefined || (isUnreadable && current === undefined)) return fail('certificateUnreadable');
  const lastEndsAt = lastEndOf(judged, read);
  const { keyType, keyBits, hasWeakHash } = judged;
  const evidence = {
    certificateStartsAt: judged.startsAt,
    certificateEndsAt: judged.endsAt,
    fingerprint: judged.fingerprint,
    certificateKey: [keyType.toUpperCase(), ...(keyBits === undefined ? [] : [keyBits])].join(' '),
    lastCertificateEndsAt: lastEndsAt > judged.endsAt ? lastEndsAt : undefined,
    nextCertificateStartsAt: judged === next ? undefined : next?.startsAt,
    expiredCertificateEndedAt: judged === expired ? undefined : expired?.endsAt,
  };
  if (judged === expired) return fail('certificateExpired', evidence);
  if (judged === next) return fail('certificateNotYet', evidence);
  if (keyType !== 'rsa') return inconclusive('certificateNotRsa', evidence);
  if (keyBits !== undefined && keyBits < shortestKey) return warn('certificateShortKey', evidence);
  if (hasWeakHash) return warn('certificateWeakHash', evidence);
  if (isUnreadable) return warn('certificateUnreadable', evidence);
  return lastEndsAt - now < noticeMilliseconds
    ? warn('certificateEndsSoon', { ...evidence, daysLeft: daysLeft(judged.endsAt, now) })
    : pass(evidence);
}

/** The end of the last certificate that follows another without a gap. */
function lastEndOf(first: ReadCertificate, all: readonly ReadCertificate[]): number {
  const byStart = all.toSorted((a, b) => a.startsAt - b.startsAt);
  return byStart.reduce(
    (end, { startsAt, endsAt }) => (startsAt <= end && endsAt > end ? endsAt : end),
    first.endsAt,
  );
}

type ReadCertificate = SamlCertificate & { readonly state: 'read' };

/** Minimum length of an RSA key for signatures (NIST SP 800-131A). */
const shortestKey = 2048;

function isWeak({ keyType, keyBits = 0, hasWeakHash }: ReadCertificate): boolean {
  return keyType !== 'rsa' || keyBits < shortestKey || hasWeakHash;
}

const replaceCertificate = (l10n: Translator) =>
  l10n.t(
    'Generate a new certificate in the identity provider, upload the new metadata in AWS, and then make it active.',
  );

/** Checks of Okta's signing certificates. */
export const samlCertificateChecks = [
  defineCheck({
    id: 'saml.certificates',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    expires: { what: 'signingCertificate', at: ['lastCertificateEndsAt', 'certificateEndsAt'] },
    page: 'oktaApplications',
    needs: ['metadataXml'],
    after: ['saml.metadata'],
    despite: { 'saml.metadata': ['noEntityId'] },
    run: checkCertificates,
    texts: (l10n) => ({
      title: l10n.t('Signing certificate'),
      path: applicationMetadata(l10n),
      results: {
        noCertificate: {
          found: l10n.t('The metadata has no signing certificate.'),
          next: l10n.t(
            'Generate one under SAML Signing Certificates, save the metadata, and upload it again.',
          ),
          path: newCertificate(l10n),
        },
        certificateUnreadable: {
          found: l10n.t('A signing certificate in the metadata can’t be read.'),
          next: l10n.t('Save the metadata again without changing it.'),
        },
        certificateExpired: {
          found: l10n.t('The signing certificate has expired.'),
          next: l10n.t(
            'Activate a new one under SAML Signing Certificates, save the metadata, and upload it in IAM Identity Center.',
          ),
          path: newCertificate(l10n),
        },
        certificateNotYet: {
          found: l10n.t('The signing certificate isn’t valid yet.'),
          next: l10n.t('Check this computer’s clock and which certificate is active.'),
        },
        certificateNotRsa: (result) => ({
          found: l10n.t(
            'AWS doesn’t document whether IAM Identity Center accepts a certificate with a {0} key.',
            fact(result, 'certificateKey'),
          ),
          next: l10n.t('Run a test sign-in, or generate a certificate with an RSA key.'),
        }),
        certificateShortKey: (result) => ({
          found: l10n.t(
            'The key of the signing certificate is short ({0}). Use at least RSA 2048.',
            fact(result, 'certificateKey'),
          ),
          next: replaceCertificate(l10n),
          path: newCertificate(l10n),
        }),
        certificateWeakHash: {
          found: l10n.t('The signing certificate uses SHA-1 or an older hash.'),
          next: replaceCertificate(l10n),
          path: newCertificate(l10n),
        },
        certificateEndsSoon: (result) => ({
          found: l10n.t(
            'The signing certificate expires on {0}.',
            dateText(l10n, result, 'certificateEndsAt'),
          ),
          next: l10n.t(
            'Generate a new one, and upload the new metadata in IAM Identity Center before you activate it.',
          ),
          path: newCertificate(l10n),
        }),
      },
      evidence: {
        certificateStartsAt: l10n.t('Certificate valid from'),
        certificateEndsAt: l10n.t('Certificate valid until'),
        fingerprint: l10n.t('Fingerprint (SHA-256)'),
        certificateKey: l10n.t('Key'),
        lastCertificateEndsAt: l10n.t('Next certificate valid until'),
        nextCertificateStartsAt: l10n.t('Next certificate valid from'),
        expiredCertificateEndedAt: l10n.t('Earlier certificate expired'),
      },
    }),
  }),
];
