import * as v from 'valibot';
import { pastedAddress } from '../../input/pastedAddress.ts';
import { safeText } from '../../core/text/safeText.ts';
import { defineCheck, noticeMilliseconds } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { fact, fail, inconclusive, pass, warn } from '../checkResult.ts';
import { oktaApiResults } from '../oktaApi.ts';
import { applicationSchema, assignmentSchema, keySchema, mappingSchema } from '../oktaResources.ts';
import { daysLeft, dateText } from '../dateText.ts';
import { newCertificate } from '../samlFileTexts.ts';
import { metadataIn } from '../savedMetadata.ts';
import { issuerDirectory, startUrlDirectory } from '../directory.ts';
import type { Translator } from '../translator.ts';
import { applicationInactive, labels, settingsMissing } from './oktaApiTexts.ts';
import { checkAcsUrl } from './samlAddresses.ts';

/** The *AWS IAM Identity Center* application in Okta to which this metadata or these addresses belong. */
export async function identityCenterApplication({ inputs, lookups }: CheckContext) {
  const path = `/api/v1/apps?filter=${encodeURIComponent('name eq "amazon_aws_sso"')}&limit=200`;
  const answer = await lookups.okta.read(path, v.array(applicationSchema));
  if ('refusal' in answer) return answer;
  const found = answer.value.filter(({ name }) => name === 'amazon_aws_sso');
  const issuerUrl = inputs.samlIssuerUrl ?? '';
  const meant = found.filter(({ settings }) => isAddress(settings?.app?.entityID, issuerUrl));
  const candidates = meant.length > 0 ? meant : found;
  // Ignore deactivated leftovers.
  const active = candidates.filter(({ status }) => status !== 'INACTIVE');
  const [application, ...others] = active.length > 0 ? active : candidates;
  if (application === undefined) return { refusal: fail('noApplication') };
  return others.length > 0
    ? { refusal: inconclusive('severalApplications', { labels: found.flatMap(({ label }) => label ?? []) }) }
    : { value: application };
}

/** Whether Okta has the typed address, ignoring what a copy adds around it. */
function isAddress(inOkta: string | null | undefined, typed: string): boolean {
  if (inOkta == null || typed.trim() === '') return false;
  const pasted = pastedAddress(typed);
  return inOkta === pasted || inOkta === URL.parse(pasted)?.href;
}

/** Verifies that the application is active, and has the addresses of this Identity Center. */
async function checkSignOnDetails(context: CheckContext) {
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const { status, settings } = answer.value;
  const { acsURL, entityID } = settings?.app ?? {};
  const evidence = detailsOf(answer.value);
  if (status != null && status !== 'ACTIVE') return fail('applicationInactive', evidence);
  const { acsUrl = '', samlIssuerUrl = '' } = context.inputs;
  if (acsURL == null || entityID == null) return inconclusive('notTold', evidence);
  if (!isAddress(acsURL, acsUrl)) return fail('acsUrlDiffers', { ...evidence, given: acsUrl });
  return isAddress(entityID, samlIssuerUrl)
    ? pass(evidence)
    : fail('issuerUrlDiffers', { ...evidence, given: samlIssuerUrl });
}

/**
 * An inactive application, one with the issuer URL of another directory than that of the start URL, and one with
 * another ACS URL than a valid one that was entered, show without a valid issuer URL.
 */
async function checkSignOnDirectory(context: CheckContext) {
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return undefined;
  const { status, settings } = answer.value;
  const { acsURL, entityID } = settings?.app ?? {};
  const evidence = detailsOf(answer.value);
  if (status != null && status !== 'ACTIVE') return fail('applicationInactive', evidence);
  const { inputs, lookups } = context;
  const wanted = startUrlDirectory(inputs);
  const found = issuerDirectory({ samlIssuerUrl: entityID ?? '' });
  const isOther = wanted !== undefined && found !== undefined && found !== wanted;
  if (isOther && (await lookups.region()) !== undefined) return fail('issuerUrlDiffers', evidence);
  const { acsUrl: given = '' } = inputs;
  return acsURL != null && !isAddress(acsURL, given) && (await checkAcsUrl(context)).state === 'pass'
    ? fail('acsUrlDiffers', { ...evidence, given })
    : undefined;
}

function detailsOf({ label, status, settings, credentials }: v.InferOutput<typeof applicationSchema>) {
  const { acsURL, entityID } = settings?.app ?? {};
  return {
    label: label ?? undefined,
    applicationStatus: status ?? undefined,
    acsUrl: acsURL ?? undefined,
    entityId: entityID ?? undefined,
    userName: credentials?.userNameTemplate?.template ?? undefined,
  };
}

const provisioningFeatures = ['PUSH_NEW_USERS', 'PUSH_PROFILE_UPDATES', 'PUSH_USER_DEACTIVATION'];

