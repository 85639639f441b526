import { withoutUserInfo } from '../webAddress.ts';
import { SignInError } from '../errors.ts';
import { isRegion, partitionOf } from './regions.ts';
import type { Partition } from './regions.ts';

/** A start URL as its owner meant it. */
export interface StartUrl {
  /** The normal form: what is stored, compared and sent. */
  readonly url: string;
  /** Undefined for a company's own address, whose partition only its redirect tells. */
  readonly partition?: Partition;
  /** Where the address itself names its region. */
  readonly region?: string;
  /** What tells one instance from another in few letters: the directory's id or alias, or the host. */
  readonly alias: string;
}

/** AWS Builder ID is one Identity Center for everybody. */
export const builderId = { startUrl: 'https://view.awsapps.com/start', region: 'us-east-1' } as const;

/**
 * Reads a start URL in any form a person may paste: with spaces around it, without `https://`, with `#/…`, a
 * query, a trailing slash, or as a link into the portal. Pure: a company's own address is not resolved here.
 *
 * @throws SignInError `invalidInput` with `reason` one of `empty`, `notUrl`, `notHttps`, `userInfo`, `notStartUrl`
 * (an AWS address that is none of the known forms)
 */
export function parseStartUrl(text: string): StartUrl {
  const trimmed = text.trim().replace(/^<(.*)>$/, '$1');
  if (trimmed === '') throw invalid(text, 'empty');
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`;
  const url = URL.parse(withScheme);
  const host = url?.hostname.replace(/\.$/, '') ?? '';
  if (url === null || !/^[^.]+(\.[^.]+)+$/.test(host) || /\s/.test(trimmed)) throw invalid(text, 'notUrl');
  if (url.protocol !== 'https:') throw invalid(text, 'notHttps');
  if (url.username !== '' || url.password !== '') throw invalid(text, 'userInfo');
  if (url.port !== '') throw invalid(text, 'notStartUrl');
  const path = url.pathname.split('/').filter((part) => part !== '');
  const known = forms.map((form) => form(host, path)).find((found) => found !== undefined);
  if (known !== undefined) return known;
  if (awsOwned.test(host)) throw invalid(text, 'notStartUrl');
  const tail = path.length === 0 ? '/' : `/${path.join('/')}`;
  return { url: `https://${host}${tail}`, alias: host };
}

type Form = (host: string, path: readonly string[]) => StartUrl | undefined;

const awsOwned = /(^|\.)(awsapps\.(com|cn)|app\.aws|(aws\.)?amazon\.com|amazonaws\.(com|com\.cn|cn|eu))$/;
const instanceId = /^ssoins-[\da-z]{8,40}$/;
const directoryId = /^[\da-z][\da-z-]{1,62}$/;

/** The table of PROTOCOL.md, "Start URLs and regions", a row a function. */
const forms: readonly Form[] = [
  (host, path) => {
    const alias = /^([\da-z][\da-z-]{0,62})\.awsapps\.com$/.exec(host)?.[1];
    if (alias === undefined || alias === 'start' || path[0] !== 'start') return undefined;
    const url = `https://${host}/start`;
    return url === builderId.startUrl
      ? { url, partition: 'aws', region: builderId.region, alias: 'AWS Builder ID' }
      : { url, partition: 'aws', alias };
  },
  (host, path) => {
    if (host !== 'identitycenter.amazonaws.com' && host !== 'identitycenter.amazonaws.eu') return undefined;
    const id = path[0] ?? '';
    if (!instanceId.test(id)) return undefined;
    return { url: `https://${host}/${id}`, partition: host.endsWith('.eu') ? 'aws-eusc' : 'aws', alias: id };
  },
  (host) => {
    const found =
      /^([\da-z-]+)\.portal\.([\da-z-]+)\.app\.aws$/.exec(host) ??
      /^([\da-z-]+)\.([\da-z-]+)\.portal\.amazonaws\.(?:com|eu)$/.exec(host);
    const [, id, region] = found ?? [];
    if (id === undefined || region === undefined || !isRegion(region)) return undefined;
    const partition = partitionOf(region);
    if (partition === 'aws-cn' || (partition === 'aws-eusc') !== host.endsWith('.eu')) return undefined;
    return { url: `https://${host}`, partition, region, alias: id };
  },
  (host) => {
    const id = /^([\da-z-]+)\.portal\.amazonaws\.eu$/.exec(host)?.[1];
    return id === undefined ? undefined : { url: `https://${host}`, partition: 'aws-eusc', alias: id };
  },
  (host, path) => {
    const found = /^start\.(?:([\da-z-]+)\.)?(us-gov-home\.awsapps\.com|home\.awsapps\.cn)$/.exec(host);
    const [, region, home] = found ?? [];
    const id = path[1] ?? '';
    if (home === undefined || path[0] !== 'directory' || !directoryId.test(id)) return undefined;
    const partition = home.endsWith('.cn') ? 'aws-cn' : 'aws-us-gov';
    if (region !== undefined && (!isRegion(region) || partitionOf(region) !== partition)) return undefined;
    const url = `https://${host}/directory/${id}`;
    return region === undefined ? { url, partition, alias: id } : { url, partition, region, alias: id };
  },
];

function invalid(input: string, reason: string): SignInError {
  return new SignInError('invalidInput', {
    operation: 'startUrl',
    input: withoutUserInfo(input).slice(0, 200),
    reason,
  });
}
