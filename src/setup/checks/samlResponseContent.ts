import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { applicationMetadata } from '../samlFileTexts.ts';
import { metadataIn } from '../savedMetadata.ts';
import { pasteAgain, responseIn, signOnTab } from './samlResponse.ts';
import { unicodePattern } from '../../core/text/unicodePattern.ts';

/** Accepted clock skew between two organizations, in milliseconds. */
const skew = 5 * 60_000;

/**
 * Verifies that the assertion was valid when it was issued, and was not issued in the future. That a pasted one
 * has expired proves nothing.
 */
export async function checkResponseTimes({ ports, lookups }: CheckContext) {
  const { issuedAt, validFrom, validUntil, deliverableUntil } = await responseIn(lookups);
  const evidence = { issuedAt, validFrom, validUntil, deliverableUntil };
  const ends = [validUntil, deliverableUntil].filter((one) => one !== undefined);
  if (issuedAt === undefined || ends.length === 0) return fail('noTimes', evidence);
  const begins = validFrom ?? issuedAt;
  const isValid = ends.every((end) => begins < end && issuedAt < end) && issuedAt >= begins - skew;
  if (!isValid) return fail('timesContradict', evidence);
  return issuedAt > ports.clock.now() + skew ? warn('issuedAhead', evidence) : pass(evidence);
}

/**
 * Verifies that the response is signed with certificates of the saved metadata. Does not verify the signature
 * itself, which takes canonical XML (XML Signature, 4.4.1); IAM Identity Center does that.
 */
export async function checkResponseSignature({ lookups }: CheckContext) {
  const { isWhole, signed, signatureMethods, certificates } = await responseIn(lookups);
  const ours = (await metadataIn(lookups)).certificates.flatMap(fingerprintOf);
  const named = certificates.map((one) => one.flatMap(fingerprintOf));
  const theirs = [...new Set(named.flat())];
  const evidence = { signed, signatureMethods, responseFingerprints: theirs, savedFingerprints: ours };
  if (signed.length === 0 && isWhole) return fail('notSigned', evidence);
  const isOurs = (one: string): boolean => ours.includes(one);
  if (named.some((one) => one.length > 0 && !one.some(isOurs))) return fail('otherCertificate', evidence);
  // A signature without a certificate, or with several of which one is unknown, may be by another key.
  if (named.length === 0 || named.some((one) => one.length === 0 || !one.every(isOurs)))
    return inconclusive('certificateNotNamed', evidence);
  return signatureMethods.some((one) => /sha1$|md5$/i.test(one))
    ? warn('signatureWeakHash', evidence)
    : pass(evidence);
}

function fingerprintOf(one: { readonly state: string; readonly fingerprint?: string }): readonly string[] {
  return one.fingerprint === undefined ? [] : [one.fingerprint];
}

const awsPrefix = 'https://aws.amazon.com/SAML/Attributes/';
/** An attribute name for access control, as `AccessControlAttribute` in the SSO Admin API defines it. */
const accessControl = unicodePattern(
  String.raw`^https://aws\.amazon\.com/SAML/Attributes/AccessControl:[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$`,
);

/**
 * Verifies that its AWS attributes are those for access control (user guide, *Attributes for access control*);
 * none is required.
 */
export async function checkResponseAttributes({ lookups }: CheckContext) {
  const { attributes } = await responseIn(lookups);
  const forAws = attributes.filter((name) => name.toLowerCase().includes('aws.amazon.com/saml'));
  const unexpected = forAws.filter((name) => !accessControl().test(name));
  const evidence = { attributes, unexpected };
  return unexpected.length === 0 ? pass(evidence) : warn('unusedAttributes', evidence);
}

/** Checks of the pasted response's times, signature, and attributes. */
export const samlResponseContentChecks = [
  defineCheck({
    id: 'saml.responseTimes',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse'],
    after: ['saml.response'],
    run: checkResponseTimes,
    texts: (l10n) => ({
      title: l10n.t('Times in the SAML response'),
      path: signOnTab(l10n),
      results: {
        noTimes: {
          found: l10n.t('The SAML response has no {0}.', 'NotOnOrAfter'),
          next: pasteAgain(l10n),
        },
        timesContradict: {
          found: l10n.t('The SAML response wasn’t valid when it was issued.'),
          next: l10n.t(
            'Paste the response of another sign-in. If it’s the same, ask the identity provider’s support.',
          ),
        },
        issuedAhead: {
          found: l10n.t('The SAML response was issued in the future.'),
          next: l10n.t('Check this computer’s clock.'),
        },
      },
      evidence: {
        issuedAt: 'IssueInstant',
        validFrom: 'NotBefore',
        validUntil: 'NotOnOrAfter',
        deliverableUntil: 'SubjectConfirmationData NotOnOrAfter',
      },
    }),
  }),
  defineCheck({
    id: 'saml.responseSignature',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse', 'metadataXml'],
    after: ['saml.response', 'saml.metadata'],
    unlessFailed: ['saml.certificates', 'saml.published'],
    despite: { 'saml.certificates': ['certificateExpired', 'certificateNotYet'] },
    run: checkResponseSignature,
    texts: (l10n) => ({
      title: l10n.t('Signing certificate in the SAML response'),
      passed: {
        found: l10n.t('Its certificate is in the metadata. The signature itself isn’t verified here.'),
      },
      path: applicationMetadata(l10n),
      results: {
        notSigned: {
          found: l10n.t('The SAML response isn’t signed.'),
          next: l10n.t(
            'Turn on the signature in the identity provider. In Okta, the catalog application AWS IAM Identity Center has it.',
          ),
        },
        certificateNotNamed: {
          found: l10n.t('The SAML response doesn’t name exactly one certificate, so it can’t be compared.'),
          next: l10n.t('A preview isn’t signed. Paste the response of a sign-in.'),
        },
        otherCertificate: {
          found: l10n.t('The SAML response is signed with a certificate that isn’t in the metadata.'),
          next: l10n.t('Save the identity provider’s metadata again, and upload it in IAM Identity Center.'),
        },
        signatureWeakHash: {
          found: l10n.t('The SAML response is signed with SHA-1 or an older hash.'),
          next: l10n.t('Set the signature algorithm to RSA-SHA256 in the identity provider.'),
        },
      },
      evidence: {
        signed: 'Signature',
        signatureMethods: 'SignatureMethod',
        responseFingerprints: l10n.t('Certificates in the SAML response'),
        savedFingerprints: l10n.t('Certificates in the file'),
      },
    }),
  }),
  defineCheck({
    id: 'saml.responseAttributes',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse'],
    after: ['saml.response'],
    run: checkResponseAttributes,
    texts: (l10n) => ({
      title: l10n.t('Attributes in the SAML response'),
      path: signOnTab(l10n),
      results: {
        unusedAttributes: (result) => ({
          found: l10n.t('IAM Identity Center doesn’t use these attributes: {0}.', fact(result, 'unexpected')),
          next: l10n.t('Remove them, or name them {0} followed by the key.', `${awsPrefix}AccessControl:`),
          value: `${awsPrefix}AccessControl:`,
        }),
      },
      evidence: { attributes: l10n.t('Attributes in the SAML response') },
    }),
  }),
];
