import { l10n } from 'vscode';
import { defaultScopesOf, valueOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { FlowName } from '../../core/oauth/flows.ts';
import type { ConnectionType, Field } from '../../core/connection/connectionFields.ts';
import { textOfValue, valueOfText, withValue } from '../../input/fieldValues.ts';
import { readEntry } from '../../features/connectionEntries.ts';
import type { EntryReading } from '../../features/connectionEntries.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { askText, backError } from '../ui/askText.ts';
import { textsOfField } from '../providers/fieldTexts.ts';
import { flowText } from '../policyMessages.ts';
import { providerOf } from '../providers/index.ts';
import type { QuestionContext } from '../providers/provider.ts';
import { showListWithBack } from '../ui/quickPick.ts';

/**
 * Asks for a connection's name, at most a hundred characters.
 * @throws SignInError `cancelled`
 */
export async function askName(
  title: string,
  value: string,
  place: { readonly step?: number; readonly totalSteps?: number; readonly hasBack?: true } = {},
): Promise<string> {
  const name = await askText({
    title,
    value,
    ...place,
    prompt: l10n.t('A display name for this connection. Only you see it.'),
    placeholder: l10n.t('My company'),
    problem: (text) => {
      if (text.trim() === '') return l10n.t('Enter a value.');
      return text.trim().length > 100 ? l10n.t('Enter at most 100 characters.') : undefined;
    },
  });
  return name.trim();
}

/**
 * Asks for a field's new value; an empty answer removes it.
 * @throws SignInError `cancelled`, with `reason` `back` for *Back*
 */
export async function askField(
  context: QuestionContext,
  title: string,
  connection: Connection,
  field: EditedField,
): Promise<Connection> {
  switch (field.kind) {
    case 'name':
      return { ...connection, name: await askName(title, connection.name, { hasBack: true }) };
    case 'startUrl':
    case 'region':
    case 'issuer':
    case 'clientId':
      return providerOf(connection).edit(context, connection, field.kind, true);
    case 'flow':
      return askFlow(title, connection);
    case 'scopes':
    case 'ports':
    case 'text':
    case 'map':
      return askValue(title, connection, field);
  }
}

type EditedField = Field & { readonly name: string };

/** The value of a field, or its default. */
export function shownValue(connection: Connection, { kind, name }: EditedField): string {
  const value = valueOf(connection, name);
  if (kind === 'flow') return connection.flow === undefined ? l10n.t('Default') : flowText(connection.flow);
  if (value !== undefined) return textOfValue(value);
  return kind === 'scopes' || kind === 'ports' ? l10n.t('Default') : l10n.t('Not set');
}

/** Asks for a field as one line of text; does not store a default. */
async function askValue(title: string, connection: Connection, field: EditedField): Promise<Connection> {
  const { examples = [], kind, name } = field;
  const usual = kind === 'scopes' ? defaultScopesOf(connection.type).join(' ') : '';
  const change = (typed: string): EntryReading => {
    // Scopes may be separated by commas, as in ~/.aws/config.
    const text = kind === 'scopes' ? typed.replaceAll(',', ' ') : typed;
    const isUsual = ['', usual].includes(text.trim().replace(/\s+/g, ' '));
    return readEntry(withValue(connection, name, isUsual ? undefined : valueOfText(kind, text)));
  };
  const typed = await askText({
    title,
    hasBack: true,
    value: textOfValue(valueOf(connection, name) ?? usual),
    prompt: promptFor(connection.type, field),
    placeholder: usual || (examples[0] ?? ''),
    problem: (text) => ('connection' in change(text) ? undefined : problemFor(connection.type, field)),
  });
  const changed = change(typed);
  return 'connection' in changed ? changed.connection : connection;
}

function promptFor(type: ConnectionType, { kind, name }: EditedField): string {
  switch (kind) {
    case 'scopes':
      return l10n.t('Enter the scopes to request, separated by spaces. Leave empty for the defaults.');
    case 'ports':
      return l10n.t(
        'Ports of this application’s redirect URIs, in the order to try them. Leave empty to use developerSignIn.okta.redirectPorts.',
      );
    default:
      return textsOfField(l10n, type, name)?.description ?? name;
  }
}

function problemFor(type: ConnectionType, { kind, name }: EditedField): string {
  switch (kind) {
    case 'scopes':
      return l10n.t('A scope can’t contain quotes, backslashes, or accents.');
    case 'ports':
      return l10n.t('Enter numbers from 1 to 65535, separated by spaces.');
    default:
      return textsOfField(l10n, type, name)?.problem ?? name;
  }
}

/** Asks for the connection's sign-in method. */
async function askFlow(title: string, connection: Connection): Promise<Connection> {
  const { flow: now, ...usual } = connection;
  const flows: readonly (FlowName | undefined)[] = [undefined, 'deviceCode', 'authorizationCode'];
  const rows = flows.map((flow) => ({
    label: flow === undefined ? l10n.t('Default') : flowText(flow),
    description: flow === now ? l10n.t('Current') : '',
    flow,
  }));
  const chosen = await showListWithBack(rows, {
    title,
    placeholder: l10n.t('Select the sign-in method for this connection'),
    at: rows.find(({ flow }) => flow === now)?.label,
  });
  if (chosen === 'back') throw backError();
  if (chosen === undefined) throw new SignInError('cancelled');
  return chosen.flow === undefined ? usual : { ...usual, flow: chosen.flow };
}
