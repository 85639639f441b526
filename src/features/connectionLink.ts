import * as v from 'valibot';
import { valueOf } from '../core/connection/connection.ts';
import type { Connection } from '../core/connection/connection.ts';
import { readAddress } from '../input/addresses.ts';
import { fieldsOf, isConnectionType, isOptional } from '../core/connection/connectionFields.ts';
import type { ConnectionType, Field } from '../core/connection/connectionFields.ts';
import { connectionSchema } from '../core/connection/connectionSchema.ts';
import { normalConnection } from '../input/addresses.ts';
import { textOfValue, valueOfText } from '../input/fieldValues.ts';
import { defined } from '../core/defined.ts';
import { SignInError } from '../core/oauth/errors.ts';
import { unicodePattern } from '../core/text/unicodePattern.ts';

/**
 * A connection as a link that an organization can publish:
 *
 * vscode://developer-sign-in.developer-sign-in/connect?type=okta&issuer=https://…&clientId=…&name=…&scopes=a%20b
 * vscode://developer-sign-in.developer-sign-in/connect?type=identityCenter&startUrl=https://…&region=…
 *
 * Its parameters are the link fields of `connectionFields.ts` and nothing else. The name, the region if the
 * start URL contains it, and optional fields can be absent.
 */
const target = '//developer-sign-in.developer-sign-in';
const linkPath = '/connect';

/** Parameter names that suggest a secret, which a link must not contain. */
const secretName = /secret|passw|token|assertion|credential|verifier|code|key/i;

/** Characters of a scope in a link: those of real scopes, without look-alikes. */
const linkScope = /^[\w:./-]+$/;

/** Invisible characters: control and format characters, surrogates, fillers, line separators. */
const invisible = unicodePattern(String.raw`[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]`);

const letterOrDigit = unicodePattern(String.raw`[\p{L}\p{N}]`);

const maxQueryLength = 4000;
const maxLabelLength = 200;

/**
 * The connection of a link, in its normal form: a host with letters outside ASCII as punycode.
 * @param path of the link
 * @param query as VS Code passes it: percent-decoded once
 * @throws SignInError `invalidInput` of operation `link` with `reason` one of `path`, `tooLong`, `unreadable`,
 * `type`, `repeated`, `secret`, `unknown`, `missing`, `value` (`input` names the parameter), `notHttps`,
 * `name`, `scopes`; or as `parseStartUrl`, `parseIssuer`, `parseClientId` or the region refuse their part
 */
export function parseConnectionLink(path: string, query: string): Connection {
  if (path.replace(/\/$/, '') !== linkPath) throw refused('path', path);
  if (query.length > maxQueryLength) throw refused('tooLong');
  const given = readParameters(query);
  const type = given.get('type');
  if (!isConnectionType(type)) throw refused('type', type);
  const fields = linkFields(type);
  for (const name of given.keys()) {
    if (name === 'type' || fields.some((field) => field.name === name)) continue;
    throw refused(secretName.test(name) ? 'secret' : 'unknown', name);
  }
  const defaults = defaultsOf(fields, given);
  const values = new Map<string, unknown>([['type', type]]);
  for (const field of fields) {
    const { name } = field;
    const text = given.get(name) ?? defaults.get(name);
    if (text === undefined && isOptional(field)) continue;
    // An empty list is reported as invalid, not as missing.
    if (text === undefined || (text === '' && !isList(field))) throw refused('missing', name);
    values.set(name, valueOfText(field.kind, text));
  }
  if (scopesIn(values).some((scope) => !linkScope.test(scope))) throw refused('scopes');
  const parsed = v.safeParse(connectionSchema, Object.fromEntries(values));
  if (!parsed.success) {
    const [input = ''] = (v.getDotPath(parsed.issues[0]) ?? '').split('.');
    throw input === 'name' || input === 'scopes' ? refused(input) : refused('value', input);
  }
  if (!isPlainName(parsed.output.name)) throw refused('name');
  return normalConnection(parsed.output);
}

/**
 * The link of a connection for an editor with this URI scheme. Omits a name that could not be parsed back, and
 * {@link leftOutOfLink machine-specific fields}.
 * @throws SignInError `invalidInput` of operation `link` for a connection that links do not allow: over plain
 * http, or with a scope that has other characters than `[\w:./-]`
 */
