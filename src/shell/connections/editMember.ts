import { l10n } from 'vscode';
import { scopesOf } from '../../core/connection/connection.ts';
import type { Connection, FlowName, OktaConnection } from '../../core/connection/connection.ts';
import { readEntry } from '../../features/connectionEntries.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { askText } from '../ui/askText.ts';
import { flowWords } from '../policyMessages.ts';
import { showList } from '../ui/quickPick.ts';

/** A name for a connection: a hundred letters at most. */
export async function askName(
  title: string,
  value: string,
  place: { readonly step?: number; readonly totalSteps?: number } = {},
): Promise<string> {
  const name = await askText({
    title,
    value,
    ...place,
    prompt: l10n.t('A name for you to recognise this connection by. Nobody else sees it.'),
    placeholder: l10n.t('My company'),
    problem: (text) => {
      if (text.trim() === '') return l10n.t('Please type something here.');
      return text.trim().length > 100 ? l10n.t('A name has a hundred letters at most.') : undefined;
    },
  });
  return name.trim();
}

/** The connection with the scopes a person types; none typed means the usual ones of its kind. */
export async function askScopes(title: string, connection: Connection): Promise<Connection> {
  const { scopes: _, ...usual } = connection;
  const withScopes = (text: string): Connection => {
    const scopes = words(text);
    return scopes.length === 0 ? usual : { ...usual, scopes };
  };
  const typed = await askText({
    title,
    value: scopesOf(connection).join(' '),
    prompt: l10n.t('The scopes to ask for, with spaces between them. Leave it empty for the usual ones.'),
    placeholder: scopesOf(usual).join(' '),
    problem: (text) =>
      'connection' in readEntry(withScopes(text))
        ? undefined
        : l10n.t('A scope has no quotes, backslashes or accents in it.'),
  });
  const changed = withScopes(typed);
  const isUsual = scopesOf(changed).join(' ') === scopesOf(usual).join(' ');
  return isUsual ? usual : changed;
}

/** The connection with the callback ports a person types; none typed means those of the setting. */
export async function askPorts(title: string, connection: OktaConnection): Promise<Connection> {
  const { redirectPorts, ...usual } = connection;
  const withPorts = (text: string): Connection => {
    const ports = words(text.replaceAll(',', ' ')).map(Number);
    return ports.length === 0 ? usual : { ...usual, redirectPorts: ports };
  };
  const typed = await askText({
    title,
    value: redirectPorts?.join(' ') ?? '',
    prompt: l10n.t(
      'The ports of the redirect URIs of this application, in the order they are tried. Leave it empty for those of the setting developerSignIn.okta.redirectPorts.',
    ),
    placeholder: '3128 4649 6588',
    problem: (text) =>
      'connection' in readEntry(withPorts(text))
        ? undefined
        : l10n.t('A port is a number from 1 to 65535, with spaces between two of them.'),
  });
  return withPorts(typed);
}

/** The connection with the way of signing in that a person chooses. */
export async function askFlow(title: string, connection: Connection): Promise<Connection> {
  const { flow: now, ...usual } = connection;
  const flows: readonly (FlowName | undefined)[] = [undefined, 'deviceCode', 'authorizationCode'];
  const chosen = await showList(
    flows.map((flow) => ({
      label: flow === undefined ? l10n.t('the usual one') : flowWords(flow),
      description: flow === now ? l10n.t('now') : '',
      flow,
    })),
    { title, placeHolder: l10n.t('How do you want to sign in here?'), ignoreFocusOut: true },
  );
  if (chosen === undefined) throw new SignInError('cancelled');
  return chosen.flow === undefined ? usual : { ...usual, flow: chosen.flow };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