/** Verifies that provisioning is enabled with the three boxes under To App. */
async function checkProvisioningFeatures(context: CheckContext) {
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const { features } = answer.value;
  if (features == null) return inconclusive('settingsNotTold');
  const missing = provisioningFeatures.filter((feature) => !features.includes(feature));
  return missing.length > 0 ? fail('featuresMissing', { features, missing }) : pass({ features });
}

/** Verifies that every assigned group has an active push. */
async function checkGroupPush(context: CheckContext) {
  const { lookups } = context;
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const path = `/api/v1/apps/${encodeURIComponent(answer.value.id)}`;
  const groups = await lookups.okta.read(`${path}/groups?limit=200`, v.array(assignmentSchema));
  if ('refusal' in groups) return groups.refusal;
  const mappings = await lookups.okta.read(`${path}/group-push/mappings?limit=200`, v.array(mappingSchema));
  if ('refusal' in mappings) return mappings.refusal;
  const assigned = groups.value.map(({ id }) => id);
  const evidence = { assignedGroups: assigned.length, pushedGroups: mappings.value.length };
  if (assigned.length === 0) return fail('noGroupAssigned', evidence);
  if (mappings.value.some(({ sourceGroupId }) => sourceGroupId == null))
    return inconclusive('settingsNotTold', evidence);
  const pushesOf = (group: string) => mappings.value.filter(({ sourceGroupId }) => sourceGroupId === group);
  const missing = assigned.filter((group) => pushesOf(group).length === 0);
  if (missing.length > 0) return fail('groupsNotPushed', { ...evidence, missing });
  // A stopped push is harmless for a group that is not assigned, or beside an active one.
  const broken = assigned.filter((group) =>
    pushesOf(group).every(({ status }) => status != null && status !== 'ACTIVE'),
  );
  const [first] = broken.flatMap(pushesOf);
  return broken.length > 0
    ? fail('pushNotActive', { ...evidence, words: safeText(first?.errorSummary?.slice(0, 300)) })
    : pass(evidence);
}

/** Verifies that Okta's current signing key is in the saved metadata and does not expire soon. */
async function checkSigningKey(context: CheckContext) {
  const { lookups, ports } = context;
  const answer = await identityCenterApplication(context);
  if ('refusal' in answer) return answer.refusal;
  const kid = answer.value.credentials?.signing?.kid;
  const keys = await lookups.okta.read(
    `/api/v1/apps/${encodeURIComponent(answer.value.id)}/credentials/keys`,
    v.array(keySchema),
  );
  if ('refusal' in keys) return keys.refusal;
  const active = keys.value.find((key) => kid != null && key.kid === kid);
  const [certificate] = active?.x5c ?? [];
  if (active === undefined || certificate === undefined)
    return inconclusive('activeKeyNotTold', { keys: keys.value.length });
  const fingerprint = await fingerprintOf(certificate);
  const { certificates } = await metadataIn(lookups);
  const saved = certificates.flatMap((one) => (one.state === 'read' ? [one.fingerprint] : []));
  const endsAt = Date.parse(active.expiresAt ?? '');
  const evidence = {
    keys: keys.value.length,
    fingerprint,
    keyEndsAt: Number.isFinite(endsAt) ? endsAt : undefined,
  };
  if (!saved.includes(fingerprint))
    return fail('activeKeyNotSaved', { ...evidence, savedFingerprints: saved });
  const left = Number.isFinite(endsAt) ? endsAt - ports.clock.now() : Infinity;
  if (left <= 0) return warn('activeKeyEnded', evidence);
  return left < noticeMilliseconds
    ? warn('activeKeyEndsSoon', { ...evidence, daysLeft: daysLeft(endsAt, ports.clock.now()) })
    : pass(evidence);
}

