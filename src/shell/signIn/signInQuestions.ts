import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import { SignInError } from '../../core/oauth/errors.ts';
import { goesBeyond, planOf } from '../../core/session/acquireTokens.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import { connectionDetail } from '../format/formatConnection.ts';
import type { ShellContext } from '../context.ts';
import { providerOf } from '../providers/index.ts';
import { askWarning } from '../ui/messages.ts';
import { remember } from '../remember.ts';
import { resolveConnection } from '../../core/providers/index.ts';
import { plainLine } from '../../core/text/safeText.ts';
import { identifiesPerson } from '../../core/session/account.ts';
import type { Session } from '../../core/session/session.ts';
import { needsSignIn } from '../../core/session/sessionStatus.ts';
import { askText } from '../ui/askText.ts';
import { endOf, lifeOf, nameOf } from '../format/formatSession.ts';
import { showList } from '../ui/quickPick.ts';
import type { ListRow } from '../ui/quickPick.ts';
import { defined } from '../../core/defined.ts';

/**
 * A request that came by arguments is shown whole and confirmed, unless it asks for nothing that its configured connection
 * does not ask for by itself.
 * @throws SignInError `cancelled`
 */
export async function confirmRequest(
  context: Pick<ShellContext, 'settings'>,
  connection: Connection,
  request: SignInRequest,
  configured: Connection | undefined,
): Promise<void> {
  const settings = context.settings();
  const plan = planOf(connection, request, settings);
  if (configured !== undefined && !goesBeyond(plan, planOf(configured, {}, settings))) return;
  await confirm(
    configured === undefined
      ? l10n.t('Sign in to a connection that isn’t in your settings?')
      : l10n.t('Sign in with different permissions or options?'),
    connectionDetail('arguments', connection, plan),
    l10n.t('Sign in'),
  );
}

/**
 * An endpoint that is not exactly one of AWS's own sign-in hosts, nor loopback, is confirmed once, by name.
 * @throws SignInError `cancelled`, or `invalidInput` when it is not an https address
 */
export async function confirmEndpoints(context: ShellContext, connection: Connection): Promise<void> {
  const hosts = await providerOf(connection).foreignHosts(context, connection);
  const confirmed = context.memento.get<readonly string[]>('confirmedEndpoints', []);
  const open = hosts.filter((host) => !confirmed.includes(host));
  if (open.length === 0) return;
  await confirm(
    l10n.t('Send this sign-in to {0}?', open.join(', ')),
    l10n.t('The endpoint settings or environment variables point to a server that isn’t AWS.'),
    l10n.t('Continue'),
  );
  await remember(context.memento, 'confirmedEndpoints', [...confirmed, ...open]);
}

async function confirm(message: string, detail: string, yes: string): Promise<void> {
  const chosen = await askWarning(message, { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
}

/**
 * Where the tokens of a connection do not identify a person, a second sign-in may be another person's: asks whether it replaces the
 * account that is signed in, or is to be kept beside it under a name of its own. An account that has ended can be signed
 * in to again. Nothing is asked where the request names its account, or where it can only be the one that has ended.
 * @throws SignInError `cancelled`
 */
export async function askWhichAccount(
  context: Asking,
  connection: Connection,
  request: SignInRequest,
): Promise<SignInRequest> {
  if (request.account !== undefined || request.accountName !== undefined) return request;
  const here = await sessionsAt(context, connection);
  const live = here.filter(isLive);
  const isOnlyEnded = here.length === 1 && live.length === 0 && here[0]?.account.name === undefined;
  if (here.length === 0 || isOnlyEnded) return request;
  const keepBoth: Row = {
    icon: 'person-add',
    label: live.length === 1 ? l10n.t('Keep Both') : l10n.t('Add another account'),
    detail: l10n.t('Give it a name so that you can tell the accounts apart.'),
  };
  const words =
    live.length === 0
      ? { title: connection.name, placeHolder: l10n.t('Sign in again, or add another account?') }
      : {
          title: l10n.t('You’re already signed in to {0}', connection.name),
          placeHolder:
            live.length === 1
              ? l10n.t('Replace the account, or keep both?')
              : l10n.t('Replace an account, or add another?'),
        };
  const rows = [...live.map(replaceRow), ...here.filter((one) => !isLive(one)).map(againRow), keepBoth];
  const chosen = await showList<Row>(rows, { ...words, ignoreFocusOut: true });
  if (chosen === undefined) throw new SignInError('cancelled');
  if (chosen.session !== undefined) return { ...request, ...accountRequest(chosen.session) };
  return { ...request, accountName: await askName(connection, here) };
}

/** What a request needs to sign in to the account of a session again, and to no other. */
export function accountRequest(session: Session): Pick<SignInRequest, 'account' | 'accountName'> {
  const { name } = session.account;
  return { account: nameOf(session), ...defined({ accountName: name }) };
}

type Asking = Pick<ShellContext, 'sessions' | 'http'>;

interface Row extends ListRow {
  readonly session?: Session;
}

function replaceRow(session: Session): Row {
  return {
    icon: 'account',
    label: l10n.t('Replace {0}', nameOf(session)),
    detail: l10n.t('Extensions that use this account get the new sign-in.'),
    session,
  };
}

function againRow(session: Session): Row {
  return {
    icon: 'account',
    label: l10n.t('Sign in again as {0}', nameOf(session)),
    detail: session.ended === undefined ? lifeOf(session) : endOf(session.ended).title,
    session,
  };
}

function isLive(session: Session): boolean {
  return session.ended === undefined && !needsSignIn(Date.now(), session);
}

/** The sessions of a connection whose tokens do not identify a person; a company's own address is looked up where that can matter. */
async function sessionsAt({ sessions, http }: Asking, connection: Connection): Promise<readonly Session[]> {
  const all = (await sessions.list()).sessions.filter(
    (session) => session.type === connection.type && !identifiesPerson(session.account),
  );
  if (all.length === 0) return [];
  const { signal } = new AbortController();
  // An address that cannot be looked up fails the sign-in itself, in its own words.
  const key = connectionKey(await resolveConnection(http, connection, signal).catch(() => connection));
  return all.filter((session) => connectionKey(session.connection) === key);
}

/** @throws SignInError `cancelled` */
async function askName(connection: Connection, here: readonly Session[]): Promise<string> {
  const text = await askText({
    title: l10n.t('Add an account at {0}', connection.name),
    prompt: l10n.t(
      'Name this account so that you can tell it apart. If your browser is signed in as someone else, sign out there first or use a private window.',
    ),
    placeholder: l10n.t('For example, Admin'),
    problem: (typed) => {
      const name = plainLine(typed);
      if (name === '') return l10n.t('Enter a name.');
      if (name.length > 50) return l10n.t('Enter at most 50 characters.');
      return here.some((other) => folded(nameOf(other)) === folded(name))
        ? l10n.t('You already have an account with this name.')
        : undefined;
    },
  });
  return plainLine(text);
}

/** Two names that look the same are the same. */
function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}
