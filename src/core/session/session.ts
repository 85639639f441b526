import * as v from 'valibot';
import { connectionSchema } from '../connection.ts';
import type { Connection, IdentityCenterConnection, OktaConnection } from '../connection.ts';
import { errorEffects } from '../errors.ts';
import type { SignInErrorKind } from '../errors.ts';
import type { IdentityCenterEndpoints } from '../identityCenter/endpoints.ts';
import { registrationSchema } from '../identityCenter/registration.ts';
import type { ClientRegistration } from '../identityCenter/registration.ts';
import { builderId, parseStartUrl } from '../identityCenter/startUrl.ts';
import { decodeAccessToken } from '../okta/accessToken.ts';
import { authorizationServerSchema } from '../okta/authorizationServer.ts';
import type { AuthorizationServer } from '../okta/authorizationServer.ts';
import { plainLine } from '../safeText.ts';
import { tokenSetSchema } from '../tokenSet.ts';
import type { TokenSet } from '../tokenSet.ts';

/** Who signed in (DESIGN.md, Words). */
export interface Account {
  /** Stable: `iss` and `uid`, or partition and normal start URL. */
  readonly id: string;
  /** Unique in its provider; VS Code keeps another extension's consent under it. */
  readonly label: string;
}

interface CommonSession {
  /** Hex; the same connection and account always have the same. */
  readonly id: string;
  readonly account: Account;
  readonly tokenSet: TokenSet;
  /** When the person signed in, epoch milliseconds. */
  readonly signedInAt: number;
  /** When it was refreshed last, epoch milliseconds, if ever. */
  readonly refreshedAt?: number;
  /** Why it is over, once it is; its access token is still served until it expires. */
  readonly ended?: SessionEnd;
}

/** When a session ended, who said so, and in which words (the facts are safe to show). */
export interface SessionEnd {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: SignInErrorKind;
  readonly host?: string;
  readonly code?: string;
  readonly description?: string;
  readonly requestId?: string;
}

/** A session with what issued it: it is refreshed, revoked and signed out only there (DESIGN.md, rule 6). */
export type Session = IdentityCenterSession | OktaSession;

export interface IdentityCenterSession extends CommonSession {
  readonly type: 'identityCenter';
  readonly connection: IdentityCenterConnection;
  readonly endpoints: IdentityCenterEndpoints;
  readonly registration: ClientRegistration;
}

export interface OktaSession extends CommonSession {
  readonly type: 'okta';
  readonly connection: OktaConnection;
  readonly server: AuthorizationServer;
}

const common = {
  id: v.pipe(v.string(), v.regex(/^[\da-f]{32}$/)),
  account: v.object({ id: v.string(), label: v.string() }),
  tokenSet: tokenSetSchema,
  signedInAt: v.number(),
  refreshedAt: v.exactOptional(v.number()),
  ended: v.exactOptional(
    v.object({
      at: v.number(),
      kind: v.picklist(Object.keys(errorEffects) as SignInErrorKind[]),
      host: v.exactOptional(v.string()),
      code: v.exactOptional(v.string()),
      description: v.exactOptional(v.string()),
      requestId: v.exactOptional(v.string()),
    }),
  ),
};

/** The shape of a session in its record, version 2. */
export const sessionSchema = v.variant('type', [
  v.object({
    type: v.literal('identityCenter'),
    ...common,
    connection: connectionSchema.options[0],
    endpoints: v.object({ oidc: v.string(), portal: v.string() }),
    registration: registrationSchema,
  }),
  v.object({
    type: v.literal('okta'),
    ...common,
    connection: connectionSchema.options[1],
    server: authorizationServerSchema,
  }),
]);

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