export function connectionLink(scheme: string, connection: Connection): string {
  return `${scheme}:${target}${linkPath}?${linkQuery(connection)}`;
}

/**
 * The link of a connection through a page that an organization hosts, `docs/connect/`: wikis accept it, and the
 * page opens the user's editor. The connection follows `#`, so no server sees it.
 * @param page its https address
 * @throws SignInError as {@link connectionLink}, or with `reason` `page` for another address
 */
export function connectionWebLink(page: string, connection: Connection): string {
  const url = URL.parse(page.trim());
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') throw refused('page');
  url.hash = '';
  return `${url.href}#${linkQuery(connection)}`;
}

/** A link in Markdown, with Markdown's special characters escaped in the label. */
export function markdownLink(label: string, address: string): string {
  const plain = label.slice(0, maxLabelLength).replace(/[\\`*_{}[\]()#+!<>|~]/g, '\\$&');
  return `[${plain}](${address.replaceAll('(', '%28').replaceAll(')', '%29')})`;
}

/** @throws SignInError as {@link connectionLink} */
function linkQuery(connection: Connection): string {
  const all = linkFields(connection.type).flatMap(({ name }) => {
    const value = valueOf(connection, name);
    const isLeftOut = value === undefined || (name === 'name' && !isPlainName(connection.name));
    return isLeftOut ? [] : [[name, textOfValue(value)] as const];
  });
  const query = [['type', connection.type] as const, ...all]
    .map(([parameter, value]) => `${parameter}=${encoded(value)}`)
    .join('&');
  parseConnectionLink(linkPath, decodeURIComponent(query));
  return query;
}

/** Names of the connection's fields that its link omits, since they are specific to a machine. */
export function leftOutOfLink(connection: Connection): readonly string[] {
  return fieldsOf(connection.type)
    .filter(({ inLink, name }) => inLink !== true && valueOf(connection, name) !== undefined)
    .map(({ name }) => name);
}

type NamedField = Field & { readonly name: string };

function linkFields(type: ConnectionType): readonly NamedField[] {
  return fieldsOf(type).filter(({ inLink }) => inLink === true);
}

function isList({ kind }: Field): boolean {
  return kind === 'scopes' || kind === 'ports' || kind === 'map';
}

function scopesIn(values: ReadonlyMap<string, unknown>): readonly string[] {
  const scopes = values.get('scopes');
  return Array.isArray(scopes) ? scopes.map(String) : [];
}

/** Values of other fields that the link's address implies, by field name: a name, and a start URL's region. */
function defaultsOf(fields: readonly NamedField[], given: ReadonlyMap<string, string>): Map<string, string> {
  const defaults = new Map<string, string>();
  for (const { kind, name } of fields) {
    const text = given.get(name) ?? '';
    if (kind !== 'issuer' && kind !== 'startUrl') continue;
    if (text === '') throw refused('missing', name);
    const { name: own, region, url } = readAddress(kind, text);
    if (!url.startsWith('https:')) throw refused('notHttps', url);
    defaults.set('name', own);
    if (region !== undefined) defaults.set('region', region);
  }
  return defaults;
}

/** Whether a name is safe to display: visible, with a letter or digit, and without an icon or link syntax. */
function isPlainName(name: string): boolean {
  const isMarked = ['$(', ']('].some((mark) => name.includes(mark));
  if (name.length > 100) return false;
  return name === name.trim() && letterOrDigit().test(name) && !invisible().test(name) && !isMarked;
}

function readParameters(query: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of query.split('&')) {
    if (part === '') continue;
    const [name = '', ...rest] = part.split('=');
    const value = decoded(rest.join('='));
    if (invisible().test(name) || value === undefined || invisible().test(value)) throw refused('unreadable');
    if (found.has(name)) throw refused('repeated', name);
    found.set(name, value);
  }
  return found;
}

/** VS Code decodes the query once, so delimiters are encoded twice. Many parsers read a `+` as a space. */
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
  // Echo only what looks like the name of a parameter.
  const shown = input !== undefined && /^\w{1,40}$/.test(input) ? input : undefined;
  return new SignInError('invalidInput', { operation: 'link', reason, ...defined({ input: shown }) });
}
