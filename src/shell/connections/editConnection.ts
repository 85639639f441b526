import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { fieldsOf } from '../../core/connection/connectionFields.ts';
import { copyLinkOf } from './connectionLinks.ts';
import type { ShellContext } from '../context.ts';
import { askField, shownValue } from './editMember.ts';
import { labelOfField } from '../format/formatConnection.ts';
import { removeConnection, notifyExistingSession } from './removeConnection.ts';
import { signInForPerson } from '../signIn/signInCommands.ts';
import { showWarning } from '../ui/messages.ts';
import { isBack } from '../ui/askText.ts';
import { showListWithBack } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** Where to continue: with the list of connections, or not at all. */
export type Next = 'list' | 'end';

type Step = Connection | Next;

interface Row extends ListRow {
  /** Resolves with the changed connection, or where to continue. */
  readonly choose: () => Promise<Step>;
}

/** Edits one connection: lists its members and actions. */
export async function editConnection(context: ShellContext, connection: Connection): Promise<Next> {
  let step: Step = connection;
  let at: string | undefined;
  while (typeof step === 'object') {
    const chosen: Row | 'back' | undefined = await showListWithBack(rowsOf(context, step), {
      title: titleOf(step),
      placeholder: l10n.t('Select an action'),
      at,
    });
    if (chosen === 'back') return 'list';
    at = chosen?.label;
    step = (await chosen?.choose()) ?? 'end';
  }
  return step;
}

function rowsOf(context: ShellContext, connection: Connection): readonly Row[] {
  const title = titleOf(connection);
  const change = (label: string, description: string, ask: () => Promise<Connection>): Row => ({
    icon: 'edit',
    label: label,
    description,
    choose: async () => {
      try {
        return await save(context, connection, await ask());
      } catch (error) {
        if (isBack(error)) return connection;
        throw error;
      }
    },
  });
  const fields = fieldsOf(connection.type).filter(({ editable }) => editable !== false);
  return [
    {
      icon: 'sign-in',
      label: l10n.t('Sign In'),
      choose: async () => {
        await signInForPerson(context, connection);
        return 'end';
      },
    },
    ...fields.map((field) =>
      change(labelOfField(connection.type, field.name), shownValue(connection, field), () =>
        askField(context, title, connection, field),
      ),
    ),
    {
      icon: 'link',
      label: l10n.t('Copy Connection Link'),
      choose: async () => {
        await copyLinkOf(context, connection);
        return 'end';
      },
    },
    {
      icon: 'trash',
      label: l10n.t('Remove'),
      choose: async () => {
        await removeConnection(context, connection);
        return 'list';
      },
    },
  ];
}

/** Saves a changed connection, and points out that an existing session keeps its old place and scopes. */
async function save(context: ShellContext, before: Connection, after: Connection): Promise<Connection> {
  const key = connectionKey(after);
  const isMoved = key !== connectionKey(before);
  const other = (await context.connections()).find((known) => connectionKey(known) === key);
  if (isMoved && other !== undefined) {
    void showWarning(l10n.t('Nothing changed. Your connection “{0}” already has these values.', other.name));
    return before;
  }
  await (await context.connectionSettings()).saveConnection(after, before);
  const hasOtherScopes = before.scopes?.join(' ') !== after.scopes?.join(' ');
  if (isMoved || hasOtherScopes) void notifyExistingSession(context, before, isMoved ? 'moved' : 'scopes');
  return after;
}

function titleOf({ name }: Connection): string {
  return l10n.t('Connection “{0}”', name);
}
