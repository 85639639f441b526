import { commands, l10n, QuickPickItemKind } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { checkAllowed } from '../../features/organizationPolicy.ts';
import { connectionRow } from '../format/formatConnection.ts';
import { providerOf } from '../providers/index.ts';
import type { QuestionContext } from '../providers/provider.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { isPossiblyAllowed, offerConnections, onlyConnection } from './signInQuestions.ts';
import type { Offering } from './signInQuestions.ts';
import { inOrderOfUse } from './usedConnections.ts';

interface Row extends ListRow {
  readonly connection?: Connection;
  readonly choose?: () => Promise<Connection>;
}

/**
 * The only matching connection, or the one that the user selects with {@link chooseConnection}.
 * @throws SignInError `cancelled`, or `blockedByOrganization` for one that is not allowed
 */
export async function askConnection(
  context: QuestionContext & Offering,
  type: Connection['type'],
): Promise<Connection> {
  return (await onlyConnection(context, type)) ?? chooseConnection(context, type);
}

/**
 * Asks for a connection: a configured one of this type, one of the AWS CLI's, or a new one.
 * @throws SignInError as {@link askConnection}
 */
export async function chooseConnection(
  context: QuestionContext & Offering,
  type: Connection['type'],
): Promise<Connection> {
  const provider = providerOf({ type });
  const title = provider.signInTitle();
  const { provided, configured, found, notAllowed } = await offerConnections(context, type);
  const ask = async (): Promise<Connection> => {
    const known = [...provided, ...configured, ...found];
    const typed = await provider.askNew(context, title, { totalSteps: 2, known });
    // An existing connection keeps its name and options.
    return known.find((one) => connectionKey(one) === connectionKey(typed)) ?? typed;
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
 * Asks for one of these connections, unless only one is allowed.
 * @throws SignInError `cancelled`, or `blockedByOrganization` when none is allowed
 */
export async function chooseAmong(
  context: Offering,
  connections: readonly Connection[],
): Promise<Connection> {
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

/** The row of configured connections that are not allowed; selecting it explains why, and who decides. */
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

/** Opens the connections instead of signing in. */
async function manage(): Promise<never> {
  await commands.executeCommand('developerSignIn.manageConnections');
  throw new SignInError('cancelled');
}
