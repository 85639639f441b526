import { commands, l10n, QuickPickItemKind } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { checkAllowed, isAllowed, isProvided } from '../../features/organizationPolicy.ts';
import type { OrganizationPolicy } from '../../features/organizationPolicy.ts';
import { providerOf } from '../providers/index.ts';
import type { Asking } from '../providers/provider.ts';
import { connectionDetail, connectionRow } from '../format/formatConnection.ts';
import { inOrderOfUse } from './usedConnections.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { connectionOf } from '../../features/ssoSession.ts';
import type { AwsConfigProblem, SsoPortal } from '../../features/ssoSession.ts';
import type { ShellContext } from '../context.ts';
import { planOf } from '../../core/session/acquireTokens.ts';
import { goesBeyond } from '../../features/signInPlan.ts';
import type { SignInPlan, SignInRequest } from '../../core/session/acquireTokens.ts';
import { askWarning } from '../ui/messages.ts';
import { remember } from '../remember.ts';
import { resolveConnection } from '../../input/customStartUrl.ts';
import { plainLine } from '../../core/text/safeText.ts';
import { identifiesPerson } from '../../core/session/account.ts';
import type { Session } from '../../core/session/session.ts';
import { needsSignIn } from '../../features/sessionStatus.ts';
import { askText } from '../ui/askText.ts';
import { endOf, lifeOf, nameOf } from '../format/formatSession.ts';
import { defined } from '../../core/defined.ts';

interface Row extends ListRow {
  readonly connection?: Connection;
  readonly choose?: () => Promise<Connection>;
}

/**
 * The connection a person means: the one that fits, where there is exactly one, or as {@link chooseConnection}.
 * @throws SignInError `cancelled`, or `blockedByOrganization` for one that is not allowed
 */
