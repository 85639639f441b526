import { l10n } from 'vscode';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { builderId } from '../../core/identityCenter/startUrl.ts';
import type { SignInPlan } from '../../core/session/signInPlan.ts';
import { flowWords } from '../policyMessages.ts';
import { isShownWhole } from '../ui/plainText.ts';
import type { ListRow } from '../ui/quickPick.ts';

/** A connection as a row of a list: its name, and where it is. */
export function connectionRow(connection: Connection): ListRow & { readonly connection: Connection } {
  return { label: connection.name, description: whereOf(connection), connection };
}

/** Where a connection is, in one line. */
export function whereOf(connection: Connection): string {
  return connection.type === 'okta' ? connection.issuer : `${connection.startUrl} (${connection.region})`;
}

/** What a connection is and what will be asked for, a line for each fact: what a person sees before the yes to it. */
function connectionFacts(connection: Connection, plan: SignInPlan): readonly string[] {
  const { hostname } = new URL(connection.type === 'okta' ? connection.issuer : connection.startUrl);
  const letters = hostname.split('.').some((label) => label.startsWith('xn--'));
  return [
    l10n.t('Type: {0}', typeName(connection)),
    l10n.t('Host: {0}', hostname),
    ...(letters
      ? [l10n.t('This host has letters that can look like others. It is shown as the network knows it.')]
      : []),
    ...(connection.type === 'okta'
      ? [l10n.t('Issuer: {0}', connection.issuer), l10n.t('Client ID: {0}', connection.clientId)]
      : [l10n.t('Start URL: {0}', connection.startUrl), l10n.t('Region: {0}', connection.region)]),
    l10n.t('Scopes: {0}', plan.scopes.join(' ')),
    l10n.t('Sign-in method: {0}', flowWords(plan.flow)),
    ...(plan.redirectPorts.length === 0
      ? []
      : [l10n.t('Callback ports: {0}', plan.redirectPorts.join(', '))]),
    ...(plan.asksAgain
      ? [l10n.t('You are asked to sign in again, even if your browser remembers you.')]
      : []),
  ];
}

/**
 * As {@link connectionFacts}, with the lines that follow them: the detail of a question, which shows it whole.
 * @throws SignInError `invalidInput` with `reason` `tooLong` for what is too long to be read before a yes
 */
export function connectionDetail(
  operation: 'arguments' | 'link',
  connection: Connection,
  plan: SignInPlan,
  more: readonly string[] = [],
): string {
  const detail = [...connectionFacts(connection, plan), ...more].join('\n');
  if (!isShownWhole(detail))
    throw new SignInError('invalidInput', { operation, reason: 'tooLong', input: 'scopes' });
  return detail;
}

function typeName(connection: Connection): string {
  if (connection.type === 'okta') return 'Okta';
  return connection.startUrl === builderId.startUrl ? 'AWS Builder ID' : 'IAM Identity Center';
}
