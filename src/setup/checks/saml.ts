import { normalStartUrl } from '../../core/identityCenter/startUrl.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { pastedAddress } from '../../core/text/pastedAddress.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import {
  addressResults,
  readAddress,
  regionProblem,
  regionResults,
  unknownForm,
  unknownRegion,
} from '../addresses.ts';
import { defineCheck, noticeMilliseconds } from '../check.ts';
import type { CheckContext } from '../check.ts';
import {
  applicationIdIn,
  applicationIn,
  identityCenterApplication,
  mistakenApplications,
  otherProviderIn,
} from '../oktaSamlApplication.ts';
import { samlFileResults } from '../samlFileTexts.ts';
import type { Translator } from '../translator.ts';
import type { SamlCertificate, SamlMetadata } from '../setupPorts.ts';
import type { Facts } from '../facts.ts';
import { fact, fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';

/** The bindings by which Identity Center sends a person to its identity provider (SAML 2.0 Bindings, 3.4 and 3.5). */
const bindings = ['HTTP-POST', 'HTTP-Redirect'].map((name) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`);

/** The saved file is an identity provider's metadata, and names it. */
export async function checkSamlMetadata({ ports, facts }: CheckContext) {
  const file = await facts.saml();
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
  return hasEnded ? warn('metadataExpired', { entityId, metadataEndsAt: validUntil }) : pass({ entityId });
}

/** There is a sign-on URL over https, with a binding that Identity Center uses. */
export async function checkSignOn({ facts }: CheckContext) {
  const { signOn } = await metadataIn(facts);
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
 * The file is of Okta's *AWS IAM Identity Center* application: its key stands in the sign-on URL, and its ID there and in
 * the entity ID.
 */
export async function checkSamlApplication({ facts }: CheckContext) {
  const metadata = await metadataIn(facts);
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
  return key === undefined ? inconclusive('applicationUnknown', evidence) : pass(evidence);
}

/** The saved file is what Okta publishes today for this application: the same entity ID, sign-on URLs and certificates. */
export async function checkSamlPublished({ ports, facts, signal }: CheckContext) {
  const saved = await metadataIn(facts);
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
  if (file === undefined || 'problem' in file) return inconclusive('unclearAnswer', evidence);
  const published = file.metadata;
  const [ours, theirs] = [fingerprintsIn(saved), fingerprintsIn(published)];
  const shown = { ...evidence, savedFingerprints: ours, publishedFingerprints: theirs };
  if (published.entityId !== saved.entityId) return fail('publishedEntityDiffers', shown);
  const urlsOf = ({ signOn }: SamlMetadata): string =>
    signOn
      .map(({ url }) => url)
      .toSorted()
      .join(' ');
  if (urlsOf(published) !== urlsOf(saved)) return fail('publishedSignOnDiffers', shown);
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

/**
 * There is a signing certificate that is valid now and for the next month. During a change of keys the metadata has the
 * current and the next one, or the last one still: one that is valid now is enough, and the others are notes. Its key
 * and its signature are judged too: what Identity Center takes of weak ones is not documented.
 */
export async function checkCertificates({ ports, facts }: CheckContext) {
  const { certificates } = await metadataIn(facts);
  if (certificates.length === 0) return fail('noCertificate');
  const now = ports.clock.now();
  const read = certificates
    .filter((one): one is ReadCertificate => one.state === 'read')
    .toSorted((a, b) => Number(isWeak(a)) - Number(isWeak(b)) || b.endsAt - a.endsAt);
  const current = read.find(({ startsAt, endsAt }) => startsAt <= now && endsAt > now);
  const expired = read.filter(({ endsAt }) => endsAt <= now).toSorted((a, b) => b.endsAt - a.endsAt)[0];
  const next = read.filter(({ startsAt }) => startsAt > now).toSorted((a, b) => a.startsAt - b.startsAt)[0];
  const judged = current ?? expired ?? next;
  if (judged === undefined) return fail('certificateUnreadable');
  const { keyType, keyBits, hasWeakHash } = judged;
  const evidence = {
    certificateStartsAt: judged.startsAt,
    certificateEndsAt: judged.endsAt,
    fingerprint: judged.fingerprint,
    certificateKey: [keyType.toUpperCase(), ...(keyBits === undefined ? [] : [keyBits])].join(' '),
    nextCertificateStartsAt: judged === next ? undefined : next?.startsAt,
    expiredCertificateEndedAt: judged === expired ? undefined : expired?.endsAt,
  };
  if (judged === expired) return fail('certificateExpired', evidence);
  if (judged === next) return fail('certificateNotYet', evidence);
  if (keyType !== 'rsa') return inconclusive('certificateNotRsa', evidence);
  if (keyBits !== undefined && keyBits < shortestKey) return warn('certificateShortKey', evidence);
  if (hasWeakHash) return warn('certificateWeakHash', evidence);
  const isFollowed = next !== undefined && next.startsAt <= judged.endsAt;
  const isSoon = judged.endsAt - now < noticeMilliseconds && !isFollowed;
  return isSoon ? warn('certificateEndsSoon', evidence) : pass(evidence);
}

type ReadCertificate = SamlCertificate & { readonly state: 'read' };

/** NIST SP 800-131A: shorter RSA keys are not to be used for signatures. */
const shortestKey = 2048;

function isWeak({ keyType, keyBits = 0, hasWeakHash }: ReadCertificate): boolean {
  return keyType !== 'rsa' || keyBits < shortestKey || hasWeakHash;
}

/** The metadata of a file that was found good. */
async function metadataIn(facts: Facts): Promise<SamlMetadata> {
  const file = await facts.saml();
  if ('problem' in file) throw new SignInError('invalidInput', { operation: 'samlMetadata' });
  return file.metadata;
}

/** The ACS URL has the form and the region of this Identity Center's. */
export async function checkAcsUrl({ inputs, facts }: CheckContext) {
  return checkSamlAddress(facts, inputs.acsUrl ?? '', /\/saml\/acs\/(?!d-)[\w-]+$/, 'notAcsUrl');
}

/** The issuer URL has the form and the region of this Identity Center's, and names the directory of the start URL. */
export async function checkSamlIssuer({ inputs, facts }: CheckContext) {
  const given = inputs.samlIssuerUrl ?? '';
  const found = await checkSamlAddress(facts, given, /\/saml\/(?!acs\/)[\w-]+$/, 'notSamlIssuer');
  const named = directoryIn(URL.parse(pastedAddress(given))?.pathname);
  const directory = directoryIn(URL.parse(normalStartUrl(inputs.identityCenter?.startUrl ?? ''))?.hostname);
  if (found.state === 'fail' || named === undefined || directory === undefined || named === directory)
    return found;
  return fail('directoryDiffers', { namedDirectory: named, directory });
}

/** The ID of an Identity Center directory in a host name or path. */
function directoryIn(text: string | undefined): string | undefined {
  return /(?:^|\/)(d-[\da-z]{10})(?:$|[./])/.exec(text?.toLowerCase() ?? '')?.[1];
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
  const unknown = region === undefined ? unknownRegion(address) : undefined;
  if (unknown?.state === 'fail') return unknown;
  const evidence = { address: url.href, region };
  const bare = url.pathname.replace(/\/+$/, '');
  if (bare !== url.pathname && path.test(bare))
    return fail('slashAtEnd', { ...evidence, suggestedAddress: `${url.origin}${bare}` });
  if (!path.test(url.pathname)) return fail(reason, evidence);
  return regionProblem(address, await facts.region()) ?? unknown ?? pass(evidence);
}

const applicationMetadata = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > SAML Signing Certificates > Actions > View IdP metadata',
  );
const signOnSettings = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Edit > Advanced Sign-on Settings; copied from AWS console > IAM Identity Center > Settings > Identity source',
  );

const saveFromApplication = (l10n: Translator) =>
  l10n.t('In Okta, open AWS IAM Identity Center > Sign On, and save View IdP metadata again.');
const uploadAgain = (l10n: Translator) =>
  l10n.t('Save the metadata from Okta again, and upload it in IAM Identity Center.');
const replaceCertificate = (l10n: Translator) =>
  l10n.t('Generate a new certificate in Okta, upload the new metadata in AWS, and then make it active.');
const applicationUnknown = (l10n: Translator) => ({
  found: l10n.t('The metadata doesn’t identify its application.'),
  next: l10n.t('Compare the file with View IdP metadata of the AWS IAM Identity Center application.'),
});
const slashAtEnd = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('The URL has a trailing slash.'),
  next: l10n.t('Use this in Okta: {0}', fact(result, 'suggestedAddress')),
});

/** What Okta and Identity Center have of each other for SAML. */
export const samlChecks = [
  defineCheck({
    id: 'saml.metadata',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml'],
    run: checkSamlMetadata,
    texts: (l10n) => ({
      title: l10n.t('Saved metadata.xml'),
      path: applicationMetadata(l10n),
      results: {
        ...samlFileResults(l10n),
        notIdentityProvider: {
          found: l10n.t('The file is the metadata of a service provider, not of Okta.'),
          next: l10n.t('Save the metadata from Okta, not from IAM Identity Center.'),
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
          next: l10n.t('Save the metadata again from the Okta Admin Console, opened with https.'),
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
            fact(result, 'application'),
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
  defineCheck({
    id: 'saml.certificates',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
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
            'Generate one under SAML Signing Certificates, save the metadata, and upload it again.',
          ),
        },
        certificateUnreadable: {
          found: l10n.t('The signing certificate can’t be read.'),
          next: l10n.t('Save the metadata again without changing it.'),
        },
        certificateExpired: {
          found: l10n.t('The signing certificate has expired.'),
          next: l10n.t(
            'Activate a new one under SAML Signing Certificates, save the metadata, and upload it in IAM Identity Center.',
          ),
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
          next: l10n.t('Run a test sign-in, or generate a certificate in Okta. Its key is RSA.'),
        }),
        certificateShortKey: (result) => ({
          found: l10n.t(
            'The key of the signing certificate is short ({0}). Use at least RSA 2048.',
            fact(result, 'certificateKey'),
          ),
          next: replaceCertificate(l10n),
        }),
        certificateWeakHash: {
          found: l10n.t('The signing certificate uses SHA-1 or an older hash.'),
          next: replaceCertificate(l10n),
        },
        certificateEndsSoon: {
          found: l10n.t('The signing certificate expires within 30 days.'),
          next: l10n.t(
            'Generate a new one, and upload the new metadata in IAM Identity Center before you activate it.',
          ),
        },
      },
      evidence: {
        certificateStartsAt: l10n.t('Certificate valid from'),
        certificateEndsAt: l10n.t('Certificate valid until'),
        fingerprint: l10n.t('Fingerprint (SHA-256)'),
        certificateKey: l10n.t('Key'),
        nextCertificateStartsAt: l10n.t('Next certificate valid from'),
        expiredCertificateEndedAt: l10n.t('Earlier certificate expired'),
      },
    }),
  }),
  defineCheck({
    id: 'saml.published',
    steps: ['identityCenter.oktaApp'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['metadataXml'],
    after: ['saml.application', 'saml.certificates'],
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
          found: l10n.t('Okta now signs with a certificate that isn’t in the saved file.'),
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
  defineCheck({
    id: 'saml.acsUrl',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['acsUrl'],
    run: checkAcsUrl,
    texts: (l10n) => ({
      title: l10n.t('ACS URL'),
      path: signOnSettings(l10n),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        ...unknownForm(l10n),
        slashAtEnd: slashAtEnd(l10n),
        notAcsUrl: {
          found: l10n.t('That’s not an ACS URL of IAM Identity Center.'),
          next: l10n.t('It contains /saml/acs/ and an ID. Enter the issuer URL in the other field.'),
        },
      },
      evidence: { suggestedAddress: l10n.t('Suggested') },
    }),
  }),
  defineCheck({
    id: 'saml.issuerUrl',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['samlIssuerUrl'],
    run: checkSamlIssuer,
    texts: (l10n) => ({
      title: l10n.t('Issuer URL'),
      path: signOnSettings(l10n),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        ...unknownForm(l10n),
        slashAtEnd: slashAtEnd(l10n),
        notSamlIssuer: {
          found: l10n.t('That’s not an issuer URL of IAM Identity Center.'),
          next: l10n.t('It ends in /saml/ and the directory’s ID. Enter the ACS URL in the other field.'),
        },
        directoryDiffers: (result) => ({
          found: l10n.t(
            'The issuer URL belongs to {0}. The start URL belongs to {1}.',
            fact(result, 'namedDirectory'),
            fact(result, 'directory'),
          ),
          next: l10n.t('Copy both from the console of the same IAM Identity Center instance.'),
        }),
      },
      evidence: {
        namedDirectory: l10n.t('Directory in the issuer URL'),
        directory: l10n.t('Directory in the start URL'),
        suggestedAddress: l10n.t('Suggested'),
      },
    }),
  }),
  defineCheck({
    id: 'manual.userNameFormat',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: [],
    texts: (l10n) => ({
      title: l10n.t('Application username format matches the user names in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Credentials Details > Application username format',
      ),
    }),
  }),
];
