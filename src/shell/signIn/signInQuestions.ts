import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { defined } from '../../core/defined.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { identifiesPerson } from '../../core/session/account.ts';
import type { Session } from '../../core/session/session.ts';
import { isAllowed, isProvided } from '../../features/organizationPolicy.ts';
import type { OrganizationPolicy } from '../../features/organizationPolicy.ts';
import { resolveConnection } from '../../input/customStartUrl.ts';
import type { ShellContext } from '../context.ts';
import { nameOf } from '../format/formatSession.ts';
import { providerOf } from '../providers/index.ts';
import { remember } from '../remember.ts';
import { findAwsConnections } from './awsConnections.ts';
import type { AwsConnections } from './awsConnections.ts';
import { chooseAccount, isLive } from './chooseAccount.ts';
import { confirm } from './confirmRequest.ts';
import { inOrderOfUse } from './usedConnections.ts';

/** What an offer of connections stands on. */
export type Offering = Pick<ShellContext, 'connections' | 'log' | 'memento' | 'organization' | 'ssoSessions'>;

/** The connections there are to choose from. */
export interface ConnectionOffer {
  /** From the organization, the one that was used last first. */
  readonly provided: readonly Connection[];
  /** From the settings, likewise. */
  readonly configured: readonly Connection[];
  /** From the AWS CLI's configuration, where the settings do not have them. */
  readonly found: readonly Connection[];
  /** From the settings, but the organization does not allow them. */
  readonly notAllowed: readonly Connection[];
  /** What is wrong in the AWS CLI's configuration. */
  readonly fileTroubles: AwsConnections['fileTroubles'];
}

/** The one connection of this kind that can be signed in to; undefined where there are several or none. */
export async function onlyConnection(
  context: Offering,
  type: Connection['type'],
): Promise<Connection | undefined> {
  const { provided, configured, found } = await offerConnections(context, type);
  const [only, ...others] = [...provided, ...configured, ...found];
  return others.length === 0 ? only : undefined;
}

/** What can be offered, of one kind or of both. */
export async function offerConnections(
  context: Offering,
  type?: Connection['type'],
): Promise<ConnectionOffer> {
  const isInAwsConfig = type === undefined || providerOf({ type }).isInAwsConfig;
  const [{ policy }, connections, { found, fileTroubles }] = await Promise.all([
    context.organization(),
    context.connections(),
    isInAwsConfig ? findAwsConnections(context) : nothing,
  ]);
  const wanted = connections.filter((one) => type === undefined || one.type === type);
  const offered = wanted.filter((one) => isPossiblyAllowed(policy, one));
  const keys = new Set(wanted.map(connectionKey));
  return {
    provided: inOrderOfUse(
      context,
      offered.filter((one) => isProvided(policy, one)),
    ),
    configured: inOrderOfUse(
      context,
      offered.filter((one) => !isProvided(policy, one)),
    ),
    notAllowed: wanted.filter((one) => !isPossiblyAllowed(policy, one)),
    found: found.filter((one) => !keys.has(connectionKey(one)) && isPossiblyAllowed(policy, one)),
    fileTroubles,
  };
}

const nothing = { found: [], fileTroubles: [] } as const;

/** Whether the organization may allow it: where a company's own address leads is known at a sign-in, and checked there. */
export function isPossiblyAllowed(policy: OrganizationPolicy, connection: Connection): boolean {
  return isAllowed(policy, connection) || providerOf(connection).isResolvedLater(connection);
}

/**
 * An endpoint that is not exactly one of AWS's own sign-in hosts, nor loopback, is confirmed once, by name.
 * @throws SignInError `cancelled`, or `invalidInput` when it is not an https address
 */
export async function confirmEndpoints(context: ShellContext, connection: Connection): Promise<void> {
  const hosts = await providerOf(connection).foreignHosts(context, connection);
  const confirmed = context.memento.get<readonly string[]>('confirmedEndpoints', []);
  const open = hosts.filter((host) => !confirmed.includes(host));
  if (open.length === 0) return;
  await confirm(
    l10n.t('Send this sign-in to {0}?', open.join(', ')),
    l10n.t('The endpoint settings or environment variables point to a server that isn’t AWS.'),
    l10n.t('Continue'),
  );
  await remember(context.memento, 'confirmedEndpoints', [...confirmed, ...open]);
}

type AskingAccount = Pick<ShellContext, 'sessions' | 'http'>;

/**
 * Where the tokens of a connection do not identify a person, a second sign-in may be another person's: asks whether it replaces the
 * account that is signed in, or is to be kept beside it under a name of its own. An account that has ended can be signed
 * in to again. Nothing is asked where the request names its account, or where it can only be the one that has ended.
 * @throws SignInError `cancelled`
 */
export async function askWhichAccount(
  context: AskingAccount,
  connection: Connection,
  request: SignInRequest,
): Promise<SignInRequest> {
  if (request.account !== undefined || request.accountName !== undefined) return request;
  const here = await sessionsAt(context, connection);
  if (here.length === 0 || isOnlyEnded(here)) return request;
  const meant = await chooseAccount(connection, here);
  return typeof meant === 'string'
    ? { ...request, accountName: meant }
    : { ...request, ...accountRequest(meant) };
}

/**
 * What a test sign-in is asked for: no account of a person is replaced, and no question is asked. Where the connection has one whose
 * tokens do not tell whose they are, the test is beside it under a name of its own, and gone when the checks are through.
 */
export async function testAccount(
  context: AskingAccount,
  connection: Connection,
): Promise<Pick<SignInRequest, 'account' | 'accountName'>> {
  const here = await sessionsAt(context, connection);
  if (here.length === 0) return {};
  const name = l10n.t('Test sign-in');
  return { account: name, accountName: name };
}

/** Whether an account is one that {@link testAccount} asked for. */
export function isTestAccount({ account }: Session): boolean {
  return !identifiesPerson(account) && account.name === l10n.t('Test sign-in');
}

/** What a request needs to sign in to the account of a session again, and to no other. */
export function accountRequest(session: Session): Pick<SignInRequest, 'account' | 'accountName'> {
  const { name } = session.account;
  return { account: nameOf(session), ...defined({ accountName: name }) };
}

/** The sessions of a connection whose tokens do not identify a person; a company's own address is looked up where that can matter. */
async function sessionsAt(
  { sessions, http }: AskingAccount,
  connection: Connection,
): Promise<readonly Session[]> {
  const all = (await sessions.list()).sessions.filter(
    (session) => session.type === connection.type && !identifiesPerson(session.account),
  );
  if (all.length === 0) return [];
  const { signal } = new AbortController();
  // An address that cannot be looked up fails the sign-in itself, in its own words.
  const key = connectionKey(await resolveConnection(http, connection, signal).catch(() => connection));
  return all.filter((session) => connectionKey(session.connection) === key);
}

/** Whether there is one account, without a name of its own, and its session has ended. */
function isOnlyEnded(here: readonly Session[]): boolean {
  const [only] = here;
  return only !== undefined && here.length === 1 && !isLive(only) && only.account.name === undefined;
}
