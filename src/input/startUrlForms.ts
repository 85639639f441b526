import { builderId } from '../core/identityCenter/endpoints.ts';
import { partitionOf } from '../core/identityCenter/regions.ts';
import type { Partition } from '../core/identityCenter/regions.ts';
import { partitions } from '../core/identityCenter/partitions.ts';
import { defined } from '../core/defined.ts';
import { regionIn } from './regions.ts';

/** A parsed start URL. */
export interface StartUrl {
  /** The normal form, which is stored, compared and sent. */
  readonly url: string;
  /** Undefined for a custom start URL, whose partition only its redirect reveals. */
  readonly partition?: Partition;
  /** The region in the address, if any. */
  readonly region?: string;
  /** A short identifier of the instance: the directory's ID or alias, or the host. */
  readonly alias: string;
}

/** The parts of an address that identify an instance. */
interface Address {
  readonly host: string;
  /** Path segments that are not empty. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly fragment: string;
}

type Form = (address: Address) => StartUrl | undefined;

const instanceId = /^ssoins-[\da-z]{8,40}$/;
const directoryId = /^d-[\da-z]{10}$/;
const directoryName = /^[\da-z][\da-z-]{1,62}$/;

/** Domains on which only AWS, or customers with its permission, have hosts; never a custom start URL. */
const awsDomains =
  /(^|\.)(aws|aws\.(ic\.gov|scloud|hci\.ic\.gov)|c2s\.ic\.gov|csp\.hci\.ic\.gov|sc2s\.sgov\.gov|cloud(-aws)?\.adc-e\.uk|awsapps\.(com|cn)|amazon\.com|amazonaws(-us-gov)?\.(com|com\.cn|cn|eu)|amazonaws-eusc\.eu|amazonwebservices\.(com|com\.cn|eu))$/;

/** Hosts of AWS's sign-in pages, with the region. A table, since not every form has been observed. */
export const signInHost =
  /^([\da-z-]+)\.(?:sso\.)?signin\.(?:aws|aws\.amazon\.com|amazonaws(?:-us-gov)?\.com|amazonaws\.(?:com\.cn|cn|eu)|amazonaws-eusc\.eu)$/;

/** Whether a host is AWS's, in a known form or not. */
export function isAwsOwned(host: string): boolean {
  return awsDomains.test(host);
}

/** The start URL for a bare ID or the ARN of an instance; uses the partition of `region` if the ID has none. */
export function startUrlOfId(text: string, region?: string): StartUrl | undefined {
  const given = text.toLowerCase();
  const arn =
    /^arn:(aws|aws-us-gov|aws-cn|aws-eusc|aws-iso(?:-[bef])?):sso:[\da-z-]*:\d*:instance\/(ssoins-[\da-z]+)$/.exec(
      given,
    );
  const partition = (arn?.[1] as Partition | undefined) ?? partitionOf(regionIn(region ?? '') ?? '');
  return ofId(arn?.[2] ?? given, partition);
}

/** The start URL of an instance or directory by ID; directories have a form in three partitions. */
function ofId(id: string, partition: Partition, region?: string): StartUrl | undefined {
  const known = { partition, alias: id, ...defined({ region }) };
  if (instanceId.test(id)) return { url: `https://${partitions[partition].issuerHost}/${id}`, ...known };
  if (!directoryId.test(id)) return undefined;
  switch (partition) {
    case 'aws':
      return { url: `https://${id}.awsapps.com/start`, ...known };
    case 'aws-us-gov':
      return { url: `https://start.us-gov-home.awsapps.com/directory/${id}`, ...known };
    case 'aws-cn':
      return { url: `https://start.home.awsapps.cn/directory/${id}`, ...known };
    default:
      return undefined;
  }
}

/** `https://d-….awsapps.com/start`, with or without its path. Other paths belong to other AWS services. */
const byDirectory: Form = ({ host, path }) => {
  const alias = /^([\da-z][\da-z-]{0,62})\.awsapps\.com$/.exec(host)?.[1];
  if (alias === undefined || alias === 'start' || !['start', undefined].includes(path[0]?.toLowerCase()))
    return undefined;
  const url = `https://${host}/start`;
  return url === builderId.startUrl
    ? { url, partition: 'aws', region: builderId.region, alias: 'AWS Builder ID' }
    : { url, partition: 'aws', alias };
};

/** `https://identitycenter.amazonaws.com/ssoins-…`: an issuer, in every partition. */
const byIssuer: Form = ({ host, path }) => {
  const partition = partitionsBy(({ issuerHost }) => issuerHost === host);
  return partition === undefined ? undefined : ofId((path[0] ?? '').toLowerCase(), partition);
};

/** `https://ssoins-….portal.{region}.app.aws` and `https://ssoins-….{region}.portal.amazonaws.com`, in all partitions. */
const byPortal: Form = ({ host }) => {
  const dualStack = /^([\da-z-]+)\.portal\.([\da-z-]+)\.((?:app|api)\.[\da-z.-]+)$/.exec(host);
  const found = dualStack ?? /^([\da-z-]+)\.([\da-z-]+)\.portal\.([\da-z.-]+)$/.exec(host);
  const [, id, label = '', suffix = ''] = found ?? [];
  const region = regionIn(label);
  if (id === undefined || region === undefined) return undefined;
  const partition = partitionOf(region);
  const { portalSuffixes, dnsSuffix } = partitions[partition];
  const isOwn = dualStack === null ? suffix === dnsSuffix : portalSuffixes.includes(suffix);
  return isOwn ? { url: `https://${host}`, partition, region, alias: id } : undefined;
};

/** `https://ssoins-….portal.amazonaws.eu`: a partition with one region needs none in its address. */
const bySovereignPortal: Form = ({ host }) => {
  const id = /^([\da-z-]+)\.portal\.amazonaws\.eu$/.exec(host)?.[1];
  return id === undefined ? undefined : { url: `https://${host}`, partition: 'aws-eusc', alias: id };
};

/** `https://start.us-gov-home.awsapps.com/directory/…` and China's, with or without a region. */
const byHome: Form = ({ host, path }) => {
  const found = /^start\.(?:([\da-z-]+)\.)?(us-gov-home\.awsapps\.com|home\.awsapps\.cn)$/.exec(host);
  const [, label, home] = found ?? [];
  const id = path[1]?.toLowerCase() ?? ''; // Elsewhere, an alias is part of a host name, which ignores case.
  if (home === undefined || path[0]?.toLowerCase() !== 'directory' || !directoryName.test(id))
    return undefined;
  const partition = home.endsWith('.cn') ? 'aws-cn' : 'aws-us-gov';
  const region = label === undefined ? undefined : regionIn(label);
  if (label !== undefined && (region === undefined || partitionOf(region) !== partition)) return undefined;
  const url = `https://${host}/directory/${id}`;
  return region === undefined ? { url, partition, alias: id } : { url, partition, region, alias: id };
};

/**
 * The sign-in page, `https://{region}.signin.aws/platform/d-…/login`, and the address that leads to it,
 * `https://portal.sso.{region}.amazonaws.com/login?directory_id=d-…`: both contain ID and region.
 */
const bySignInPage: Form = ({ host, path, query }) => {
  const portal = /^portal\.sso(?:-fips)?\.([\da-z-]+)\.[\da-z.-]+$/.exec(host)?.[1];
  const region = regionIn(portal ?? signInHost.exec(host)?.[1] ?? '');
  if (region === undefined || !isAwsOwned(host)) return undefined;
  const parts = portal === undefined ? path : [query.get('directory_id') ?? ''];
  return parts
    .map((part) => ofId(part.toLowerCase(), partitionOf(region), region))
    .find((found) => found !== undefined);
};

/** The administrator's console: `https://{region}.console.aws.amazon.com/singlesignon/home#/instances/{16 digits}/…`. */
const byConsole: Form = ({ host, path, query, fragment }) => {
  const console =
    /^(?:[\da-z-]+\.)*?([\da-z-]+\.)?console\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws(?:\.cn|(?:-eusc)?\.eu))$/.exec(
      host,
    );
  const region = regionIn(query.get('region') ?? console?.[1]?.slice(0, -1) ?? '');
  const id = /\/instances\/(?:ssoins-)?([\da-f]{16})(?![\da-z])/i.exec(fragment)?.[1];
  if (console === null || region === undefined || id === undefined || path[0] !== 'singlesignon')
    return undefined;
  return ofId(`ssoins-${id.toLowerCase()}`, partitionOf(region), region);
};

const forms: readonly Form[] = [
  byDirectory,
  byIssuer,
  byPortal,
  bySovereignPortal,
  byHome,
  bySignInPage,
  byConsole,
];

/** The start URL that an AWS address belongs to; undefined for an unknown form. */
export function startUrlAt(address: Address): StartUrl | undefined {
  return forms.map((form) => form(address)).find((found) => found !== undefined);
}

function partitionsBy(isOne: (details: (typeof partitions)[Partition]) => boolean): Partition | undefined {
  return (Object.keys(partitions) as Partition[]).find((partition) => isOne(partitions[partition]));
}
