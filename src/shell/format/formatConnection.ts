import { l10n } from 'vscode';
import { placeOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { ConnectionType } from '../../core/connection/connectionFields.ts';
import { textOfValue } from '../../input/fieldValues.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import type { SignInPlan } from '../../core/session/acquireTokens.ts';
import { flowText } from '../policyMessages.ts';
import { textsOfField } from '../providers/fieldTexts.ts';
import { providerOf } from '../providers/index.ts';
import { isShownInFull } from '../ui/plainText.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** A connection as a list row: name and place. */
export function connectionRow(connection: Connection): ListRow & { readonly connection: Connection } {
  return { label: connection.name, icon: 'plug', description: shortAddressOf(connection), connection };
}

/** The place of a connection, in one line. */
export function whereOf(connection: Connection): string {
  return providerOf(connection).whereOf(connection);
}

/** The place of a connection without the parts that most addresses share, since a list is narrow. */
export function shortAddressOf(connection: Connection): string {
  return whereOf(connection)
    .replace(/^https:\/\//, '')
    .replace(/\/start(?= \()/, '');
}

/** The label of a connection's field. */
export function labelOfField(type: ConnectionType, name: string): string {
  return textsOfField(l10n, type, name)?.label ?? name;
}

/** The lines about a connection and its sign-in that the user sees before a confirmation. */
function connectionDetails(connection: Connection, plan: SignInPlan): readonly string[] {
  const [address] = placeOf(connection);
  const { hostname } = new URL(address?.value ?? '');
  const letters = hostname.split('.').some((label) => label.startsWith('xn--'));
  const line = (name: string, text: string): string =>
    l10n.t('{0}: {1}', labelOfField(connection.type, name), text);
  const portLines =
    plan.redirectPorts.length === 0 ? [] : [line('redirectPorts', plan.redirectPorts.join(', '))];
  return [
    l10n.t('Type: {0}', providerOf(connection).nameOf(connection)),
    l10n.t('Host: {0}', hostname),
    ...(letters ? [l10n.t('This host contains look-alike characters. It’s shown in its encoded form.')] : []),
    ...placeOf(connection).map(({ name, value }) => line(name, value)),
    line('scopes', plan.scopes.join(' ')),
    line('flow', flowText(plan.flow)),
    ...(plan.redirectUri === undefined ? portLines : [line('redirectUri', plan.redirectUri)]),
    ...Object.entries(plan.sent).map(([name, value]) => line(name, textOfValue(value))),
    ...(plan.asksAgain ? [l10n.t('Prompts for credentials even if your browser is signed in.')] : []),
  ];
}

/**
 * Like {@link connectionDetails}, with surrounding text, as the complete detail of a question.
 * @throws SignInError `invalidInput` with `reason` `tooLong` if it is too long to read before a confirmation
 */
export function connectionDetail(
  operation: 'arguments' | 'link',
  connection: Connection,
  plan: SignInPlan,
  {
    before = [],
    after = [],
  }: { readonly before?: readonly string[]; readonly after?: readonly string[] } = {},
): string {
  const detail = [...before, ...connectionDetails(connection, plan), ...after].join('\n');
  if (!isShownInFull(detail))
    throw new SignInError('invalidInput', { operation, reason: 'tooLong', input: 'scopes' });
  return detail;
}
