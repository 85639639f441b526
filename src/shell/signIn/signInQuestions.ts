import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { defined } from '../../core/defined.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { identifiesPerson } from '../../core/session/namedAccount.ts';
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

/** The dependencies of an offer of connections. */
export type Offering = Pick<ShellContext, 'connections' | 'log' | 'memento' | 'organization' | 'ssoSessions'>;

/** The connections to choose from. */
export interface ConnectionOffer {
  /** From the organization, last used first. */
  readonly provided: readonly Connection[];
  /** From the settings, last used first. */
  readonly configured: readonly Connection[];
  /** From the AWS CLI's configuration, unless the settings have them. */
  readonly found: readonly Connection[];
  /** From the settings, but not allowed by the organization. */
  readonly notAllowed: readonly Connection[];
  /** Problems of the AWS CLI's configuration. */
  readonly fileProblems: AwsConnections['fileProblems'];
}

/** The only available connection of this type; undefined if there are several or none. */
export async function onlyConnection(
  context: Offering,
  type: Connection['type'],
): Promise<Connection | undefined> {
  const { provided, configured, found } = await offerConnections(context, type);
  const [only, ...others] = [...provided, ...configured, ...found];
  return others.length === 0 ? only : undefined;
}

/** The available connections, of one type or of all. */
export async function offerConnections(
  context: Offering,
  type?: Connection['type'],
): Promise<ConnectionOffer> {
  const isInAwsConfig = type === undefined || providerOf({ type }).isInAwsConfig;
  const [{ policy }, connections, { found, fileProblems }] = await Promise.all([
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
    fileProblems,
  };
}

const nothing = { found: [], fileProblems: [] } as const;

/** Whether the organization may allow a connection; a custom start URL is resolved and checked only at sign-in. */
export function isPossiblyAllowed(policy: OrganizationPolicy, connection: Connection): boolean {
  return isAllowed(policy, connection) || providerOf(connection).isResolvedLater(connection);
}

/**
 * Asks once, by name, for confirmation of an endpoint that is neither one of AWS's own sign-in hosts nor
 * loopback.
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

type AccountQuestionContext = Pick<ShellContext, 'sessions' | 'http'>;

/**
 * If tokens of a connection do not identify a person, asks whether a second sign-in replaces the current
 * account or is kept beside it under a name. Does not ask if the request names its account, or if the only
 * account has ended.
 * @throws SignInError `cancelled`
 */
export async function askWhichAccount(
  context: AccountQuestionContext,
  connection: Connection,
  request: SignInRequest,
): Promise<SignInRequest> {
  if (request.account !== undefined || request.accountName !== undefined) return request;
  const here = await sessionsAt(context, connection);
  if (here.length === 0 || isOnlyEnded(here)) return request;
  const meant = await chooseAccount(connection, here);
  return typeof meant === 'string'
    ? { ...request, accountName: meant }
    : { ...request, ...accountRequest(meant), ...(isLive(meant) ? { replacesAccount: true } : {}) };
}

/**
 * The account request of a test sign-in, which replaces no account and asks nothing. If tokens of the
 * connection do not identify a person, the test gets a name of its own, and is removed when the checks are
 * finished.
 */
export async function testAccount(
  context: AccountQuestionContext,
  connection: Connection,
): Promise<Pick<SignInRequest, 'account' | 'accountName'>> {
  const here = await sessionsAt(context, connection);
  if (here.length === 0) return {};
  const name = l10n.t('Test sign-in');
  return { account: name, accountName: name };
}

/** Whether an account comes from {@link testAccount}. */
export function isTestAccount({ account }: Session): boolean {
  return !identifiesPerson(account) && account.name === l10n.t('Test sign-in');
}

/** The request parameters that limit a sign-in to a session's account. */
export function accountRequest(session: Session): Pick<SignInRequest, 'account' | 'accountName'> {
  const { name } = session.account;
  return { account: nameOf(session), ...defined({ accountName: name }) };
}

/** Sessions of a connection whose tokens do not identify a person. Resolves a custom start URL if that matters. */
async function sessionsAt(
  { sessions, http }: AccountQuestionContext,
  connection: Connection,
): Promise<readonly Session[]> {
  const all = (await sessions.list()).sessions.filter(
    (session) => session.type === connection.type && !identifiesPerson(session.account),
  );
  if (all.length === 0) return [];
  const { signal } = new AbortController();
  // If the address cannot be resolved, the sign-in itself fails and reports it.
  const key = connectionKey(await resolveConnection(http, connection, signal).catch(() => connection));
  return all.filter((session) => connectionKey(session.connection) === key);
}

/** Whether the only account has no name of its own, and its session has ended. */
function isOnlyEnded(here: readonly Session[]): boolean {
  const [only] = here;
  return only !== undefined && here.length === 1 && !isLive(only) && only.account.name === undefined;
}
