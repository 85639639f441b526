import { isAwsOwned, signInHost } from '../input/startUrlForms.ts';
import { partitions } from '../core/identityCenter/partitions.ts';
import { isRegion, partitionOf } from '../core/identityCenter/regions.ts';
import { pastedAddress } from '../input/pastedAddress.ts';
import { firstInvisible } from '../input/pastedText.ts';
import { safeText } from '../core/text/safeText.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import type { Translator } from './translator.ts';
import { fact, fail, inconclusive, isResult } from './checkResult.ts';
import type { CheckResult } from './checkResult.ts';
import type { SetupInputs } from './setupPorts.ts';

/** A parsed AWS address. */
export interface CopiedAddress {
  readonly url: URL;
  /** The region in AWS's host names, or in the path of a local stand-in. */
  readonly region: string | undefined;
}

/** The region of an Identity Center SCIM endpoint (IPv4 or dual stack), by its host; undefined for any other host. */
function scimRegion(hostname: string): string | undefined {
  const [, region = '', suffix = ''] = /^scim\.([\da-z-]+)\.([\da-z.-]+)$/.exec(hostname) ?? [];
  if (!isRegion(region)) return undefined;
  const { dnsSuffix, dualStackDnsSuffix } = partitions[partitionOf(region)];
  return suffix === dnsSuffix || suffix === dualStackDnsSuffix ? region : undefined;
}

/**
 * The host that would receive a SCIM token, if it is neither Identity Center's nor this machine, and so needs
 * confirmation. Undefined if no confirmation is needed, or for an invalid address.
 */
export function scimHostToConfirm(endpoint: string): string | undefined {
  const address = readAddress(endpoint);
  if (isResult(address)) return undefined;
  const { url } = address;
  if (isLoopbackUrl(url)) return undefined;
  return url.port === '' && scimRegion(url.hostname) !== undefined ? undefined : url.host;
}

/** Parses an address, which must use https unless it is on this machine; a result on failure. */
export function readAddress(given: string): CopiedAddress | CheckResult<AddressReason, 'given' | 'host'> {
  const text = pastedAddress(given);
  const url = URL.parse(text);
  if (url === null || /\s/.test(text) || firstInvisible(text) !== undefined)
    return fail('notAddress', { given: safeText(text) });
  const isLoopback = isLoopbackUrl(url);
  if (url.protocol !== 'https:' && !isLoopback) return fail('notHttps', { given: safeText(text) });
  if (url.username !== '' || url.password !== '') return fail('notAddress', { host: url.host });
  const inHost = scimRegion(url.hostname) ?? signInHost.exec(url.hostname)?.[1];
  const inPath = isLoopback ? url.pathname.split('/').find(isRegion) : undefined;
  return { url, region: inHost !== undefined && isRegion(inHost) ? inHost : inPath };
}

/**
 * The result for an address whose region differs from the Identity Center's. Undefined if both agree or no
 * Identity Center is given; a given region that was not verified proves nothing. Another region of the
 * partition may be right: an Identity Center has addresses in every region to which it was replicated (IAM
 * Identity Center user guide, additional Regions).
 */
export function regionProblem(
  { url, region }: CopiedAddress,
  expected: string | undefined,
  { accessPortal: identityCenter }: SetupInputs,
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

/** The result for an address without a region: AWS's in an unknown form, or another host's. */
export function unknownRegion({
  url,
}: CopiedAddress): CheckResult<'unknownForm' | 'notAws', 'address' | 'host'> {
  const evidence = { address: url.href, host: url.host };
  return isAwsOwned(url.hostname) || isLoopbackUrl(url)
    ? inconclusive('unknownForm', evidence)
    : fail('notAws', evidence);
}

/** Texts for the results of {@link readAddress}. */
export const addressResults = (l10n: Translator) => ({
  notAddress: { found: l10n.t('This isn’t a URL.'), next: l10n.t('Copy it from the console.') },
  notHttps: {
    found: l10n.t('The URL doesn’t start with https://.'),
    next: l10n.t('Copy it from the console, including https://.'),
  },
});
/** Reasons of {@link readAddress}. */
export type AddressReason = keyof ReturnType<typeof addressResults>;

/** Texts for the results of {@link regionProblem}. */
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
/** Reasons of {@link regionProblem}. */
export type RegionReason = keyof ReturnType<typeof regionResults>;

/** Texts for the results of {@link unknownRegion}. */
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

/** Texts for a start URL whose region differs from the given one. */
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
