import { pastedAddress } from '../../input/pastedAddress.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, pass } from '../checkResult.ts';
import { applicationMetadata } from '../samlFileTexts.ts';
import { metadataIn } from '../savedMetadata.ts';
import { signOnSettings } from './samlAddresses.ts';
import { pasteAgain, responseIn } from './samlResponse.ts';

/** Verifies that the saved metadata's entity issued the response and its assertion. */
export async function checkResponseIssuer({ lookups }: CheckContext) {
  const { entityId } = await metadataIn(lookups);
  const { issuers } = await responseIn(lookups);
  const evidence = { issuers, entityId };
  if (issuers.length === 0) return fail('noIssuer', evidence);
  return issuers.every((one) => one === entityId) ? pass(evidence) : fail('issuerDiffers', evidence);
}

/**
 * Verifies that every audience restriction of the assertion has IAM Identity Center's issuer URL (SAML 2.0
 * Core, 2.5.1.4).
 */
export async function checkResponseAudience({ inputs, lookups }: CheckContext) {
  const { audiences } = await responseIn(lookups);
  const wanted = pastedAddress(inputs.samlIssuerUrl ?? '');
  const evidence = { audiences: [...new Set(audiences.flat())], samlIssuerUrl: wanted };
  if (evidence.audiences.length === 0) return fail('noAudience', evidence);
  return audiences.every((restriction) => restriction.includes(wanted))
    ? pass(evidence)
    : fail('audienceDiffers', evidence);
}

/** Verifies that the destination, if any, and a recipient are the ACS URL (SAML 2.0 Profiles, 4.1.4.2). */
export async function checkResponseRecipient({ inputs, lookups }: CheckContext) {
  const { recipients, destination } = await responseIn(lookups);
  const wanted = pastedAddress(inputs.acsUrl ?? '');
  const all = [...new Set([...(destination === undefined ? [] : [destination]), ...recipients])];
  const evidence = { recipients: all, acsUrl: wanted };
  if (recipients.length === 0) return fail('noRecipient', evidence);
  return recipients.includes(wanted) && (destination ?? wanted) === wanted
    ? pass(evidence)
    : fail('recipientDiffers', evidence);
}

/** Checks of the pasted response's issuer and destination. */
export const samlResponseAddressChecks = [
  defineCheck({
    id: 'saml.responseIssuer',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse', 'metadataXml'],
    after: ['saml.response', 'saml.metadata'],
    unlessFailed: ['saml.application', 'saml.published'],
    despite: { 'saml.published': ['certificateReplaced'] },
    run: checkResponseIssuer,
    texts: (l10n) => ({
      title: l10n.t('Issuer in the SAML response'),
      path: applicationMetadata(l10n),
      results: {
        noIssuer: {
          found: l10n.t('The SAML response has no {0}.', 'Issuer'),
          next: pasteAgain(l10n),
        },
        issuerDiffers: (result) => ({
          found: l10n.t(
            'The SAML response is from {0}. The metadata is of {1}.',
            fact(result, 'issuers'),
            fact(result, 'entityId'),
          ),
          next: l10n.t(
            'Save the metadata of the application that people sign in with, and upload it in IAM Identity Center.',
          ),
        }),
      },
      evidence: { issuers: l10n.t('Issuer in the SAML response'), entityId: l10n.t('Entity ID') },
    }),
  }),
  defineCheck({
    id: 'saml.responseAudience',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse', 'samlIssuerUrl'],
    after: ['saml.response', 'saml.issuerUrl'],
    unlessFailed: ['oktaApi.signOnDetails'],
    despite: { 'oktaApi.signOnDetails': ['applicationInactive', 'acsUrlDiffers'] },
    run: checkResponseAudience,
    texts: (l10n) => ({
      title: l10n.t('Audience in the SAML response'),
      path: signOnSettings(l10n),
      results: {
        noAudience: {
          found: l10n.t('The SAML response has no {0}.', 'Audience'),
          next: l10n.t('Copy the issuer URL from IAM Identity Center into the identity provider, and save.'),
        },
        audienceDiffers: (result) => ({
          found: l10n.t(
            'The audience is {0}, not the issuer URL that was entered.',
            fact(result, 'audiences'),
          ),
          next: l10n.t(
            'Compare both with the IAM Identity Center console, and use its issuer URL in the identity provider.',
          ),
        }),
      },
      evidence: { audiences: l10n.t('Audience in the SAML response'), samlIssuerUrl: l10n.t('Issuer URL') },
    }),
  }),
  defineCheck({
    id: 'saml.responseRecipient',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlResponse', 'acsUrl'],
    after: ['saml.response', 'saml.acsUrl'],
    unlessFailed: ['oktaApi.signOnDetails', 'awsApi.instance'],
    despite: { 'oktaApi.signOnDetails': ['applicationInactive', 'issuerUrlDiffers'] },
    run: checkResponseRecipient,
    texts: (l10n) => ({
      title: l10n.t('Recipient in the SAML response'),
      path: signOnSettings(l10n),
      results: {
        noRecipient: {
          found: l10n.t('The SAML response has no {0}.', 'Recipient'),
          next: l10n.t('Copy the ACS URL from IAM Identity Center into the identity provider, and save.'),
        },
        recipientDiffers: (result) => ({
          found: l10n.t(
            'The recipient is {0}, not the ACS URL that was entered.',
            fact(result, 'recipients'),
          ),
          next: l10n.t(
            'Compare both with the IAM Identity Center console, and use its ACS URL in the identity provider.',
          ),
        }),
      },
      evidence: { recipients: l10n.t('Recipient in the SAML response'), acsUrl: l10n.t('ACS URL') },
    }),
  }),
];
