import {
  addressResults,
  readAddress,
  regionProblem,
  regionResults,
  unknownForm,
  unknownRegion,
} from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import { issuerDirectory, startUrlDirectory } from '../directory.ts';
import type { Translator } from '../translator.ts';
import { isLoopbackUrl } from '../../core/text/webAddress.ts';
import { pastedAddress } from '../../input/pastedAddress.ts';
import { fact, fail, inconclusive, isResult, pass, warn } from '../checkResult.ts';
import type { CheckResult } from '../checkResult.ts';

type SamlContext = Pick<CheckContext, 'inputs' | 'lookups'>;

/** Verifies that the ACS URL has the form and region of this Identity Center's. */
export async function checkAcsUrl({ inputs, lookups }: CheckContext) {
  return checkSamlAddress(
    { inputs, lookups },
    inputs.acsUrl ?? '',
    /\/saml\/acs\/(?!d-)[\w-]+$/,
    'notAcsUrl',
  );
}

/** Verifies that the issuer URL has the form and region of this Identity Center's, and the start URL's directory. */
export async function checkSamlIssuer({ inputs, lookups }: CheckContext) {
  const given = inputs.samlIssuerUrl ?? '';
  const found = await checkSamlAddress(
    { inputs, lookups },
    given,
    /\/saml\/(?!acs\/)[\w-]+$/,
    'notSamlIssuer',
  );
  const named = issuerDirectory(inputs);
  // AWS's issuer URLs end with a directory; another ID belongs to another page or application.
  if (found.state === 'pass' && named === undefined)
    return inconclusive('noDirectory', { address: pastedAddress(given) });
  // AWS writes the ID in lower case, and SAML compares the audience exactly (SAML 2.0 Core, 2.5.1.4).
  if (
    found.state === 'pass' &&
    named !== undefined &&
    !URL.parse(pastedAddress(given))?.pathname.includes(named)
  )
    return warn('capitalLetters', {
      address: pastedAddress(given),
      suggestedAddress: pastedAddress(given).replace(/[^/]+$/, named),
    });
  if (found.state === 'fail' || inputs.accessPortal === undefined || named === undefined) return found;
  const directory = startUrlDirectory(inputs);
  if (directory !== undefined)
    return named === directory
      ? { ...found, evidence: [...found.evidence, { name: 'directory', value: directory } as const] }
      : fail('directoryDiffers', { namedDirectory: named, directory });
  return found.state !== 'pass' || (await isOfProfile({ inputs, lookups }))
    ? found
    : inconclusive('directoryNotCompared', { namedDirectory: named });
}

/** Whether the AWS profile sees the issuer URL's directory, for a start URL without one. */
async function isOfProfile({ inputs, lookups }: SamlContext): Promise<boolean> {
  if ((inputs.awsProfile ?? '').trim() === '') return false;
  const instance = await lookups.aws.instance();
  return !('refusal' in instance) && instance.value !== undefined;
}

async function checkSamlAddress<Reason extends string>(
  { inputs, lookups }: SamlContext,
  given: string,
  path: RegExp,
  reason: Reason,
) {
  const address = readAddress(given);
  if (isResult(address)) return address;
  const { url, region } = address;
  const unknown = region === undefined ? unknownRegion(address) : undefined;
  if (unknown?.state === 'fail') return unknown;
  // AWS's addresses have no port.
  if (url.port !== '' && !isLoopbackUrl(url)) return fail('notAws', { address: url.href, host: url.host });
  const evidence = { address: url.href, region };
  const bare = url.pathname.replace(/\/+$/, '');
  if (url.search !== '' || url.hash !== '')
    return fail('queryInUrl', { ...evidence, suggestedAddress: `${url.origin}${bare}` });
  if (bare !== url.pathname && path.test(bare))
    return fail('slashAtEnd', { ...evidence, suggestedAddress: `${url.origin}${bare}` });
  if (!path.test(url.pathname)) return fail(reason, evidence);
  return regionProblem(address, await lookups.region(), inputs) ?? unknown ?? pass(evidence);
}
/** The console path where IAM Identity Center's addresses are entered. */
export const signOnSettings = (l10n: Translator) =>
  l10n.t(
    'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Edit > Advanced Sign-on Settings; copied from AWS console > IAM Identity Center > Settings > Identity source',
  );

const slashAtEnd = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('The URL has a trailing slash.'),
  next: l10n.t('Use this instead: {0}', fact(result, 'suggestedAddress')),
  value: fact(result, 'suggestedAddress'),
});

const queryInUrl = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t('The URL has a query or a fragment.'),
  next: l10n.t('Use this instead: {0}', fact(result, 'suggestedAddress')),
  value: fact(result, 'suggestedAddress'),
});

/** Checks of IAM Identity Center's addresses as entered in Okta. */
export const samlAddressChecks = [
  defineCheck({
    id: 'saml.acsUrl',
    steps: ['identityCenter.signOnDetails'],
    owner: 'oktaAdministrator',
    page: 'oktaApplications',
    needs: ['acsUrl'],
    run: checkAcsUrl,
    texts: (l10n) => ({
      title: l10n.t('ACS URL'),
      passed: (result) => ({
        found: l10n.t(
          'What you entered is an ACS URL in {0}. This check doesn’t contact Okta.',
          fact(result, 'region'),
        ),
      }),
      path: signOnSettings(l10n),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        ...unknownForm(l10n),
        slashAtEnd: slashAtEnd(l10n),
        queryInUrl: queryInUrl(l10n),
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
      passed: (result) => ({
        found:
          fact(result, 'directory') === ''
            ? l10n.t(
                'What you entered is an issuer URL in {0}. This check doesn’t contact Okta.',
                fact(result, 'region'),
              )
            : l10n.t('What you entered matches the start URL. This check doesn’t contact Okta.'),
      }),
      path: signOnSettings(l10n),
      results: {
        ...addressResults(l10n),
        ...regionResults(l10n),
        ...unknownForm(l10n),
        slashAtEnd: slashAtEnd(l10n),
        queryInUrl: queryInUrl(l10n),
        capitalLetters: (result) => ({
          found: l10n.t('The directory’s ID has capital letters. AWS writes it in lowercase.'),
          next: l10n.t('Use this instead: {0}', fact(result, 'suggestedAddress')),
          value: fact(result, 'suggestedAddress'),
        }),
        notSamlIssuer: {
          found: l10n.t('That’s not an issuer URL of IAM Identity Center.'),
          next: l10n.t('It ends in /saml/ and the directory’s ID. Enter the ACS URL in the other field.'),
        },
        noDirectory: {
          found: l10n.t('The issuer URL doesn’t contain a directory’s ID.'),
          next: l10n.t('Copy the address again from the IAM Identity Center console.'),
        },
        directoryNotCompared: {
          found: l10n.t('The start URL doesn’t contain the directory’s ID, so the two can’t be compared.'),
          next: l10n.t('Compare the issuer URL with the console, or select an AWS profile.'),
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
    provenBy: ['oktaApi.scimEffect'],
    texts: (l10n) => ({
      title: l10n.t('Application username format matches the usernames in IAM Identity Center'),
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Sign On > Credentials Details > Application username format',
      ),
    }),
  }),
];
