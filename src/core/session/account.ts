import type { Connection } from '../connection.ts';
import { builderId, parseStartUrl } from '../identityCenter/startUrl.ts';
import { decodeAccessToken } from '../okta/accessToken.ts';
import { plainLine } from '../safeText.ts';
import type { Account } from './session.ts';

/** The id of the session of an account at a connection: SHA-256 of both, 32 hex digits. */
export async function sessionId(connectionKey: string, accountId: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${connectionKey}\n${accountId}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The account behind a new token set. Okta's is read from the token's claims; Identity Center's tokens name
 * nobody, so there it is the start URL. `taken` are the other accounts of the provider: a label that one of them
 * has already gets its issuer's host behind it, or the whole issuer.
 */
export function accountOf(connection: Connection, accessToken: string, taken: readonly Account[]): Account {
  const { id, labels } =
    connection.type === 'okta'
      ? oktaAccount(connection.issuer, accessToken)
      : identityCenterAccount(connection.startUrl);
  const isFree = (label: string): boolean => !taken.some((other) => other.id !== id && other.label === label);
  return { id, label: labels.find(isFree) ?? id };
}

interface AccountFacts {
  readonly id: string;
  /** From the shortest to the one that nobody else can have. */
  readonly labels: readonly string[];
}

function oktaAccount(issuer: string, accessToken: string): AccountFacts {
  const url = new URL(issuer);
  const { iss, uid, sub } = decodeAccessToken(accessToken);
  const login = plainLine(sub ?? '').slice(0, longestLabel) || url.hostname;
  const address = `${url.host}${url.pathname.replace(/\/$/, '')}`;
  return {
    id: `${iss ?? issuer} ${uid ?? login}`,
    labels: [login, `${login} (${url.hostname})`, `${login} (${address})`],
  };
}

function identityCenterAccount(startUrl: string): AccountFacts {
  const { url, partition, alias } = parseStartUrl(startUrl);
  const { hostname, pathname } = new URL(url);
  const isInHost = hostname.split('.').includes(alias) || alias === hostname;
  const label = url === builderId.startUrl ? alias : isInHost ? hostname : `${hostname}/${alias}`;
  return { id: `${partition ?? 'aws'} ${url}`, labels: [label, `${hostname}${pathname}`] };
}

/** A login is an address or a name; anything longer is somebody's mistake or mischief. */
const longestLabel = 200;
