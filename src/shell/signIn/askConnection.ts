import { commands, l10n, QuickPickItemKind } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { checkAllowed, isAllowed } from '../../features/organizationPolicy.ts';
import type { OrganizationPolicy } from '../../features/organizationPolicy.ts';
import { providerOf } from '../providers/index.ts';
import type { Asking } from '../providers/provider.ts';
import { connectionRow } from '../format/formatConnection.ts';
import { inOrderOfUse } from './usedConnections.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { connectionOf } from '../../features/ssoSession.ts';
import type { AwsConfigProblem } from '../../features/ssoSession.ts';
import type { ShellContext } from '../context.ts';

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
  const { configured, found } = await offerConnections(context, type);
  const [only, ...others] = [...configured, ...found];
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
  const { configured, found, notAllowed } = await offerConnections(context, type);
  const ask = () => provider.askNew(context, title, 2);
  if (configured.length + found.length + notAllowed.length === 0) return ask();
  const fromCli = l10n.t('From the AWS CLI configuration');
  return pick(title, [
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
  const allowed = connections.filter((connection) => mayBeAllowed(rules.policy, connection));
  const [only, ...others] = inOrderOfUse(context, allowed);
  if (only === undefined) for (const connection of connections) checkAllowed(rules, connection);
  else if (others.length === 0) return only;
  return pick(l10n.t('Sign in'), inOrderOfUse(context, allowed).map(connectionRow));
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

/** What is in the settings and does not stand above: why, and who decides, is said when it is chosen. */
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
  /** From the settings, the one that was used last first. */
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
  const keys = new Set(wanted.map(connectionKey));
  const { found, fileTroubles } =
    type === undefined || providerOf({ type }).isInAwsConfig ? await lookIntoFile(context) : nothing;
  return {
    configured: inOrderOfUse(
      context,
      wanted.filter((one) => mayBeAllowed(policy, one)),
    ),
    notAllowed: wanted.filter((one) => !mayBeAllowed(policy, one)),
    found: found.filter((one) => !keys.has(connectionKey(one)) && mayBeAllowed(policy, one)),
    fileTroubles,
  };
}

const nothing = { found: [], fileTroubles: [] } as const;

/** Where a company's own address leads is known at a sign-in, and checked there. */
export function mayBeAllowed(policy: OrganizationPolicy, connection: Connection): boolean {
  return isAllowed(policy, connection) || providerOf(connection).isResolvedLater(connection);
}

async function lookIntoFile({
  log,
  ssoSessions,
}: Offering): Promise<Pick<ConnectionOffer, 'found' | 'fileTroubles'>> {
  const { file, sections, trouble, problems = [] } = await ssoSessions();
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
  fileTroubles.push(...problems.map((problem) => ({ file, problem })));
  if (fileTroubles.length > 0)
    log.warn('The AWS CLI configuration has problems', {
      file,
      troubles: fileTroubles.length,
    });
  return { found, fileTroubles };
}
