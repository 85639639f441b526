import { commands, l10n, QuickPickItemKind, Uri, window } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { isProvided } from '../../features/organizationPolicy.ts';
import { providerOf } from '../providers/index.ts';
import { providerTypes } from '../providers/registration.ts';
import { offerConnections } from '../signIn/signInQuestions.ts';
import type { FileProblem } from '../signIn/awsConnections.ts';
import { connectionRow } from '../format/formatConnection.ts';
import { entryMessage, fileProblemMessage } from './entryMessages.ts';
import type { ShellContext } from '../context.ts';
import { editConnection } from './editConnection.ts';
import type { Next } from './editConnection.ts';
import { askName } from './editMember.ts';
import { reportError } from '../ui/reportError.ts';
import { showInformation, showStatusMessage } from '../ui/messages.ts';
import { copyLinkOf } from './connectionLinks.ts';
import { askInSteps, isBack } from '../ui/askText.ts';
import { showListAt } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { signedInAs } from '../format/formatSession.ts';

interface Row extends ListRow {
  readonly choose?: () => Promise<Next>;
}

/** *Manage Connections*: configured connections, those of the AWS CLI, and new ones. */
export async function manageConnections(context: ShellContext): Promise<void> {
  try {
    let chosen: Row | undefined;
    for (let next: Next = 'list'; next === 'list';) {
      const rows = await rowsOf(context);
      const hasConnection = rows.some(({ detail }) => detail !== undefined);
      chosen = await showListAt(rows, {
        title: l10n.t('Manage Connections'),
        placeholder: hasConnection ? l10n.t('Select a connection to edit') : l10n.t('Select an action'),
        at: chosen?.label,
      });
      next = (await chosen?.choose?.()) ?? 'end';
    }
  } catch (error) {
    await reportError(error);
  }
}

async function rowsOf(context: ShellContext): Promise<readonly Row[]> {
  const { provided, configured, notAllowed, found, fileProblems } = await offerConnections(context);
  const { sessions } = await context.sessions.list();
  const { policy } = await context.organization();
  const standing = (connection: Connection): string => {
    const key = connectionKey(connection);
    const here = sessions.filter((one) => connectionKey(one.connection) === key);
    return signedInAs(here) ?? l10n.t('Not signed in');
  };
  const entries = (await context.connectionSettings()).readEntries();
  const broken = entries.flatMap((reading, index) => {
    const words = entryMessage(reading);
    return words === undefined ? [] : [brokenRow(index + 1, words)];
  });
  const fromCli: readonly Row[] = [
    ...found.map((connection) => ({
      ...connectionRow(connection),
      icon: 'add',
      choose: () => add(context, connection),
    })),
    ...fileProblems.map(fileRow),
  ];
  return [
    ...(provided.length === 0 ? [] : [heading(l10n.t('From your organization'))]),
    ...provided.map((connection) => ({
      ...connectionRow(connection),
      icon: 'organization',
      detail: standing(connection),
      choose: () => showProvided(context, connection),
    })),
    ...(provided.length === 0 || configured.length === 0 ? [] : [heading(l10n.t('Your connections'))]),
    ...configured.map((connection) => {
      return {
        ...connectionRow(connection),
        detail: standing(connection),
        choose: () => editConnection(context, connection),
      };
    }),
    ...notAllowed.map((connection) => {
      const row = connectionRow(connection);
      const detail = l10n.t('Not allowed by your organization');
      return {
        ...row,
        icon: 'lock',
        detail,
        choose: () =>
          isProvided(policy, connection)
            ? showProvided(context, connection)
            : editConnection(context, connection),
      };
    }),
    ...broken,
    ...(fromCli.length === 0 ? [] : [heading(l10n.t('From the AWS CLI configuration')), ...fromCli]),
    heading(''),
    ...providerTypes.map((type) => addRow(context, type)),
    { icon: 'settings-gear', label: l10n.t('Open settings.json'), choose: openSettings },
  ];
}

/** Explains a connection that the organization provides, and offers its actions. */
async function showProvided(context: ShellContext, connection: Connection): Promise<Next> {
  const { file } = await context.organization();
  const copy = l10n.t('Copy Connection Link');
  const chosen = await showInformation(
    l10n.t(
      'Your organization provides “{0}” in {1}. Only an administrator can change it.',
      connection.name,
      file,
    ),
    copy,
  );
  if (chosen === copy) await copyLinkOf(context, connection);
  return 'end';
}

function addRow(context: ShellContext, type: Connection['type']): Row {
  const provider = providerOf({ type });
  const title = provider.addTitle();
  return {
    icon: 'add',
    label: title,
    choose: async () => {
      let asked: Connection | undefined;
      let name = '';
      try {
        await askInSteps([
          async () => {
            asked = await provider.askNew(context, title, { totalSteps: 3, hasBack: true, before: asked });
            return true;
          },
          async () => {
            name = await askName(title, asked?.name ?? '', { step: 3, totalSteps: 3, hasBack: true });
            return true;
          },
        ]);
      } catch (error) {
        if (isBack(error)) return 'list';
        throw error;
      }
      return asked === undefined ? 'list' : add(context, { ...asked, name });
    },
  };
}

async function add(context: ShellContext, connection: Connection): Promise<Next> {
  await (await context.connectionSettings()).saveConnection(connection);
  showStatusMessage(l10n.t('“{0}” added', connection.name), 5000);
  return 'list';
}

function brokenRow(number: number, words: string): Row {
  return {
    icon: 'warning',
    label: l10n.t('Entry {0} of the setting isn’t valid', number),
    detail: l10n.t('{0} Select to edit settings.json.', words),
    choose: openSettings,
  };
}

function fileRow(problem: FileProblem): Row {
  return {
    icon: 'warning',
    label: fileProblemMessage(problem),
    detail: l10n.t('Select to open {0}.', problem.file),
    choose: async () => {
      await window.showTextDocument(Uri.file(problem.file));
      return 'end';
    },
  };
}

async function openSettings(): Promise<Next> {
  await commands.executeCommand('workbench.action.openSettingsJson', {
    revealSetting: { key: 'developerSignIn.connections' },
  });
  return 'end';
}

function heading(label: string): Row {
  return { label, kind: QuickPickItemKind.Separator };
}
