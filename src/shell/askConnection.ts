import { l10n, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Connection, IdentityCenterConnection, OktaConnection } from '../core/connection.ts';
import { SignInError } from '../core/errors.ts';
import { builderId, parseStartUrl } from '../core/identityCenter/startUrl.ts';
import type { StartUrl } from '../core/identityCenter/startUrl.ts';
import { resolveStartUrl } from '../core/identityCenter/vanityAddress.ts';
import { discover } from '../core/okta/authorizationServer.ts';
import { parseClientId, parseIssuer } from '../core/okta/issuer.ts';
import { askRegion } from './askRegion.ts';
import type { RegionContext } from './askRegion.ts';
import { askText } from './askText.ts';
import type { ShellContext } from './context.ts';
import { problemOf } from './problemOf.ts';

type Asking = RegionContext & Pick<ShellContext, 'connections' | 'http'>;

/**
 * The connection a person means: one of the configured ones of this kind, or another one, asked for.
 * @throws SignInError `cancelled`
 */
export async function askConnection(context: Asking, type: Connection['type']): Promise<Connection> {
  const configured = context.connections().filter((connection) => connection.type === type);
  const ask = type === 'okta' ? askOkta : askIdentityCenter;
  if (configured.length === 0) return ask(context);
  const items = configured.map((connection) => ({
    label: connection.name,
    description:
      connection.type === 'okta' ? connection.issuer : `${connection.startUrl} (${connection.region})`,
    connection,
  }));
  const another = { label: `$(add) ${l10n.t('Another…')}`, connection: undefined };
  const chosen = await window.showQuickPick<QuickPickItem & { connection: Connection | undefined }>(
    [...items, another],
    { title: titleOf(type), placeHolder: l10n.t('Where do you want to sign in?'), ignoreFocusOut: true },
  );
  if (chosen === undefined) throw new SignInError('cancelled');
  return chosen.connection ?? ask(context);
}

/** AWS Builder ID as a connection: the same for everybody. */
export const builderIdConnection: IdentityCenterConnection = {
  type: 'identityCenter',
  name: 'AWS Builder ID',
  ...builderId,
};

async function askIdentityCenter(context: Asking): Promise<IdentityCenterConnection> {
  const { http, memento } = context;
  const title = titleOf('identityCenter');
  let startUrl: StartUrl | undefined;
  const typed = await askText({
    title,
    step: 1,
    totalSteps: 2,
    prompt: l10n.t(
      'The start URL of your organisation. It is in the e-mail that invited you to the AWS access portal.',
    ),
    placeholder: 'https://d-1234567890.awsapps.com/start',
    ...remembered(memento, 'startUrl'),
    problem: async (text, signal) =>
      problemOf(async () => {
        startUrl = await resolveStartUrl(http, parseStartUrl(text), signal);
      }),
  });
  const found = startUrl ?? parseStartUrl(typed);
  await memento.update('typed.startUrl', found.url);
  const region = found.region ?? (await askRegion(context, title, found));
  return { type: 'identityCenter', name: found.alias, startUrl: found.url, region };
}

async function askOkta({ memento, http }: Asking): Promise<OktaConnection> {
  const title = titleOf('okta');
  const typed = await askText({
    title,
    step: 1,
    totalSteps: 2,
    prompt: l10n.t(
      'The issuer of the authorization server, or its Metadata URI, as your administrator has it.',
    ),
    placeholder: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
    ...remembered(memento, 'issuer'),
    problem: async (text, signal) =>
      problemOf(async () => {
        await discover(http, parseIssuer(text), signal);
      }),
  });
  const issuer = parseIssuer(typed);
  await memento.update('typed.issuer', issuer);
  const clientId = await askText({
    title,
    step: 2,
    totalSteps: 2,
    prompt: l10n.t('The client id of the Okta application, from its General tab.'),
    placeholder: '0oa1b2c3d4E5f6G7h8i9',
    ...remembered(memento, 'clientId'),
    problem: (text) => problemOf(() => parseClientId(text)),
  });
  await memento.update('typed.clientId', parseClientId(clientId));
  return { type: 'okta', name: new URL(issuer).hostname, issuer, clientId: parseClientId(clientId) };
}

function remembered(memento: Asking['memento'], name: string): { value?: string } {
  const value = memento.get<string>(`typed.${name}`);
  return value === undefined ? {} : { value };
}

function titleOf(type: Connection['type']): string {
  return type === 'okta' ? l10n.t('Sign in with Okta') : l10n.t('Sign in with IAM Identity Center');
}
