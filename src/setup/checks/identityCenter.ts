import { errorEffects, findSignInError } from '../../core/oauth/errors.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import { builderId, endpointsOf } from '../../core/identityCenter/endpoints.ts';
import { partitionOf } from '../../core/identityCenter/regions.ts';
import { regionIn } from '../../input/regions.ts';
import { normalStartUrl, parseStartUrl } from '../../input/startUrl.ts';
import type { StartUrl } from '../../input/startUrl.ts';
import { resolveStartUrl } from '../../input/customStartUrl.ts';
import { safeText } from '../../core/text/safeText.ts';
import { regionDiffers, regionResults } from '../addresses.ts';
import { defineCheck } from '../check.ts';
import type { CheckContext } from '../check.ts';
import type { Translator } from '../translator.ts';
import { fact, fail, inconclusive, pass } from '../checkResult.ts';
import { unfinishedSignIn } from '../testSignIn.ts';

/** Verifies that the start URL is valid, and that its partition and region match the given region. */
async function checkStartUrl({ ports, inputs, signal }: CheckContext) {
  const { startUrl: given = '', region: typed = '' } = inputs.accessPortal ?? {};
  const region = regionIn(typed);
  if (region === undefined) return fail('notRegion', { given: safeText(typed) });
  let startUrl: StartUrl;
  try {
    startUrl = await resolveStartUrl(ports.http, parseStartUrl(given, region), signal);
  } catch (error) {
    if (findSignInError(error)?.kind !== 'invalidInput') throw error;
    return fail('notStartUrl', { given: safeText(given) });
  }
  // Everyone's own AWS Builder ID has this address; an organization has another.
  if (startUrl.url === builderId.startUrl) return fail('notStartUrl', { given: safeText(given) });
  const { partition, region: named } = startUrl;
  const evidence = { address: startUrl.url, region, partition };
  if (partition !== partitionOf(region)) return fail('partitionDiffers', evidence);
  // An Identity Center has a portal in every Region to which it was replicated; the next check asks the given
  // one.
  return named === undefined || named === region
    ? pass(evidence)
    : inconclusive('otherRegion', { ...evidence, portalRegion: named });
}

/** Verifies that registration and device authorization succeed in this region; the unused code expires. */
async function checkDeviceAuthorization({ ports, inputs, lookups }: CheckContext) {
  const { region = '', startUrl = '' } = inputs.accessPortal ?? {};
  const { oidc } = endpointsOf(region, ports.endpoints, normalStartUrl(startUrl));
  const evidence = { host: new URL(oidc).host, region };
  try {
    await lookups.deviceAuthorization();
    return pass(evidence);
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || known.kind === 'cancelled' || isUnseen(known)) throw error;
    const { reason: why = '', description: words, region: actual } = known.details;
    if (why.startsWith('KMS_')) return fail('encryptionKey', { ...evidence, words }, known);
    if (known.kind === 'invalidStartUrl' && actual !== undefined)
      return fail('regionDiffers', { ...evidence, portalRegion: actual }, known);
    const reason = known.kind === 'invalidStartUrl' ? 'invalidStartUrl' : 'registrationRefused';
    return fail(reason, { ...evidence, words }, known);
  }
}

/**
 * Verifies that the region's access portal answers, and that it is AWS's. Another answer at AWS's own host is a proxy's or
 * firewall's; at a configured endpoint, it is what the setting leads to.
 */
async function checkPortal({ ports, inputs, signal }: CheckContext) {
  const { region = '', startUrl = '' } = inputs.accessPortal ?? {};
  const url = normalStartUrl(startUrl);
  const { portal } = endpointsOf(region, ports.endpoints, url);
  const own = endpointsOf(region, { oidc: '', portal: '' }, url).portal;
  const response = await ports.http(`${portal}/assignment/accounts`, {
    method: 'GET',
    headers: { accept: 'application/json' },
    signal,
  });
  const { status, headers } = response;
  const evidence = { host: new URL(portal).host, status };
  const isAws = [...headers.keys()].some((name) => name.startsWith('x-amzn-'));
  if (isAws) return pass(evidence);
  return (portal === own ? inconclusive : fail)('notPortal', evidence);
}

/** Verifies that the test sign-in returns tokens: this person can sign in through the identity provider. */
async function checkIdentityCenterSignIn({ inputs, lookups }: CheckContext) {
  try {
    const { accountLabel, registrationEndsAt } = await lookups.testSignIn();
    return pass({ signedInTo: accountLabel, registrationEndsAt });
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    const unfinished = unfinishedSignIn(known);
    // Addresses that must be the same in Okta, for comparison and copying.
    const compared = { acsUrl: inputs.acsUrl, samlIssuerUrl: inputs.samlIssuerUrl };
    if (unfinished?.reason === 'providerErrorPage') return fail('providerErrorPage', compared);
    if (unfinished?.reason === 'signInNotCompleted') return inconclusive('signInNotCompleted', compared);
    if (unfinished !== undefined) return unfinished;
    if (isUnseen(known)) return inconclusive('couldNotAsk', {}, known);
    const reason = known.kind === 'denied' ? 'signInDenied' : 'signInFailed';
    return fail(reason, { words: known.details.description }, known);
  }
}

