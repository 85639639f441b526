import { findSignInError } from '../../core/oauth/errors.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import { addressResults, readAddress, regionProblem, regionResults, unknownForm } from '../addresses.ts';
import { defineCheck, noticeMilliseconds } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import type { SamlCertificate } from '../setupPorts.ts';
import type { Facts } from '../facts.ts';
import { fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';

/** The bindings by which Identity Center sends a person to its identity provider (SAML 2.0 Bindings, 3.4 and 3.5). */
const bindings = ['HTTP-POST', 'HTTP-Redirect'].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`);

/** The saved file is an identity provider's metadata, and names it. */
export async function checkSamlMetadata({ ports, facts }: CheckContext) {
  try {
    const { entityId, isIdentityProvider, validUntil } = await facts.saml();
    if (!isIdentityProvider) return fail('notIdentityProvider', { entityId });
    if (entityId === undefined) return fail('noEntityId');
    const hasEnded = validUntil !== undefined && validUntil <= ports.clock.now();
    return hasEnded ? warn('metadataExpired', { entityId, metadataEndsAt: validUntil }) : pass({ entityId });
  } catch (error) {
    const known = findSignInError(error);
    if (known?.kind !== 'invalidInput') throw error;
    return fail('notMetadata', { code: known.details.reason });
  }
}

/** There is a sign-on URL over https, with a binding that Identity Center uses. */
export async function checkSignOn({ facts }: CheckContext) {
  const { signOn } = await facts.saml();
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
 * There is a signing certificate that is valid now and for the next month. During a change of keys the metadata has the
 * current and the next one, or the last one still: one that is valid now is enough, and the others are notes.
 */
export async function checkCertificates({ ports, facts }: CheckContext) {
  const { certificates } = await facts.saml();
  if (certificates.length === 0) return fail('noCertificate');
  const now = ports.clock.now();
  const read = certificates
    .filter((one): one is ReadCertificate => one.state === 'read')
    .toSorted((a, b) => b.endsAt - a.endsAt);
  const current = read.find(({ startsAt, endsAt }) => startsAt <= now && endsAt > now);
  const expired = read.find(({ endsAt }) => endsAt <= now);
  const next = read.filter(({ startsAt }) => startsAt > now).toSorted((a, b) => a.startsAt - b.startsAt)[0];
  const judged = current ?? expired ?? next;
  if (judged === undefined) return fail('certificateUnreadable');
  const evidence = {
    certificateStartsAt: judged.startsAt,
    certificateEndsAt: judged.endsAt,
    fingerprint: judged.fingerprint,
    nextCertificateStartsAt: judged === next ? undefined : next?.startsAt,
    expiredCertificateEndedAt: judged === expired ? undefined : expired?.endsAt,
  };
  if (judged === expired) return fail('certificateExpired', evidence);
  if (judged === next) return fail('certificateNotYet', evidence);
  const isFollowed = next !== undefined && next.startsAt <= judged.endsAt;
  const isSoon = judged.endsAt - now < noticeMilliseconds && !isFollowed;
  return isSoon ? warn('certificateEndsSoon', evidence) : pass(evidence);
}

type ReadCertificate = SamlCertificate & { readonly state: 'read' };

/** The ACS URL has the form and the region of this Identity Center's. */
export async function checkAcsUrl({ inputs, facts }: CheckContext) {
  return checkSamlAddress(facts, inputs.acsUrl ?? '', /\/saml\/acs\/[\w-]+$/, 'notAcsUrl');
}

/** The issuer URL has the form and the region of this Identity Center's. */
export async function checkSamlIssuer({ inputs, facts }: CheckContext) {
  return checkSamlAddress(facts, inputs.samlIssuerUrl ?? '', /\/saml\/(?!acs\/)[\w-]+$/, 'notSamlIssuer');
}

async function checkSamlAddress<Reason extends string>(
  facts: Facts,
  given: string,
  path: RegExp,
  reason: Reason,
) {
  const address = readAddress(given);
  if (isResult(address)) return address;
  const { url, region } = address;
  const evidence = { address: url.href, region };
  if (!path.test(url.pathname)) return fail(reason, evidence);
  const problem = regionProblem(address, await facts.region());
  if (problem !== undefined) return problem;
  return region === undefined ? inconclusive('unknownForm', evidence) : pass(evidence);
}

const applicationMetadata = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > SAML Signing Certificates > Actions > View IdP metadata',
  );
const signOnSettings = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Edit > Advanced Sign-on Settings; copied from AWS console > IAM Identity Center > Settings > Identity source',
  );

/** What Okta and Identity Center have of each other for SAML. */
export const samlChecks = [
  defineCheck({
    id: 'saml.metadata',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    needs: ['metadataXml'],
    run: checkSamlMetadata,
    texts: (l10n) => ({
      title: l10n.t('Saved metadata.xml'),
      path: applicationMetadata(l10n),
      results: {
        notMetadata: {
          found: l10n.t('The file is no SAML metadata.'),
          next: l10n.t('Choose View IdP metadata, and save the page as it is, as metadata.xml.'),
        },
        notIdentityProvider: {
          found: l10n.t('The file is the metadata of a service provider, not of Okta.'),
          next: l10n.t('Save the metadata from Okta, not from IAM Identity Center.'),
        },
        noEntityId: {
          found: l10n.t('The metadata lacks an entity id.'),
          next: l10n.t('Save the metadata again.'),
        },
        metadataExpired: {
          found: l10n.t('The metadata file says that it is no longer valid.'),
          next: l10n.t('Save the metadata again, and upload it in IAM Identity Center.'),
        },
      },
      evidence: { entityId: l10n.t('Entity id'), metadataEndsAt: l10n.t('Metadata valid until') },
    }),
  }),
  defineCheck({
    id: 'saml.signOn',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    needs: ['metadataXml'],
    after: ['saml.metadata'],
    run: checkSignOn,
    texts: (l10n) => ({
      title: l10n.t('Sign-on URL in the metadata'),
      path: applicationMetadata(l10n),
      results: {
        noSignOnUrl: {
          found: l10n.t('The metadata lacks a sign-on URL.'),
          next: l10n.t('Save the metadata again.'),
        },
        signOnNotHttps: {
          found: l10n.t('The sign-on URL is not https.'),
          next: l10n.t('Save the metadata again, from the Okta Admin Console over https.'),
        },
        signOnBinding: {
          found: l10n.t(
            'No sign-on URL has a binding that IAM Identity Center uses (HTTP-POST or HTTP-Redirect).',
          ),
          next: l10n.t('Save the metadata of the IAM Identity Center application, not of another one.'),
        },
      },
      evidence: { binding: l10n.t('Binding') },
    }),
  }),
  defineCheck({
    id: 'saml.certificates',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    needs: ['metadataXml'],
    after: ['saml.metadata'],
    run: checkCertificates,
    texts: (l10n) => ({
      title: l10n.t('Signing certificate'),
      path: applicationMetadata(l10n),
      results: {
        noCertificate: {
          found: l10n.t('The metadata has no signing certificate.'),
          next: l10n.t(
            'Generate one under SAML Signing Certificates, save the metadata and upload it again.',
          ),
        },
        certificateUnreadable: {
          found: l10n.t('The signing certificate cannot be read.'),
          next: l10n.t('Save the metadata again, as it is.'),
        },
        certificateExpired: {
          found: l10n.t('The signing certificate has expired.'),
          next: l10n.t(
            'Make a new one active under SAML Signing Certificates, save the metadata and upload it in IAM Identity Center.',
          ),
        },
        certificateNotYet: {
          found: l10n.t('The signing certificate is not valid yet.'),
          next: l10n.t('Check the clock of this machine, and which certificate is active.'),
        },
        certificateEndsSoon: {
          found: l10n.t('The signing certificate ends within 30 days.'),
          next: l10n.t(
            'Generate a new one now, and upload the new metadata in IAM Identity Center before you make it active.',
          ),
        },
      },
      evidence: {
        certificateStartsAt: l10n.t('Certificate valid from'),
        certificateEndsAt: l10n.t('Certificate valid until'),
        fingerprint: l10n.t('Fingerprint (SHA-256)'),
        nextCertificateStartsAt: l10n.t('Next certificate valid from'),
        expiredCertificateEndedAt: l10n.t('Earlier certificate expired'),
      },
    }),
  }),
  defineCheck({
    id: 'manual.samlUploaded',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('This metadata.xml is the one that was uploaded, and ACCEPT was typed'),
      path: l10n.t(
        'AWS console > IAM Identity Center > Settings > Identity source > Actions > Manage authentication',
      ),
    }),
  }),
  defineCheck({
    id: 'saml.acsUrl',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    needs: ['acsUrl'],
    run: checkAcsUrl,
    texts: (l10n) => ({
      title: l10n.t('ACS URL'),
      path: signOnSettings(l10n),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        unknownForm: unknownForm(l10n),
        notAcsUrl: {
          found: l10n.t('This is not the form of an ACS URL of IAM Identity Center.'),
          next: l10n.t('It contains /saml/acs/ and an id. The issuer URL goes into the other field.'),
        },
      },
    }),
  }),
  defineCheck({
    id: 'saml.issuerUrl',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    needs: ['samlIssuerUrl'],
    run: checkSamlIssuer,
    texts: (l10n) => ({
      title: l10n.t('Issuer URL'),
      path: signOnSettings(l10n),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        unknownForm: unknownForm(l10n),
        notSamlIssuer: {
          found: l10n.t('This is not the form of an issuer URL of IAM Identity Center.'),
          next: l10n.t(
            'It ends in /saml/ and the id of the directory. The ACS URL goes into the other field.',
          ),
        },
      },
    }),
  }),
  defineCheck({
    id: 'manual.userNameFormat',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('Application username format fits the user names in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Credentials Details > Application username format',
      ),
    }),
  }),
];
