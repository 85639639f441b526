import { addressOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { defined } from '../core/defined.ts';
import { SignInError } from '../core/oauth/errors.ts';
import type { HttpFetch } from '../core/ports.ts';
import { kindOf } from './addresses.ts';
import { parseStartUrl } from './startUrl.ts';
import type { StartUrl } from './startUrl.ts';
import { isAwsOwned } from './startUrlForms.ts';

/**
 * Resolves a custom start URL: one redirect over https, which must lead to a start URL of AWS. Returns a start
 * URL of AWS unchanged, without a request.
 * @throws SignInError `proxy` for a page or a redirect to a host that is not AWS's, `invalidInput` when it
 * leads elsewhere, both with `reason` `vanity`; or as the transport fails
 */
export async function resolveStartUrl(
  http: HttpFetch,
  startUrl: StartUrl,
  signal: AbortSignal,
): Promise<StartUrl> {
  if (startUrl.partition !== undefined) return startUrl;
  const response = await http(startUrl.url, { method: 'GET', headers: { accept: 'text/html' }, signal });
  const isRedirect = response.status >= 300 && response.status < 400;
  const location = isRedirect ? response.headers.get('location') : null;
  const target = location === null ? null : URL.parse(location, startUrl.url);
  const isForeign = target !== null && isWeb(target) && target.host !== new URL(startUrl.url).host;
  const isPage = response.status < 300 || [401, 403].includes(response.status);
  // A custom start URL redirects to AWS: a page, or a redirect elsewhere, may be a captive portal's.
  const isFromBetween = isRedirect ? isForeign && !isAwsOwned(target.hostname) : isPage;
  const notStartUrl = new SignInError(isFromBetween ? 'proxy' : 'invalidInput', {
    operation: 'startUrl',
    input: startUrl.url,
    reason: 'vanity',
    status: response.status,
    host: target?.host ?? new URL(startUrl.url).host,
  });
  if (target?.protocol !== 'https:') throw notStartUrl;
  let landed: StartUrl;
  try {
    landed = parseStartUrl(target.href);
  } catch {
    throw notStartUrl;
  }
  if (landed.partition === undefined) throw notStartUrl;
  return landed;
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

/**
 * A connection with its custom start URL resolved.
 * @throws SignInError as {@link resolveStartUrl}
 */
export async function resolveConnection(
  http: HttpFetch,
  connection: Connection,
  signal: AbortSignal,
): Promise<Connection> {
  const { member, address } = addressOf(connection);
  if (kindOf(connection, member) !== 'startUrl') return connection;
  const given = parseStartUrl(address);
  if (given.partition !== undefined) return connection;
  const { url, region } = await resolveStartUrl(http, given, signal);
  return { ...connection, [member]: url, ...defined({ region }) };
}
