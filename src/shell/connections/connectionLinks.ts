import { env, l10n } from 'vscode';
import { connectionKey, scopesOf } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import {
  connectionLink,
  connectionWebLink,
  leftOutOfLink,
  markdownLink,
  parseConnectionLink,
} from '../../features/connectionLink.ts';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { checkAllowed } from '../../features/organizationPolicy.ts';
import { planOf } from '../../core/session/acquireTokens.ts';
import { connectionDetail, connectionRow, labelOfField, whereOf } from '../format/formatConnection.ts';
import type { ShellContext } from '../context.ts';
import { linkMessage } from './linkMessages.ts';
import { reportError } from '../ui/reportError.ts';
import { signInForPerson } from '../signIn/signInCommands.ts';
import { typedBefore } from '../providers/typedBefore.ts';
import { remember } from '../remember.ts';
import { askText } from '../ui/askText.ts';
import { askInformation, showError, showInformation, showStatusMessage } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';

/** An opened link; `path` and `query` as VS Code passes them. */
interface OpenedLink {
  readonly path: string;
  readonly query: string;
}

/**
 * Opens a connection link: shows the connection, and adds it after a confirmation. Sends nothing; an incomplete
 * or unclear link adds nothing.
 */
export async function openConnectionLink(context: ShellContext, link: OpenedLink): Promise<void> {
  try {
    const connection = parseConnectionLink(link.path, link.query);
    checkAllowed(await context.organization(), connection);
    await offer(context, connection);
  } catch (error) {
    const known = findSignInError(error);
    if (known?.kind !== 'invalidInput') return reportError(error);
    context.log.warn('Connection link rejected', {
      reason: known.details.reason,
      what: known.details.operation,
    });
    const message = l10n.t(
      'This connection link can’t be used: {0} Nothing was added. Ask the sender for a new link.',
      linkMessage(known.details),
    );
    const showLog = l10n.t('Show Log');
    if ((await showError(message, showLog)) === showLog) context.logChannel.show();
  }
}

async function offer(context: ShellContext, connection: Connection): Promise<void> {
  const signIn = l10n.t('Sign In');
  const key = connectionKey(connection);
  const known = (await context.connections()).find((one) => connectionKey(one) === key);
  if (known !== undefined) {
    const scopes = (one: Connection): string => scopesOf(one).toSorted().join(' ');
    const same = scopes(known) === scopes(connection);
    const said = same
      ? l10n.t('You already have this connection: “{0}”.', known.name)
      : l10n.t(
          'You already have this connection: “{0}”. The link requests other scopes. Yours stay unchanged.',
          known.name,
        );
    if ((await showInformation(said, signIn)) === signIn) await signInForPerson(context, known);
    return;
  }
  const addAndSignIn = l10n.t('Add and Sign In');
  const add = l10n.t('Add');
  const chosen = await askInformation(
    l10n.t('Add this connection to your settings?'),
    {
      detail: connectionDetail('link', connection, planOf(connection, {}, context.settings()), {
        after: [
          l10n.t('Name: {0}', connection.name),
          '',
          l10n.t('Opened from a link. Only continue if you trust its source.'),
        ],
      }),
    },
    addAndSignIn, // The first choice is the default, and users who open a link want to sign in.
    add,
  );
  if (chosen === undefined) return;
  await (await context.connectionSettings()).saveConnection(connection);
  showStatusMessage(l10n.t('“{0}” added', connection.name), 5000);
  if (chosen === addAndSignIn) await signInForPerson(context, connection);
}

/** *Copy Connection Link*, for the only connection, or the one that the user selects. */
export async function copyConnectionLink(context: ShellContext): Promise<void> {
  const all = await context.connections();
  const [only, ...others] = all;
  if (only === undefined) {
    void showInformation(
      l10n.t('You don’t have a connection to share yet. Sign in, or add one with Manage Connections.'),
    );
    return;
  }
  const chosen =
    others.length === 0
      ? { connection: only }
      : await showList(all.map(connectionRow), {
          title: l10n.t('Copy Connection Link'),
          placeHolder: l10n.t('Select a connection to share'),
          matchOnDescription: true,
        });
  if (chosen !== undefined) await copyLinkOf(context, chosen.connection);
}

/** Copies the link of a connection, reports omitted fields, and offers other formats. */
export async function copyLinkOf(
  context: Pick<ShellContext, 'memento'>,
  connection: Connection,
): Promise<void> {
  let link: string;
  try {
    link = connectionLink(env.uriScheme, connection);
  } catch (error) {
    if (!(error instanceof SignInError)) throw error;
    void showError(
      l10n.t('Can’t create a link to {0}: {1}', whereOf(connection), linkMessage(error.details)),
    );
    return;
  }
  await env.clipboard.writeText(link);
  const leftOut = leftOutOfLink(connection).map((name) => labelOfField(connection.type, name));
  const said =
    leftOut.length > 0
      ? l10n.t(
          'Link to “{0}” copied. It doesn’t include settings of this computer: {1}.',
          connection.name,
          leftOut.join(', '),
        )
      : l10n.t('Link to “{0}” copied.', connection.name);
  void offerOtherForms(context, connection, said, link);
}

/** Offers formats for wikis that do not accept a link to an editor: Markdown, or a page that the organization hosts. */
async function offerOtherForms(
  { memento }: Pick<ShellContext, 'memento'>,
  connection: Connection,
  said: string,
  link: string,
): Promise<void> {
  const [markdown, web] = [l10n.t('Copy as Markdown'), l10n.t('Copy as Web Link…')];
  const chosen = await showInformation(said, markdown, web);
  if (chosen === undefined) return;
  try {
    const page = chosen === web ? await askPage(memento, connection) : undefined;
    const text =
      page === undefined
        ? markdownLink(l10n.t('Add {0} to VS Code', connection.name), link)
        : connectionWebLink(page, connection);
    await env.clipboard.writeText(text);
    showStatusMessage(l10n.t('Copied'), 3000);
  } catch (error) {
    await reportError(error);
  }
}

/** Asks for the address of the organization's page. @throws SignInError `cancelled` */
async function askPage(memento: ShellContext['memento'], connection: Connection): Promise<string> {
  const page = await askText({
    title: l10n.t('Copy as Web Link'),
    prompt: l10n.t('Enter the URL where your organization hosts docs/connect/index.html.'),
    placeholder: 'https://wiki.example.com/connect/',
    ...typedBefore(memento, 'connectPage'),
    problem: (text) => {
      try {
        connectionWebLink(text, connection);
        return undefined;
      } catch {
        return l10n.t('Enter a URL that starts with https://.');
      }
    },
  });
  await remember(memento, 'typed.connectPage', page.trim());
  return page;
}
