import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { applicationIn } from '../oktaSamlApplication.ts';
import { applicationMetadata, applicationUnknown } from '../samlFileTexts.ts';
import { metadataIn } from '../savedMetadata.ts';
import { redirectIn } from '../redirectIn.ts';
import type { Translator } from '../translator.ts';
import type { SamlMetadata } from '../setupPorts.ts';
import { fail, inconclusive, pass, warn } from '../checkResult.ts';

/**
 * Verifies that the saved file matches the metadata that Okta publishes now: entity ID, sign-on URLs and
 * certificates.
 */
export async function checkSamlPublished({ ports, lookups, signal }: CheckContext) {
  const saved = await metadataIn(lookups);
  const application = applicationIn(saved);
  if (application === undefined) return inconclusive('applicationUnknown');
  const { metadataUrl } = application;
  const response = await ports.http(metadataUrl, {
    method: 'GET',
    headers: { accept: 'application/xml, text/xml' },
    signal,
  });
  const { status } = response;
  const evidence = { publishedAt: metadataUrl, status };
  if (status === 404) return inconclusive('notPublished', evidence);
  const file = response.ok ? ports.readSamlMetadata(await response.text()) : undefined;
  if (file === undefined || 'problem' in file)
    return inconclusive('unclearAnswer', { ...evidence, redirectsTo: redirectIn(response) });
  const published = file.metadata;
  const [ours, theirs] = [fingerprintsIn(saved), fingerprintsIn(published)];
  const shown = { ...evidence, savedFingerprints: ours, publishedFingerprints: theirs };
  if (published.entityId !== saved.entityId) return fail('publishedEntityDiffers', shown);
  const urlsOf = ({ signOn }: SamlMetadata): string =>
    [...new Set(signOn.map(({ url }) => url))].toSorted().join(' ');
  if (urlsOf(published) !== urlsOf(saved)) return fail('publishedSignOnDiffers', shown);
  if (theirs.length === 0) return inconclusive('unclearAnswer', evidence);
  const missing = theirs.filter((one) => !ours.includes(one));
  if (missing.length > 0) {
    return missing.length === theirs.length
      ? fail('certificateReplaced', shown)
      : warn('certificateAdded', shown);
  }
  return pass(evidence);
}

function fingerprintsIn({ certificates }: SamlMetadata): readonly string[] {
  return certificates.flatMap((one) => (one.state === 'read' ? [one.fingerprint] : []));
}

const uploadAgain = (l10n: Translator) =>
  l10n.t('Save the metadata from Okta again, and upload it in IAM Identity Center.');

/** Checks of the saved file against Okta's current metadata. */
export const samlPublishedChecks = [
  defineCheck({
    id: 'saml.published',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml'],
    after: ['saml.application', 'saml.certificates'],
    unlessFailed: ['saml.metadata'],
    run: checkSamlPublished,
    texts: (l10n) => ({
      title: l10n.t('Metadata currently published by Okta'),
      path: applicationMetadata(l10n),
      results: {
        applicationUnknown: applicationUnknown(l10n),
        notPublished: {
          found: l10n.t('Okta publishes no metadata for this application (HTTP 404).'),
          next: l10n.t('Make sure that the application exists and is active in Okta.'),
        },
        publishedEntityDiffers: {
          found: l10n.t('Okta publishes a different entity ID than the saved file.'),
          next: uploadAgain(l10n),
        },
        publishedSignOnDiffers: {
          found: l10n.t('Okta publishes different sign-on URLs than the saved file.'),
          next: uploadAgain(l10n),
        },
        certificateReplaced: {
          found: l10n.t('Okta signs with a certificate that isn’t in the saved file.'),
          next: uploadAgain(l10n),
        },
        certificateAdded: {
          found: l10n.t('Okta also publishes a certificate that isn’t in the saved file.'),
          next: l10n.t('Upload the metadata again before that certificate becomes active.'),
        },
      },
      evidence: {
        publishedAt: {
          name: l10n.t('Published at'),
          value: String,
        },
        savedFingerprints: l10n.t('Certificates in the file'),
        publishedFingerprints: l10n.t('Certificates published'),
      },
    }),
  }),
  defineCheck({
    id: 'manual.samlUploaded',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('This metadata.xml was uploaded, and the change was confirmed with ACCEPT'),
      path: l10n.t(
        'AWS console > IAM Identity Center > Settings > Identity source > Actions > Manage authentication',
      ),
    }),
  }),
];