/** Whether a sign-in failed for a temporary or local reason, which proves nothing about the setup. */
function isUnseen({ kind }: SignInError): boolean {
  return ['transient', 'environment', 'local'].includes(errorEffects[kind].group);
}

const dashboard = (l10n: Translator) =>
  l10n.t('AWS console > IAM Identity Center > Dashboard > AWS access portal URL and Region');

/** Checks of the start URL, its region, and a sign-in. */
export const identityCenterChecks = [
  defineCheck({
    id: 'identityCenter.startUrl',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['accessPortal'],
    run: checkStartUrl,
    texts: (l10n) => ({
      title: l10n.t('Start URL and Region'),
      path: dashboard(l10n),
      results: {
        ...regionResults(l10n),
        notStartUrl: {
          found: l10n.t('That’s not an AWS start URL.'),
          next: l10n.t('Copy the AWS access portal URL from the dashboard.'),
        },
        notRegion: {
          found: l10n.t('This isn’t an AWS Region.'),
          next: l10n.t('Enter a valid Region, such as us-east-1 or eu-central-1.'),
        },
      },
      evidence: { partition: l10n.t('Partition') },
    }),
  }),
  defineCheck({
    id: 'identityCenter.deviceAuthorization',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['accessPortal'],
    after: ['identityCenter.startUrl'],
    run: checkDeviceAuthorization,
    texts: (l10n) => ({
      title: l10n.t('The Region hosts the start URL'),
      path: dashboard(l10n),
      results: {
        regionDiffers: regionDiffers(l10n),
        invalidStartUrl: (result) => ({
          found: l10n.t('AWS couldn’t find this start URL in {0}.', fact(result, 'region')),
          next: l10n.t(
            'Copy both from the dashboard, or sign in with IAM Identity Center to detect the Region.',
          ),
        }),
        registrationRefused: {
          found: l10n.t('AWS refused the client registration or the device authorization.'),
          next: l10n.t('Check the Region and the endpoint settings.'),
        },
        encryptionKey: {
          found: l10n.t('IAM Identity Center can’t use its encryption key.'),
          next: l10n.t(
            'Make sure that the AWS KMS key is enabled and that its key policy allows IAM Identity Center to use it.',
          ),
        },
      },
    }),
  }),
  defineCheck({
    id: 'identityCenter.portal',
    steps: ['identityCenter.identitySource'],
    owner: 'awsAdministrator',
    page: 'awsConsole',
    needs: ['accessPortal'],
    after: ['identityCenter.startUrl'],
    run: checkPortal,
    texts: (l10n) => ({
      title: l10n.t('The access portal responds'),
      path: dashboard(l10n),
      results: {
        notPortal: (result) => ({
          found: l10n.t(
            '{0} returned an unexpected response (HTTP {1}).',
            fact(result, 'host'),
            fact(result, 'status'),
          ),
          next: l10n.t('Check your proxy and the portal endpoint setting.'),
        }),
      },
    }),
  }),
  defineCheck({
    id: 'identityCenter.signIn',
    steps: ['identityCenter.signIn'],
    owner: 'oktaAdministrator',
    expires: { what: 'registration', at: 'registrationEndsAt' },
    page: 'oktaApplications',
    needs: ['accessPortal', 'testSignIn'],
    after: ['identityCenter.deviceAuthorization'],
    waitsForPerson: true,
    run: checkIdentityCenterSignIn,
    texts: (l10n) => ({
      title: l10n.t('Test sign-in'),
      passed: { found: l10n.t('Sign-in works. AWS doesn’t show who signed in.') },
      path: l10n.t(
        'Okta Admin Console > Applications > Applications > your IAM Identity Center application > Assignments',
      ),
      results: {
        signInDenied: {
          found: l10n.t('IAM Identity Center denied this person access.'),
          next: l10n.t(
            'Assign the person in Okta’s IAM Identity Center application. Wait until they’re provisioned, and make sure that they’re active.',
          ),
        },
        signInNotCompleted: {
          found: l10n.t('The test sign-in was started but not completed.'),
          next: l10n.t(
            'If the browser showed an error page, compare the ACS URL and the issuer URL (audience) in Okta’s Advanced Sign-on Settings with AWS. Otherwise, run this check again.',
          ),
        },
        providerErrorPage: {
          found: l10n.t('The browser showed an error page from Okta.'),
          next: l10n.t(
            'In Okta, open Sign On > Edit > Advanced Sign-on Settings. Paste the ACS URL and the issuer URL (audience) from AWS again.',
          ),
        },
        serviceErrorPage: {
          found: l10n.t('The browser showed an error page from AWS.'),
          next: l10n.t(
            'Upload Okta’s metadata to IAM Identity Center again, and make sure that the person’s username is the same on both sides.',
          ),
        },
        notAssignedPage: {
          found: l10n.t('The browser showed that this person isn’t assigned.'),
          next: l10n.t(
            'Assign the person in Okta’s IAM Identity Center application. Wait until they’re provisioned, and make sure that they’re active.',
          ),
        },
      },
      evidence: {
        registrationEndsAt: l10n.t('Client registration expires'),
        signedInTo: l10n.t('Signed in to'),
        acsUrl: l10n.t('ACS URL'),
        samlIssuerUrl: l10n.t('Issuer URL'),
      },
    }),
  }),
];