/** The SHA-256 of a certificate in base64, in the format of consoles. */
async function fingerprintOf(certificate: string): Promise<string> {
  const bytes = Uint8Array.from(atob(certificate.replace(/\s+/g, '')), (one) => one.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

const renewKey = (l10n: Translator) =>
  l10n.t('Generate a new certificate in Okta, upload the new metadata in AWS, and then make it active.');
const samlApplication = (l10n: Translator) =>
  l10n.t('Okta Admin Console > Applications > Applications > your IAM Identity Center application');
/** Texts for the results of the application's search. */
export const ofApplication = (l10n: Translator) => ({
  noApplication: {
    found: l10n.t('The organization has no AWS IAM Identity Center application.'),
    next: l10n.t('Add it from the catalog.'),
  },
  severalApplications: {
    found: l10n.t('The organization has several AWS IAM Identity Center applications.'),
    next: l10n.t('Enter the issuer URL of the one to check.'),
  },
});

/** Checks of the *AWS IAM Identity Center* application through Okta's API, with a read-only token. */
export const oktaApiIdentityCenterChecks = [
  defineCheck({
    id: 'oktaApi.signOnDetails',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml', 'acsUrl', 'samlIssuerUrl', 'oktaApi'],
    after: ['saml.acsUrl', 'saml.issuerUrl'],
    beforehand: checkSignOnDirectory,
    run: checkSignOnDetails,
    texts: (l10n) => ({
      title: l10n.t('Sign-on details in Okta'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        applicationInactive: applicationInactive(l10n),
        notTold: {
          found: l10n.t('Okta doesn’t show the application’s URLs.'),
          next: l10n.t('Compare the settings with the console.'),
        },
        acsUrlDiffers: (result) => ({
          found: l10n.t('Okta has a different ACS URL: {0}.', fact(result, 'acsUrl')),
          next: l10n.t('Copy the ACS URL from IAM Identity Center into Okta, and save.'),
        }),
        issuerUrlDiffers: (result) => ({
          found: l10n.t('Okta has a different issuer URL: {0}.', fact(result, 'entityId')),
          next: l10n.t('Copy the issuer URL from IAM Identity Center into Okta, and save.'),
        }),
      },
      evidence: {
        ...labels(l10n),
        acsUrl: l10n.t('ACS URL'),
        entityId: l10n.t('Issuer URL'),
        userName: l10n.t('Application username format'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.provisioning',
    steps: ['identityCenter.oktaProvisioning'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml', 'oktaApi'],
    run: checkProvisioningFeatures,
    texts: (l10n) => ({
      title: l10n.t('Provisioning settings in Okta'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        settingsNotTold: settingsMissing(l10n),
        featuresMissing: (result) => ({
          found: l10n.t('Provisioning in Okta is missing {0}.', fact(result, 'missing')),
          next: l10n.t('Enable API integration, and select Create, Update, and Deactivate under To App.'),
        }),
      },
      evidence: { ...labels(l10n), features: l10n.t('Provisioning features') },
    }),
  }),
  defineCheck({
    id: 'oktaApi.groupPush',
    steps: ['identityCenter.assignGroups'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml', 'oktaApi'],
    run: checkGroupPush,
    texts: (l10n) => ({
      title: l10n.t('Pushed groups in Okta'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        settingsNotTold: settingsMissing(l10n),
        noGroupAssigned: {
          found: l10n.t('No group is assigned to the application.'),
          next: l10n.t('Assign the groups, and push them.'),
        },
        groupsNotPushed: {
          found: l10n.t('Assigned groups aren’t pushed.'),
          next: l10n.t('Push every assigned group under Push Groups.'),
        },
        pushNotActive: {
          found: l10n.t('The push of a group isn’t active.'),
          next: l10n.t('Open Push Groups, and repair or activate it.'),
        },
      },
      evidence: {
        ...labels(l10n),
        assignedGroups: l10n.t('Assigned groups'),
        pushedGroups: l10n.t('Pushed groups'),
      },
    }),
  }),
  defineCheck({
    id: 'oktaApi.signingKey',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    expires: { what: 'signingCertificate', at: 'keyEndsAt' },
    page: 'oktaApplications',
    needs: ['metadataXml', 'oktaApi'],
    after: ['saml.certificates'],
    unlessFailed: ['saml.published'],
    run: checkSigningKey,
    texts: (l10n) => ({
      title: l10n.t('Okta’s signing key'),
      path: samlApplication(l10n),
      results: {
        ...oktaApiResults(l10n),
        ...ofApplication(l10n),
        activeKeyNotTold: {
          found: l10n.t('Okta doesn’t show which key is active.'),
          next: l10n.t(
            'Compare the certificate in Okta under SAML Signing Certificates with the saved file.',
          ),
        },
        activeKeyNotSaved: {
          found: l10n.t('Okta signs with a certificate that isn’t in the saved file.'),
          next: l10n.t('Save the metadata from Okta again, and upload it in IAM Identity Center.'),
        },
        activeKeyEnded: {
          found: l10n.t('Okta’s signing certificate has expired.'),
          next: renewKey(l10n),
          path: newCertificate(l10n),
        },
        activeKeyEndsSoon: (result) => ({
          found: l10n.t('Okta’s signing certificate expires on {0}.', dateText(l10n, result, 'keyEndsAt')),
          next: renewKey(l10n),
          path: newCertificate(l10n),
        }),
      },
      evidence: {
        ...labels(l10n),
        keys: l10n.t('Keys in Okta'),
        fingerprint: l10n.t('Fingerprint (SHA-256)'),
        keyEndsAt: l10n.t('Certificate valid until'),
        savedFingerprints: l10n.t('Certificates in the file'),
      },
    }),
  }),
];
