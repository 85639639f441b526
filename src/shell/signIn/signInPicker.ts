import { commands, l10n, QuickPickItemKind } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import type { Session } from '../../core/session/session.ts';
import { checkAllowed, isAllowed } from '../../features/organizationPolicy.ts';
import { defined } from '../../core/defined.ts';
import type { ShellContext } from '../context.ts';
import { signedInAs } from '../format/formatSession.ts';
import { hasWalkthroughs, openGetStarted } from '../getStarted.ts';
import { builderIdConnection } from '../providers/builderId.ts';
import { providerOf } from '../providers/index.ts';
import type { ProviderOption } from '../providers/provider.ts';
import { providerTypes } from '../providers/registration.ts';
import { showCountingPick } from '../ui/countdownQuickPick.ts';
import type { CountingRow } from '../ui/countdownQuickPick.ts';
import { reportError } from '../ui/reportError.ts';
import { offerConnections } from './signInQuestions.ts';
import type { ConnectionOffer } from './signInQuestions.ts';
import { resultOf, signInForPerson } from './signInCommands.ts';
import type { SignInResult } from './signInCommands.ts';

/** The data of {@link signInRows}. */
export interface SignInOffer extends ConnectionOffer {
  readonly providerOptions: readonly ProviderOption[];
  readonly sessions: readonly Session[];
  /** Whether the editor has walkthroughs. */
  readonly hasWalkthroughs: boolean;
}

/** *Sign In…*: existing connections, then providers. Resolves as a sign-in command without arguments. */
export async function pickSignIn(context: ShellContext): Promise<SignInResult | undefined> {
  let session: Session | undefined;
  let offer: SignInOffer | undefined;
  context.signIns.hidePrompts(); // They are rows of the list of accounts.
  await showCountingPick({
    title: l10n.t('Sign In'),
    placeholder: () => l10n.t('Select what to sign in to'),
    load: async () => (offer = await loadSignInOffer(context)),
    watch: (listener) => [
      context.sessions.onDidChange(listener),
      context.onDidChangeOrganization(() => listener()),
    ],
    rows: () => (offer === undefined ? [] : signInRows(context, offer, (signedIn) => (session = signedIn))),
  });
  return session === undefined ? undefined : resultOf(session);
}

/** Loads the connections and providers to sign in with. */
export async function loadSignInOffer(context: ShellContext): Promise<SignInOffer> {
  const { policy } = await context.organization();
  const providerOptions = providerTypes
    .flatMap((type) => providerOf({ type }).options(policy))
    .filter(({ only }) => only === undefined || isAllowed(policy, only));
  return {
    ...(await offerConnections(context)),
    providerOptions,
    sessions: (await context.sessions.list()).sessions,
    hasWalkthroughs: await hasWalkthroughs(),
  };
}

/** A row for each connection and provider, and rows that help to choose. `done` receives the session of a sign-in. */
export function signInRows(
  context: ShellContext,
  { provided, configured, found, notAllowed, providerOptions, sessions, ...offer }: SignInOffer,
  done: (session: Session | undefined) => void = () => undefined,
): CountingRow[] {
  const signIn = async (connection: Connection, request: SignInRequest = {}): Promise<void> =>
    done(await signInForPerson(context, connection, request));
  const connectionRow = (connection: Connection): CountingRow => {
    const provider = providerOf(connection);
    const key = connectionKey(connection);
    const detail = signedInAs(sessions.filter((one) => connectionKey(one.connection) === key));
    const other = {
      icon: 'person-add',
      label: l10n.t('Use a Different Account'),
      press: () => signIn(connection, { prompt: 'login' }),
    };
    return {
      key,
      icon: 'plug',
      label: connection.name,
      description: `${provider.nameOf(connection)} · ${provider.placeOf(connection)}`,
      ...defined({ detail }),
      choose: () => signIn(connection),
      buttons: provider.asksAgain() === undefined ? [] : [other],
    };
  };
  return [
    ...(provided.length === 0 ? [] : [heading(l10n.t('From your organization'))]),
    ...provided.map(connectionRow),
    ...(provided.length === 0 || configured.length === 0 ? [] : [heading(l10n.t('Your connections'))]),
    ...configured.map(connectionRow),
    ...(found.length === 0 ? [] : [heading(l10n.t('From the AWS CLI configuration'))]),
    ...found.map(connectionRow),
    ...(notAllowed.length === 0 ? [] : [lockedRow(context, notAllowed)]),
    heading(
      provided.length + configured.length + found.length === 0 ? '' : l10n.t('Sign in to something else'),
    ),
    ...providerOptions.map((option) => providerRow(context, option, signIn)),
    heading(''),
    ...(offer.hasWalkthroughs ? [helpRow()] : []),
    {
      key: 'checkSetup',
      icon: 'checklist',
      label: l10n.t('Check SSO Setup'),
      description: l10n.t('For administrators: connect Okta with AWS or Kiro'),
      choose: async () => commands.executeCommand('developerSignIn.checkSetup'),
    },
  ];
}

function helpRow(): CountingRow {
  return {
    key: 'help',
    icon: 'question',
    label: l10n.t('Help me choose'),
    description: l10n.t('Opens Get Started with SSO'),
    choose: openGetStarted,
  };
}

/** A row for a new connection with this provider; AWS Builder ID has only one. */
function providerRow(
  context: ShellContext,
  { command, name, whose, icon }: ProviderOption,
  signIn: (connection: Connection) => Promise<void>,
): CountingRow {
  const ask = async (): Promise<Connection> => {
    if (command === 'builderId') return builderIdConnection;
    const provider = providerOf({ type: command });
    return provider.askNew(context, provider.signInTitle(), { totalSteps: 2 });
  };
  const choose = async (): Promise<void> => {
    try {
      await signIn(await ask());
    } catch (error) {
      await reportError(error);
    }
  };
  return { key: command, icon, label: name, description: whose, choose };
}

/** The row of configured connections that are not allowed; selecting it explains why, and who decides. */
function lockedRow(context: ShellContext, notAllowed: readonly Connection[]): CountingRow {
  return {
    key: 'notAllowed',
    icon: 'lock',
    label: l10n.t('Not allowed by your organization: {0}', notAllowed.map(({ name }) => name).join(', ')),
    choose: async () => {
      const rules = await context.organization();
      try {
        for (const connection of notAllowed) checkAllowed(rules, connection);
      } catch (error) {
        await reportError(error);
      }
    },
  };
}

function heading(label: string): CountingRow {
  return { label, kind: QuickPickItemKind.Separator };
}
