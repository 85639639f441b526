import { withPlainQuotes } from '../../core/text/safeText.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import {
  applicationIdIn,
  applicationIn,
  applicationOf,
  identityCenterApplication,
  mistakenApplications,
  otherProviderIn,
} from '../oktaSamlApplication.ts';
import { applicationMetadata, applicationUnknown, samlFileResults } from '../samlFileTexts.ts';
import { metadataIn } from '../savedMetadata.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';

/** Bindings that Identity Center uses for its identity provider (SAML 2.0 Bindings, 3.4 and 3.5). */
const bindings = ['HTTP-POST', 'HTTP-Redirect'].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`);

/** Verifies that the saved file is metadata of an identity provider, with its entity ID. */
export async function checkSamlMetadata({ ports, lookups }: CheckContext) {
  const file = await lookups.saml();
  if ('problem' in file) {
    const { problem, line, column, count: providers, root } = file;
    const place =
      line === undefined ? undefined : [line, column].filter((one) => one !== undefined).join(':');
    return fail(problem, { place, providers, root });
  }
  const { entityId, isIdentityProvider, isSaml2, validUntil } = file.metadata;
  if (!isIdentityProvider) return fail('notIdentityProvider', { entityId });
  if (!isSaml2) return fail('olderSaml', { entityId });
  if (entityId === undefined) return fail('noEntityId');
  const hasEnded = validUntil !== undefined && validUntil <= ports.clock.now();
  const evidence = { entityId, metadataEndsAt: validUntil };
  return hasEnded ? warn('metadataExpired', evidence) : pass(evidence);
}

/** Verifies that there is a sign-on URL over https, with a binding that Identity Center uses. */
export async function checkSignOn({ lookups }: CheckContext) {
  const { signOn } = await metadataIn(lookups);
  if (signOn.length === 0) return fail('noSignOnUrl');
  const evidence = {
    address: signOn.map(({ url }) => url),
    binding: signOn.map(({ binding }) => binding.slice(binding.lastIndexOf(':') + 1)),
  };
  const usable = signOn.filter(({ binding }) => bindings.includes(binding));
  if (usable.length === 0) return fail('signOnBinding', evidence);
  const isSafe = usable.every(({ url }) => {
    const parsed = URL.parse(url);
    return parsed !== null && (parsed.protocol === 'https:' || isLoopbackUrl(parsed));
  });
  return isSafe ? pass(evidence) : fail('signOnNotHttps', evidence);
}

/**
 * Verifies that the file belongs to Okta's *AWS IAM Identity Center* application: the sign-on URL contains its
 * key, and the sign-on URL and entity ID its ID.
 */
export async function checkSamlApplication({ lookups }: CheckContext) {
  const metadata = await metadataIn(lookups);
  const { entityId } = metadata;
  const application = applicationIn(metadata);
  const named = applicationIdIn(entityId);
  const evidence = {
    entityId,
    address: [...new Set(metadata.signOn.map(({ url }) => url))],
    application: application?.key,
  };
  if (application === undefined) {
    const other = otherProviderIn(metadata);
    if (other !== undefined) return fail('otherProvider', { ...evidence, provider: other });
    return named === undefined ? fail('notOkta', evidence) : inconclusive('applicationUnknown', evidence);
  }
  const { key, id } = application;
  if (key !== undefined && key !== identityCenterApplication) {
    const isKnown = Object.hasOwn(mistakenApplications, key);
    return fail(isKnown ? 'mistakenApplication' : 'otherApplication', {
      ...evidence,
      application: isKnown ? mistakenApplications[key] : key,
    });
  }
  if (named !== undefined && named !== id) return fail('applicationIdDiffers', evidence);
  const isOther = (url: string): boolean => ![undefined, id].includes(applicationOf(url)?.id);
  if (metadata.signOn.some(({ url }) => isOther(url))) return fail('applicationIdDiffers', evidence);
  // The sign-on URL alone shows the application if its entity ID has another form.
  return key === undefined || named === undefined
    ? inconclusive('applicationUnknown', evidence)
    : pass(evidence);
}

const saveFromApplication = (l10n: Translator) =>
  l10n.t('In Okta, open AWS IAM Identity Center > Sign On, and save View IdP metadata again.');

/** Checks of the saved metadata of Okta's application. */
export const samlMetadataChecks = [
  defineCheck({
    id: 'saml.metadata',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    expires: { what: 'metadata', at: 'metadataEndsAt' },
    page: 'oktaApplications',
    needs: ['metadataXml'],
    run: checkSamlMetadata,
    texts: (l10n) => ({
      title: l10n.t('Saved metadata.xml'),
      path: applicationMetadata(l10n),
      results: {
        ...samlFileResults(l10n),
        notIdentityProvider: {
          found: l10n.t('The file is the metadata of a service provider, not of an identity provider.'),
          next: l10n.t('Save the metadata from the identity provider, not from IAM Identity Center.'),
        },
        olderSaml: {
          found: l10n.t('The metadata supports only SAML 1.1. IAM Identity Center requires SAML 2.0.'),
          next: l10n.t('Save the metadata of the IAM Identity Center application.'),
        },
        noEntityId: {
          found: l10n.t('The metadata is missing an entity ID.'),
          next: l10n.t('Save the metadata again.'),
        },
        metadataExpired: {
          found: l10n.t('The metadata file has expired.'),
          next: l10n.t('Save the metadata again, and upload it in IAM Identity Center.'),
        },
      },
      evidence: {
        entityId: l10n.t('Entity ID'),
        metadataEndsAt: l10n.t('Metadata valid until'),
        place: l10n.t('Line and column'),
        providers: l10n.t('Providers in the file'),
        root: l10n.t('Root element'),
      },
    }),
  }),
  defineCheck({
    id: 'saml.signOn',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml'],
    after: ['saml.metadata'],
    despite: { 'saml.metadata': ['noEntityId'] },
    run: checkSignOn,
    texts: (l10n) => ({
      title: l10n.t('Sign-on URL in the metadata'),
      path: applicationMetadata(l10n),
      results: {
        noSignOnUrl: {
          found: l10n.t('The metadata is missing a sign-on URL.'),
          next: l10n.t('Save the metadata again.'),
        },
        signOnNotHttps: {
          found: l10n.t('The sign-on URL doesn’t use https.'),
          next: l10n.t('Save the metadata again from the identity provider’s console, opened with https.'),
        },
        signOnBinding: {
          found: l10n.t(
            'No sign-on URL has a binding that IAM Identity Center uses (HTTP-POST or HTTP-Redirect).',
          ),
          next: l10n.t('Save the metadata of the IAM Identity Center application.'),
        },
      },
      evidence: { binding: l10n.t('Binding') },
    }),
  }),
  defineCheck({
    id: 'saml.application',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml'],
    after: ['saml.signOn'],
    run: checkSamlApplication,
    texts: (l10n) => ({
      title: l10n.t('Metadata of the AWS IAM Identity Center application'),
      path: applicationMetadata(l10n),
      results: {
        otherProvider: (result) => ({
          found: l10n.t('The metadata comes from {0}, not from Okta.', fact(result, 'provider')),
          next: saveFromApplication(l10n),
        }),
        notOkta: {
          found: l10n.t('The metadata doesn’t come from Okta.'),
          next: saveFromApplication(l10n),
        },
        mistakenApplication: (result) => ({
          found: l10n.t(
            'The metadata belongs to the application {0}, not to AWS IAM Identity Center.',
            fact(result, 'application'),
          ),
          next: l10n.t(
            'In Okta, add AWS IAM Identity Center from the catalog, and upload its metadata instead.',
          ),
        }),
        otherApplication: (result) => ({
          found: l10n.t(
            'The metadata belongs to the application “{0}”, not to AWS IAM Identity Center (amazon_aws_sso).',
            withPlainQuotes(fact(result, 'application')),
          ),
          next: l10n.t(
            'In Okta, add AWS IAM Identity Center from the catalog, and upload its metadata instead.',
          ),
        }),
        applicationIdDiffers: {
          found: l10n.t('The entity ID and the sign-on URL belong to different applications.'),
          next: saveFromApplication(l10n),
        },
        applicationUnknown: applicationUnknown(l10n),
      },
      evidence: {
        entityId: l10n.t('Entity ID'),
        application: l10n.t('Application'),
        provider: l10n.t('Identity provider'),
      },
    }),
  }),
];
