import { isAwsOwned } from '../input/startUrlForms.ts';
import { partitions } from '../core/identityCenter/partitions.ts';
import { isRegion, partitionOf } from '../core/identityCenter/regions.ts';
import { pastedAddress } from '../input/pastedAddress.ts';
import { firstInvisible } from '../core/text/pastedText.ts';
import { safeText } from '../core/text/safeText.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import type { Translator } from './translator.ts';
import { fact, fail, inconclusive, isResult } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { SetupInputs } from './setupPorts.ts';

/** An address of AWS as an administrator copied it. */
export interface CopiedAddress {
  readonly url: URL;
  /** Where the address names one: in AWS's host names, or in the path of a stand-in on this machine. */
  readonly region: string | undefined;
}

/** Host names of AWS that have their region in them; not every live form was observed, so they are data. */
const regionalHosts: readonly RegExp[] = [
  /^([\da-z-]+)\.(?:sso\.)?signin\.aws$/,
  /^([\da-z-]+)\.signin\.aws\.amazon\.com$/,
  /^([\da-z-]+)\.(?:sso\.)?signin\.amazonaws-us-gov\.com$/,
  /^([\da-z-]+)\.signin\.(?:amazonaws\.cn|amazonaws\.com\.cn|amazonaws\.eu)$/,
];

/** The region of a SCIM endpoint of Identity Center, of either address family, by its host; undefined for any other host. */
function scimRegion(hostname: string): string | undefined {
  const [, region = '', suffix = ''] = /^scim\.([\da-z-]+)\.([\da-z.-]+)$/.exec(hostname) ?? [];
  if (!isRegion(region)) return undefined;
  const { dnsSuffix, dualStackDnsSuffix } = partitions[partitionOf(region)];
  return suffix === dnsSuffix || suffix === dualStackDnsSuffix ? region : undefined;
}

/**
 * The host that a SCIM token would be sent to, where that is neither Identity Center's nor this machine: a person is
 * asked before it is sent there. Undefined where no question is needed, or for an invalid address.
 */
export function scimHostToConfirm(endpoint: string): string | undefined {
  const address = readAddress(endpoint);
  if (isResult(address)) return undefined;
  const { url } = address;
  if (isLoopbackUrl(url)) return undefined;
  return url.port === '' && scimRegion(url.hostname) !== undefined ? undefined : url.host;
}

/** Reads an address that must be https (or on this machine), or says what is wrong with it. */
export function readAddress(given: string): CopiedAddress | CheckResult<AddressReason, 'given' | 'host'> {
  const text = pastedAddress(given);
  const url = URL.parse(text);
  if (url === null || /\s/.test(text) || firstInvisible(text) !== undefined)
    return fail('notAddress', { given: safeText(text) });
  const isLoopback = isLoopbackUrl(url);
  if (url.protocol !== 'https:' && !isLoopback) return fail('notHttps', { given: safeText(text) });
  if (url.username !== '' || url.password !== '') return fail('notAddress', { host: url.host });
  const inHost =
    scimRegion(url.hostname) ??
    regionalHosts.map((form) => form.exec(url.hostname)?.[1]).find((one) => one !== undefined);
  const inPath = isLoopback ? url.pathname.split('/').find(isRegion) : undefined;
  return { url, region: inHost !== undefined && isRegion(inHost) ? inHost : inPath };
}

/**
 * What is to say of an address's region beside the one that is known of the Identity Center, or undefined where both are
 * one, or no Identity Center was given. A region that was given and not shown to be right compares nothing. Another region of the partition may be right: an Identity Center has addresses in every region that it was
 * replicated to (IAM Identity Center user guide, additional Regions).
 */
export function regionProblem(
  { url, region }: CopiedAddress,
  expected: string | undefined,
  { identityCenter }: SetupInputs,
): CheckResult<RegionReason, 'address' | 'portalRegion' | 'region'> | undefined {
  if (region === undefined || region === expected) return undefined;
  if (expected === undefined)
    return identityCenter === undefined
      ? undefined
      : inconclusive('regionNotCompared', {
          address: url.href,
          portalRegion: region,
          region: safeText(identityCenter.region),
        });
  const evidence = { address: url.href, portalRegion: region, region: expected };
  return partitionOf(region) === partitionOf(expected)
    ? inconclusive('otherRegion', evidence)
    : fail('partitionDiffers', evidence);
}

/** An address without a region: one of AWS's in a form that is not known here, or none of AWS's. */
export function unknownRegion({
  url,
}: CopiedAddress): CheckResult<'unknownForm' | 'notAws', 'address' | 'host'> {
  const evidence = { address: url.href, host: url.host };
  return isAwsOwned(url.hostname) || isLoopbackUrl(url)
    ? inconclusive('unknownForm', evidence)
    : fail('notAws', evidence);
}

/** The sentences for what {@link readAddress} finds. */
export const addressResults = (l10n: Translator) => ({
  notAddress: { found: l10n.t('Enter a valid URL.'), next: l10n.t('Copy it from the console.') },
  notHttps: {
    found: l10n.t('The URL doesn’t start with https://.'),
    next: l10n.t('Copy it from the console, including https://.'),
  },
});
/** Why an address cannot be used. */
export type AddressReason = keyof ReturnType<typeof addressResults>;

/** The sentences for what {@link regionProblem} finds. */
export const regionResults = (l10n: Translator) => ({
  otherRegion: (result: CheckResult) => ({
    found: l10n.t(
      'The address is in {0}. The connection uses {1}.',
      fact(result, 'portalRegion'),
      fact(result, 'region'),
    ),
    next: l10n.t(
      'This works only if IAM Identity Center is enabled in both Regions. Compare the address with the console.',
    ),
  }),
  regionNotCompared: (result: CheckResult) => ({
    found: l10n.t(
      'The address is in {0}. It can’t be compared until {1} is confirmed as the Region.',
      fact(result, 'portalRegion'),
      fact(result, 'region'),
    ),
    next: l10n.t('Fix what the checks of the start URL and Region report first.'),
  }),
  partitionDiffers: (result: CheckResult) => ({
    found: l10n.t(
      'The address and the Region {0} belong to different AWS partitions.',
      fact(result, 'region'),
    ),
    next: l10n.t(
      'Compare both with the console. China, GovCloud, and the sovereign cloud have their own addresses.',
    ),
  }),
});
/** Why a Region does not fit. */
export type RegionReason = keyof ReturnType<typeof regionResults>;

/** The sentences for what {@link unknownRegion} finds. */
export const unknownForm = (l10n: Translator) => ({
  unknownForm: {
    found: l10n.t('The address doesn’t contain a Region, so it can’t be compared.'),
    next: l10n.t('Compare it with the console.'),
  },
  notAws: (result: CheckResult) => ({
    found: l10n.t('{0} doesn’t belong to AWS.', fact(result, 'host')),
    next: l10n.t('Copy the address again from the IAM Identity Center console.'),
  }),
});

/** The sentences for a start URL whose own region is another than the given one. */
export const regionDiffers = (l10n: Translator) => (result: CheckResult) => ({
  found: l10n.t(
    'The address is in the Region {0}, but you entered {1}.',
    fact(result, 'portalRegion'),
    fact(result, 'region'),
  ),
  next: l10n.t(
    'Copy the address again from the console, in the Region where IAM Identity Center is enabled.',
  ),
});
