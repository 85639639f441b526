import { commands, l10n } from 'vscode';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { listAccounts, listRoles } from '../../features/awsAccounts.ts';
import type { AwsRole } from '../../features/awsAccounts.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import { accountAccessScope } from '../../features/awsCliName.ts';
import { awsProfile } from '../../features/awsProfile.ts';
import { isInTerminal } from '../../features/terminalAccess.ts';
import { addToAwsConfig } from '../awsCli/addToAwsConfig.ts';
import { chooseSession } from '../chooseSession.ts';
import type { ShellContext } from '../context.ts';
import { inOrder } from '../format/formatSession.ts';
import { showInformation } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';
import { reportError } from '../ui/reportError.ts';
import { signInForTerminal } from './signInForTerminal.ts';
import { useInTerminal } from './useInTerminal.ts';

const never = new AbortController().signal;

/** What the command may be given; what is given is not asked. */
interface Given {
  readonly sessionId?: unknown;
  readonly accountId?: unknown;
  readonly roleName?: unknown;
}

/**
 * *Use an AWS Account…*: lists the accounts and roles of a person, and has new terminals of this workspace use one, by a
 * profile of `~/.aws/config` that is added after a question with its lines. What goes wrong is said on the screen.
 */
export async function useAwsAccount(context: ShellContext, given: unknown): Promise<void> {
  const wanted = typeof given === 'object' && given !== null ? (given as Given) : {};
  try {
    const session = await readySession(context, wanted.sessionId);
    if (session === undefined) return;
    const role = await chooseRole(context, session, wanted);
    if (role === undefined) return;
    const profile = await writeProfile(context, session, role);
    const access = await context.terminals.access();
    await access.chooseAwsAccount({ ...role, sessionId: session.id, profile });
    await said(context, session, role, profile);
  } catch (error) {
    if (findSignInError(error)?.kind === 'notAssigned')
      void showInformation(l10n.t('You don’t have access to this AWS account. Ask your administrator.'));
    else await reportError(error);
  }
}

interface NamedRole extends AwsRole {
  readonly accountName: string;
}

/** A session of IAM Identity Center that the terminals may use, with the scope and a fresh token. */
async function readySession(context: ShellContext, id: unknown): Promise<IdentityCenterSession | undefined> {
  const session = await sessionFor(context, id);
  if (session === undefined) return undefined;
  const isForAccounts = missingRights(session.tokenSet, [accountAccessScope]).length === 0;
  const fresh = isForAccounts
    ? await context.sessions.fresh(session.id, never)
    : await signInForTerminal(context)(session, [accountAccessScope], never);
  const ready = forAwsCli(fresh);
  if (ready === undefined || missingRights(ready.tokenSet, [accountAccessScope]).length > 0)
    throw new SignInError('scopeRefused', { operation: 'awsAccount', scopes: [accountAccessScope] });
  if (ready.awsCli !== undefined && ready.awsCli.paused === undefined) return ready;
  const { hostName } = context.terminals;
  if (isInTerminal(ready, hostName)) return ready;
  await useInTerminal(context, ready.id);
  const now = (await context.sessions.list()).sessions.find((one) => one.id === ready.id);
  return now !== undefined && isInTerminal(now, hostName) ? forAwsCli(now) : undefined;
}

async function sessionFor(
  { sessions }: ShellContext,
  id: unknown,
): Promise<IdentityCenterSession | undefined> {
  const all = inOrder((await sessions.list()).sessions.flatMap((one) => forAwsCli(one) ?? []));
  return chooseSession(all, id, {
    placeHolder: l10n.t('AWS accounts of which sign-in?'),
    none: l10n.t('AWS accounts come with IAM Identity Center. Sign in there first.'),
  });
}

async function chooseRole(
  { http }: ShellContext,
  session: IdentityCenterSession,
  given: Given,
): Promise<NamedRole | undefined> {
  const accounts = [...(await listAccounts(http, session, never))].sort((one, other) =>
    one.name.localeCompare(other.name),
  );
  const byId = accounts.find(({ accountId }) => accountId === given.accountId);
  if (accounts.length === 0 || (given.accountId !== undefined && byId === undefined))
    throw new SignInError('notAssigned', { operation: 'awsAccount', reason: 'awsRole' });
  const account =
    byId ??
    (
      await showList(
        accounts.map((one) => ({
          icon: 'account',
          label: one.name === '' ? one.accountId : one.name,
          description: one.accountId,
          detail: one.email,
          account: one,
        })),
        { placeHolder: l10n.t('Select an AWS account') },
      )
    )?.account;
  if (account === undefined) return undefined;
  const roles = await listRoles(http, session, account.accountId, never);
  const named = roles.map((role) => ({ ...role, accountName: account.name }));
  if (given.roleName !== undefined) {
    const known = named.find(({ roleName }) => roleName === given.roleName);
    if (known === undefined)
      throw new SignInError('notAssigned', { operation: 'awsAccount', reason: 'awsRole' });
    return known;
  }
  if (named.length <= 1) return named[0];
  const chosen = await showList(
    named.map((role) => ({ icon: 'shield', label: role.roleName, role })),
    { placeHolder: l10n.t('Select a role in {0}', account.name) },
  );
  return chosen?.role;
}

/** @returns the name of the profile @throws SignInError `cancelled`, or `storage` where the file cannot be written */
async function writeProfile(
  context: ShellContext,
  session: IdentityCenterSession,
  role: NamedRole,
): Promise<string> {
  const file = await context.terminals.awsConfig();
  const ssoSession = session.awsCli?.paused === undefined ? session.awsCli?.name : undefined;
  const facts = {
    ...role,
    region: session.connection.region,
    account: session.account.label,
    ssoSession,
  };
  const { name, lines, isThere } = awsProfile(await file.read(), facts);
  if (isThere) return name;
  const answer = await addToAwsConfig(context, {
    question: l10n.t('Add this profile to {0}?', file.path),
    lines,
    isMissing: async () => !awsProfile(await file.read(), facts).isThere,
  });
  if (answer !== 'added') throw new SignInError('cancelled');
  return name;
}

async function said(
  { openInBrowser }: ShellContext,
  { connection }: IdentityCenterSession,
  role: NamedRole,
  profile: string,
): Promise<void> {
  const [terminal, console] = [l10n.t('New Terminal'), l10n.t('Open AWS Console')];
  const next = await showInformation(
    l10n.t('New terminals use the AWS profile {0} ({1}, {2}).', profile, role.accountName, role.roleName),
    terminal,
    console,
  );
  if (next === terminal) await commands.executeCommand('workbench.action.terminal.new');
  if (next === console) await openInBrowser(consoleAddress(connection.startUrl, role));
}

/** A shortcut link of the access portal, which signs in to the console with the role. */
export function consoleAddress(startUrl: string, { accountId, roleName }: AwsRole): string {
  const query = new URLSearchParams({ account_id: accountId, role_name: roleName });
  return `${startUrl.replace(/\/+$/, '')}/#/console?${query}`;
}
