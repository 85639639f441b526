import type { Connection } from '../connection/connection.ts';
import { builderId, parseStartUrl } from '../identityCenter/startUrl.ts';
import { decodeAccessToken } from '../oidc/accessToken.ts';
import { plainLine } from '../text/safeText.ts';
import type { Account } from './session.ts';

/** The id of the session of an account at a connection: SHA-256 of both, 32 hex digits. */
export async function sessionId(connectionKey: string, accountId: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${connectionKey}\n${accountId}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The tokens that can name a person; the ID token only where it was validated. */
interface AccountTokens {
  readonly accessToken: string;
  readonly idToken?: string;
}

/**
 * The account behind a token set. Its ID is made from the connection's own address and the subject, never from an
 * `iss` claim: a server cannot give itself the account of another one. The label carries the address too, so the
 * consent that VS Code keeps under a label never holds for another issuer. Tokens that do not identify a person (all of Identity
 * Center's, and opaque ones) stand for one account per connection, unless `givenName` tells a further one apart.
 * `taken` are the other accounts of the provider; a label that one of them has gets the subject into it.
 */
export function accountOf(
  connection: Connection,
  tokens: AccountTokens,
  taken: readonly Account[] = [],
  givenName?: string,
): Account {
  const { id, address, subject, name } =
    connection.type === 'okta'
      ? oidcAccount(connection.issuer, claimsOf(tokens))
      : portalAccount(connection.startUrl);
  if (subject === undefined && givenName !== undefined) {
    const own = `${id} ${namedPart}${givenName}`;
    return { id: own, label: freeLabel(own, [givenName], address, taken), name: givenName };
  }
  if (name === undefined) return { id, label: address };
  const names = [name, `${name}, ${plainLine(subject ?? '')}`];
  return { id, label: freeLabel(id, names, address, taken), name };
}

/** The first of these names that no other account has at this address; the last one with a number where all are taken. */
function freeLabel(id: string, names: readonly string[], address: string, taken: readonly Account[]): string {
  const labels = new Set(taken.filter((other) => other.id !== id).map((other) => other.label));
  for (let count = 0; ; count++) {
    const name = names[count] ?? `${names.at(-1) ?? ''}, ${count + 1}`;
    const label = `${name} (${address})`;
    if (!labels.has(label)) return label;
  }
}

/**
 * The account of a session that release 0.1.0 stored. It took the ID from the token's `iss` and `uid`, and the label was
 * the login, alone or with the host behind it.
 */
export function accountOfOldRecord(connection: Connection, tokens: AccountTokens, old: Account): Account {
  const account = accountOf(connection, tokens);
  const subject = old.id.slice(old.id.indexOf(' ') + 1);
  if (connection.type !== 'okta' || account.name !== undefined || account.id.endsWith(` ${subject}`))
    return account;
  const login = old.label.replace(/ \([^()]*\)$/, '');
  const { id, address, name } = oidcAccount(connection.issuer, { subject, login });
  return name === undefined ? account : { id, label: `${name} (${address})`, name };
}

/** Whether the tokens themselves tell who it is; otherwise a second person at the same connection looks the same. */
export function identifiesPerson({ id, name }: Account): boolean {
  return name !== undefined && !id.endsWith(` ${namedPart}${name}`);
}

/** Marks a name that a person gave, so that it is never taken for a subject of a server. */
const namedPart = 'name:';

interface AccountParts {
  readonly id: string;
  /** Where it is; different for every issuer and start URL, and without a space. */
  readonly address: string;
  /** The stable identifier within the issuer, where the tokens have one. */
  readonly subject?: string;
  /** The login to show. */
  readonly name?: string;
}

interface PersonClaims {
  readonly subject?: string | undefined;
  readonly login?: string | undefined;
}

/** At Okta `uid` of an access token and `sub` of an ID token are the same person; `sub` of an access token is the login. */
function claimsOf({ accessToken, idToken }: AccountTokens): PersonClaims {
  const access = decodeAccessToken(accessToken);
  const identity = idToken === undefined ? {} : decodeAccessToken(idToken);
  return { subject: access.uid ?? access.sub ?? identity.sub, login: access.sub ?? identity.sub };
}

function oidcAccount(issuer: string, { subject, login }: PersonClaims): AccountParts {
  const { protocol, host, hostname, pathname } = new URL(issuer);
  const address = `${protocol === 'https:' ? '' : `${protocol}//`}${host}${pathname.replace(/\/$/, '')}`;
  const name =
    plainLine(login ?? '').slice(0, longestLogin) || plainLine(subject ?? '').slice(0, longestLogin);
  if (!subject || name === '') return { id: `${issuer} ${hostname}`, address };
  return { id: `${issuer} ${subject}`, address, subject, name };
}

function portalAccount(startUrl: string): AccountParts {
  const { url, partition, alias } = parseStartUrl(startUrl);
  const { hostname, pathname } = new URL(url);
  const id = `${partition ?? 'aws'} ${url}`;
  if (url === builderId.startUrl) return { id, address: alias };
  const path = pathname.replace(/\/$/, '');
  // In AWS's own forms these parts are the same for every portal; a company's own address can have several below it.
  const ownPath = partition === undefined ? path : path.replace(/^\/start$|^\/directory/, '');
  return { id, address: `${hostname}${ownPath}` };
}

/** Longer values are malformed or hostile. */
const longestLogin = 200;
