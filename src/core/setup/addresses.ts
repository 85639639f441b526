import { isRegion, partitionOf } from '../identityCenter/regions.ts';
import { safeText } from '../safeText.ts';
import { isLoopbackUrl } from '../webAddress.ts';
import { wrong } from './finding.ts';
import type { Finding } from './finding.ts';

/** An address of AWS as an administrator copied it. */
export interface CopiedAddress {
  readonly url: URL;
  /** Where the address names one: in AWS's host names, or in the path of a stand-in on this machine. */
  readonly region: string | undefined;
}

/** Host names of AWS that have their region in them; not every live form was observed, so they are data. */
const regionalHosts: readonly RegExp[] = [
  /^scim\.([\da-z-]+)\.(?:amazonaws\.(?:com|com\.cn|eu)|api\.(?:aws|amazonwebservices\.(?:com\.cn|eu)))$/,
  /^([\da-z-]+)\.(?:sso\.)?signin\.aws$/,
  /^([\da-z-]+)\.signin\.aws\.amazon\.com$/,
  /^([\da-z-]+)\.(?:sso\.)?signin\.amazonaws-us-gov\.com$/,
  /^([\da-z-]+)\.signin\.(?:amazonaws\.cn|amazonaws\.com\.cn|amazonaws\.eu)$/,
];

/** Reads an address that must be https (or on this machine), or says what is wrong with it. */
export function readAddress(given: string): CopiedAddress | Finding {
  const text = given.trim();
  const url = URL.parse(text);
  if (url === null || /\s/.test(text)) return wrong('notAddress', { given: safeText(text) });
  const isLoopback = isLoopbackUrl(url);
  if (url.protocol !== 'https:' && !isLoopback) return wrong('notHttps', { given: safeText(text) });
  if (url.username !== '' || url.password !== '') return wrong('notAddress', { host: url.host });
  const inHost = regionalHosts.map((form) => form.exec(url.hostname)?.[1]).find((one) => one !== undefined);
  const inPath = isLoopback ? url.pathname.split('/').find(isRegion) : undefined;
  return { url, region: inHost !== undefined && isRegion(inHost) ? inHost : inPath };
}

/** What is wrong with an address's region beside the one of the Identity Center, or undefined. */
export function regionProblem(
  { url, region }: CopiedAddress,
  expected: string | undefined,
): Finding | undefined {
  if (region === undefined || expected === undefined || region === expected) return undefined;
  const isSamePartition = partitionOf(region) === partitionOf(expected);
  const evidence = { address: url.href, portalRegion: region, region: expected };
  return wrong(isSamePartition ? 'regionDiffers' : 'partitionDiffers', evidence);
}

export function isFinding(value: CopiedAddress | Finding): value is Finding {
  return 'state' in value;
}