export async function askConnection(
  context: Asking & Offering,
  type: Connection['type'],
): Promise<Connection> {
  return (await onlyConnection(context, type)) ?? chooseConnection(context, type);
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

/**
 * The connection a person chooses: one of the configured ones of this kind, one that the AWS CLI knows, or another one,
 * asked for.
 * @throws SignInError as {@link askConnection}
 */
export async function chooseConnection(
  context: Asking & Offering,
  type: Connection['type'],
): Promise<Connection> {
  const provider = providerOf({ type });
  const title = provider.signInTitle();
  const { provided, configured, found, notAllowed } = await offerConnections(context, type);
  const ask = async (): Promise<Connection> => {
    const typed = await provider.askNew(context, title, 2);
    // One that is there already keeps its name and its options.
    const same = (one: Connection): boolean => connectionKey(one) === connectionKey(typed);
    return [...provided, ...configured].find(same) ?? typed;
  };
  if (provided.length + configured.length + found.length + notAllowed.length === 0) return ask();
  const fromCli = l10n.t('From the AWS CLI configuration');
  return pick(title, [
    ...(provided.length === 0
      ? []
      : [heading(l10n.t('From your organization')), ...provided.map(connectionRow)]),
    ...(provided.length === 0 || configured.length === 0 ? [] : [heading(l10n.t('Your connections'))]),
    ...configured.map(connectionRow),
    ...(found.length === 0 ? [] : [heading(fromCli), ...found.map(connectionRow)]),
    heading(''),
    ...(notAllowed.length === 0 ? [] : [lockedRow(context, notAllowed)]),
    { icon: 'gear', label: l10n.t('Manage Connections…'), choose: manage },
    { icon: 'add', label: provider.anotherLabel(), choose: ask },
  ]);
}

/**
 * The one of these connections that a person means, or the only one that is allowed.
 * @throws SignInError `cancelled`, or `blockedByOrganization` when none is allowed
 */
export async function askAmong(context: Offering, connections: readonly Connection[]): Promise<Connection> {
  const rules = await context.organization();
  const allowed = connections.filter((connection) => isPossiblyAllowed(rules.policy, connection));
  const [only, ...others] = inOrderOfUse(context, allowed);
  if (only === undefined) for (const connection of connections) checkAllowed(rules, connection);
  else if (others.length === 0) return only;
  return pick(l10n.t('Sign In'), inOrderOfUse(context, allowed).map(connectionRow));
}

async function pick(title: string, rows: readonly Row[]): Promise<Connection> {
  const chosen = await showList(rows, {
    title,
    placeHolder: l10n.t('Where do you want to sign in?'),
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  const connection = chosen?.connection ?? (await chosen?.choose?.());
  if (connection === undefined) throw new SignInError('cancelled');
  return connection;
}

function heading(label: string): Row {
  return { label, kind: QuickPickItemKind.Separator };
}

/** The connections of the settings that are not allowed; choosing the row says why, and who decides. */
function lockedRow(context: Offering, notAllowed: readonly Connection[]): Row {
  return {
    icon: 'lock',
    label: l10n.t('Not allowed by your organization: {0}', notAllowed.map(({ name }) => name).join(', ')),
    choose: async () => {
      const rules = await context.organization();
      for (const connection of notAllowed) checkAllowed(rules, connection);
      throw new SignInError('cancelled');
    },
  };
}

/** What a person came for is something else then. */
async function manage(): Promise<never> {
  await commands.executeCommand('developerSignIn.manageConnections');
  throw new SignInError('cancelled');
}

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
  readonly fileTroubles: readonly FileTrouble[];
}

/** A section that is not a connection, a file that cannot be read, or what the AWS CLI does not read in it. */
export type FileTrouble =
  | { readonly file: string; readonly section: string; readonly error: SignInError }
  | { readonly file: string; readonly code: string }
  | { readonly file: string; readonly problem: AwsConfigProblem };

/** What can be offered, of one kind or of both. */
export async function offerConnections(
  context: Offering,
  type?: Connection['type'],
): Promise<ConnectionOffer> {
  const { policy } = await context.organization();
  const wanted = (await context.connections()).filter((one) => type === undefined || one.type === type);
  const offered = wanted.filter((one) => isPossiblyAllowed(policy, one));
  const keys = new Set(wanted.map(connectionKey));
  const { found, fileTroubles } =
    type === undefined || providerOf({ type }).isInAwsConfig ? await lookIntoFile(context) : nothing;
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

/** Where a company's own address leads is known at a sign-in, and checked there. */
function isPossiblyAllowed(policy: OrganizationPolicy, connection: Connection): boolean {
  return isAllowed(policy, connection) || providerOf(connection).isResolvedLater(connection);
}

async function lookIntoFile({
  log,
  ssoSessions,
}: Offering): Promise<Pick<ConnectionOffer, 'found' | 'fileTroubles'>> {
  const { file, sections, portals = [], trouble, problems = [] } = await ssoSessions();
  const found: Connection[] = [];
  const fileTroubles: FileTrouble[] = trouble === undefined ? [] : [{ file, code: trouble }];
  for (const section of sections) {
    try {
      found.push(connectionOf(section));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      fileTroubles.push({ file, section: section.name, error });
    }
  }
  for (const portal of portals) {
    const connection = portalConnection(portal);
    if (connection === undefined) continue;
    if (!found.some((one) => connectionKey(one) === connectionKey(connection))) found.push(connection);
  }
  fileTroubles.push(...problems.map((problem) => ({ file, problem })));
  if (fileTroubles.length > 0)
    log.warn('The AWS CLI configuration has problems', {
      file,
      troubles: fileTroubles.length,
    });
  return { found, fileTroubles };
}

/** What is wrong with a profile is a matter of the AWS CLI, which can go on with another one. */
function portalConnection(portal: SsoPortal): Connection | undefined {
  try {
    return connectionOf({ ...portal, name: '', scopes: [] });
  } catch {
    return undefined;
  }
}

/**
 * A request that came by arguments is shown whole and confirmed, unless it asks for nothing that its configured connection
 * does not ask for by itself.
 * @throws SignInError `cancelled`
 */
export async function confirmRequest(
  context: Pick<ShellContext, 'settings'>,
  connection: Connection,
  request: SignInRequest,
  configured: Connection | undefined,
): Promise<void> {
  const settings = context.settings();
  const plan = planOf(connection, request, settings);
  const usual = configured === undefined ? undefined : planOf(configured, {}, settings);
  if (usual !== undefined && !goesBeyond(plan, usual)) return;
  const more = usual === undefined ? [] : plan.scopes.filter((scope) => !usual.scopes.includes(scope));
  const added = more.length === 0 ? [] : [l10n.t('Not requested so far: {0}', more.join(' ')), ''];
  await confirm(
    beyondText(connection, usual, more),
    connectionDetail('arguments', connection, plan, { before: added }),
    l10n.t('Sign In'),
  );
}

/** What a request does that its connection does not do by itself. `more` are the scopes. */
function beyondText(connection: Connection, usual: SignInPlan | undefined, more: readonly string[]): string {
  if (usual === undefined) return l10n.t('Sign in to a connection that isn’t in your settings?');
  return more.length > 0
    ? l10n.t('Sign in to {0} with more permissions?', connection.name)
    : l10n.t('Sign in to {0} with different options?', connection.name);
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

async function confirm(message: string, detail: string, yes: string): Promise<void> {
  const chosen = await askWarning(message, { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
}

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
  const live = here.filter(isLive);
  if (here.length === 0 || isOnlyEnded(here)) return request;
  const keepBoth: AccountRow = {
    icon: 'person-add',
    label: live.length === 1 ? l10n.t('Keep Both') : l10n.t('Add Another Account'),
    detail: l10n.t('Give it a name so that you can tell the accounts apart.'),
  };
  const words =
    live.length === 0
      ? { title: connection.name, placeHolder: l10n.t('Sign in again, or add another account?') }
      : {
          title: l10n.t('You’re already signed in to {0}', connection.name),
          placeHolder:
            live.length === 1
              ? l10n.t('Replace the account, or keep both?')
              : l10n.t('Replace an account, or add another?'),
        };
  const rows = [...live.map(replaceRow), ...here.filter((one) => !isLive(one)).map(againRow), keepBoth];
  const chosen = await showList<AccountRow>(rows, { ...words, ignoreFocusOut: true });
  if (chosen === undefined) throw new SignInError('cancelled');
  if (chosen.session !== undefined) return { ...request, ...accountRequest(chosen.session) };
  return { ...request, accountName: await askName(connection, here) };
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

type AskingAccount = Pick<ShellContext, 'sessions' | 'http'>;

interface AccountRow extends ListRow {
  readonly session?: Session;
}

function replaceRow(session: Session): AccountRow {
  return {
    icon: 'account',
    label: l10n.t('Replace {0}', nameOf(session)),
    detail: l10n.t('Extensions that use this account get the new sign-in.'),
    session,
  };
}

function againRow(session: Session): AccountRow {
  return {
    icon: 'account',
    label:
      session.account.name === undefined
        ? l10n.t('Sign in again to {0}', session.connection.name)
        : l10n.t('Sign in again as {0}', nameOf(session)),
    detail: session.ended === undefined ? lifeOf(session) : endOf(session.ended).title,
    session,
  };
}

/** Whether there is one account, without a name of its own, and its session has ended. */
function isOnlyEnded(here: readonly Session[]): boolean {
  const [only] = here;
  return only !== undefined && here.length === 1 && !isLive(only) && only.account.name === undefined;
}

function isLive(session: Session): boolean {
  return session.ended === undefined && !needsSignIn(Date.now(), session);
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

/** @throws SignInError `cancelled` */
async function askName(connection: Connection, here: readonly Session[]): Promise<string> {
  const text = await askText({
    title: l10n.t('Add an account at {0}', connection.name),
    prompt: l10n.t(
      'Name this account so that you can tell it apart. If your browser is signed in as someone else, sign out there first or use a private window.',
    ),
    placeholder: l10n.t('For example, Admin'),
    problem: (typed) => {
      const name = plainLine(typed);
      if (name === '') return l10n.t('Enter a name.');
      if (name.length > 50) return l10n.t('Enter at most 50 characters.');
      return here.some((other) => folded(nameOf(other)) === folded(name))
        ? l10n.t('You already have an account with this name.')
        : undefined;
    },
  });
  return plainLine(text);
}

/** Two names that look the same are the same. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
