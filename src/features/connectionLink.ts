import * as v from 'valibot';
import type { Connection } from '../core/connection/connection.ts';
import { connectionSchema, normalConnection } from '../core/connection/connectionSchema.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { parseStartUrl } from '../core/identityCenter/startUrl.ts';
import { parseIssuer } from '../core/oidc/issuer.ts';

/**
 * A connection as a link that a company puts on its wiki:
 *
 *     vscode://developer-sign-in.developer-sign-in/connect?type=okta&issuer=https://…&clientId=…&name=…&scopes=a%20b
 *     vscode://developer-sign-in.developer-sign-in/connect?type=identityCenter&startUrl=https://…&region=…
 *
 * `name`, `scopes`, and the region where the start URL names it may be absent. Nothing else can be in it.
 */
const target = '//developer-sign-in.developer-sign-in';
const linkPath = '/connect';

const parameters: Readonly<Record<Connection['type'], readonly string[]>> = {
  identityCenter: ['type', 'name', 'startUrl', 'region', 'scopes'],
  okta: ['type', 'name', 'issuer', 'clientId', 'scopes'],
};

/** Names under which somebody might send what must not be in a link. */
const secretName = /secret|passw|token|assertion|credential|verifier|code|key/i;

/** What may stand in a scope of a link: what real ones are made of, and nothing that looks like anything else. */
const linkScope = /^[\w:./-]+$/;

/** What cannot be seen: control and format characters, halves of characters, fillers, line ends. */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const longestQuery = 4000;

/**
 * The connection that a link names, in its normal form: a host with letters outside ASCII as punycode.
 * @param path of the link
 * @param query as VS Code hands it over: percent-decoded once
 * @throws SignInError `invalidInput` of operation `link` with `reason` one of `path`, `tooLong`, `unreadable`, `type`,
 * `repeated`, `secret`, `unknown`, `missing` (`input` names the parameter), `notHttps`, `name`, `scopes`; or as
 * `parseStartUrl`, `parseIssuer`, `parseClientId` or the region refuse their part
 */
export function parseConnectionLink(path: string, query: string): Connection {
  if (path.replace(/\/$/, '') !== linkPath) throw refused('path', path);
  if (query.length > longestQuery) throw refused('tooLong');
  const given = readParameters(query);
  const type = given.get('type');
  if (type !== 'identityCenter' && type !== 'okta') throw refused('type', type);
  for (const name of given.keys()) {
    if (parameters[type].includes(name)) continue;
    throw refused(secretName.test(name) ? 'secret' : 'unknown', name);
  }
  const needed = (name: string): string => {
    const value = given.get(name) ?? '';
    if (value === '') throw refused('missing', name);
    return value;
  };
  const where =
    type === 'okta' ? oktaPlace(needed('issuer'), needed('clientId')) : centerPlace(needed, given);
  const scopes = given
    .get('scopes')
    ?.split(' ')
    .filter((scope) => scope !== '');
  if (scopes?.every((scope) => linkScope.test(scope)) === false) throw refused('scopes');
  const connection = {
    type,
    ...where,
    ...(given.has('name') ? { name: needed('name') } : {}),
    ...(scopes === undefined ? {} : { scopes }),
  };
  const parsed = v.safeParse(connectionSchema, connection);
  if (!parsed.success)
    throw refused(v.getDotPath(parsed.issues[0])?.startsWith('scopes') === true ? 'scopes' : 'name');
  if (!isPlainName(parsed.output.name)) throw refused('name');
  return normalConnection(parsed.output);
}

/**
 * The link of a connection for an editor whose addresses begin with `scheme`. Its flow and ports are settings of a
 * person's machine and stay out of it, and so does a name that could not be read back.
 * @throws SignInError `invalidInput` of operation `link` for a connection that no link can carry: one over
 * plain http, or with a scope that has other characters than `[\w:./-]`
 */
export function connectionLink(scheme: string, connection: Connection): string {
  const { type, name, scopes } = connection;
  const place =
    connection.type === 'okta'
      ? { issuer: connection.issuer, clientId: connection.clientId }
      : { startUrl: connection.startUrl, region: connection.region };
  const all = {
    type,
    ...(isPlainName(name) ? { name } : {}),
    ...place,
    ...(scopes === undefined ? {} : { scopes: scopes.join(' ') }),
  };
  const query = Object.entries(all).map(([parameter, value]) => `${parameter}=${encoded(value)}`);
  const link = `${scheme}:${target}${linkPath}?${query.join('&')}`;
  parseConnectionLink(linkPath, decodeURIComponent(query.join('&')));
  return link;
}

/** Whether a name is what it looks like: visible, with a letter or digit in it, and without an icon or a link. */
function isPlainName(name: string): boolean {
  const isMarked = ['$(', ']('].some((mark) => name.includes(mark));
  if (name.length > 100) return false;
  return name === name.trim() && /[\p{L}\p{N}]/u.test(name) && !invisible.test(name) && !isMarked;
}

function readParameters(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const [name = '', ...rest] = part.split('=');
    const value = decoded(rest.join('='));
    if (invisible.test(name) || value === undefined || invisible.test(value)) throw refused('unreadable');
    if (found.has(name)) throw refused('repeated', name);
    found.set(name, value);
  }
  return found;
}

function oktaPlace(issuer: string, clientId: string) {
  const normal = parseIssuer(issuer);
  const url = new URL(normal);
  if (url.protocol !== 'https:') throw refused('notHttps', normal);
  return { issuer: normal, clientId, name: url.hostname };
}

function centerPlace(needed: (name: string) => string, given: ReadonlyMap<string, string>) {
  const { url, region, alias } = parseStartUrl(needed('startUrl'));
  const own = given.get('region');
  return { startUrl: url, region: own ?? region ?? needed('region'), name: alias };
}

/** VS Code has decoded the query once, so that what divides it needs a second coat. A `+` is a space to many. */
function encoded(value: string): string {
  const divided = value.replace(/[%&+=#]/g, encodeURIComponent);
  return encodeURIComponent(divided).replaceAll('%2F', '/').replaceAll('%3A', ':');
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function refused(reason: string, input?: string): SignInError {
  // What looks like the name of a parameter; anything else is not worth saying back.
  const shown = input !== undefined && /^\w{1,40}$/.test(input) ? { input } : {};
  return new SignInError('invalidInput', { operation: 'link', reason, ...shown });
}
