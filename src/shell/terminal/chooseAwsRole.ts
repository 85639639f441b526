import { l10n } from 'vscode';
import { errorEffects, findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { IdentityCenterSession } from '../../core/session/session.ts';
import { listAccounts, listRoles } from '../../features/awsAccounts.ts';
import type { AwsAccount, AwsRole } from '../../features/awsAccounts.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import { accountAccessScope } from '../../features/awsCliName.ts';
import { atPortal } from '../../features/portalToken.ts';
import { chooseSession } from '../chooseSession.ts';
import type { ShellContext } from '../context.ts';
import { inOrder } from '../format/formatSession.ts';
import { isBuilderId } from '../providers/builderId.ts';
import { showInformation } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';
import { reportError } from '../ui/reportError.ts';
import { signInForTerminal } from './signInForTerminal.ts';

const never = new AbortController().signal;

/** Arguments of a command for an AWS account; given values are not asked for. */
export interface GivenAwsRole {
  readonly sessionId?: unknown;
  readonly accountId?: unknown;
  readonly roleName?: unknown;
}

/** The arguments of a command, which may be any value. */
export function givenAwsRole(given: unknown): GivenAwsRole {
  return typeof given === 'object' && given !== null ? given : {};
}

/** A role with the name of its account. */
export interface NamedRole extends AwsRole {
  readonly accountName: string;
}

/**
 * A session of IAM Identity Center with account access and a fresh token; undefined if the user cancels.
 * @throws SignInError as the sign-in, or `scopeRefused`
 */
export async function sessionWithAccounts(
  context: ShellContext,
  id: unknown,
): Promise<IdentityCenterSession | undefined> {
  const session = await sessionFor(context, id);
  if (session === undefined) return undefined;
  const hasAccess = missingRights(session.tokenSet, [accountAccessScope]).length === 0;
  const fresh = hasAccess
    ? await context.sessions.withFreshToken(session.id, never)
    : await signInForTerminal(context)(session, [accountAccessScope], never);
  const ready = forAwsCli(fresh);
  if (ready === undefined || missingRights(ready.tokenSet, [accountAccessScope]).length > 0)
    throw new SignInError('scopeRefused', { operation: 'awsAccount', scopes: [accountAccessScope] });
  return ready;
}

async function sessionFor(
  { sessions }: ShellContext,
  id: unknown,
): Promise<IdentityCenterSession | undefined> {
  const all = (await sessions.list()).sessions.flatMap((one) => forAwsCli(one) ?? []);
  const withAccounts = inOrder(all).filter(({ connection }) => !isBuilderId(connection));
  return chooseSession(withAccounts, id, {
    title: l10n.t('AWS Accounts'),
    placeHolder: l10n.t('Select a sign-in for AWS accounts'),
    none: l10n.t('AWS accounts need a sign-in with IAM Identity Center. Sign in there first.'),
  });
}

/**
 * The given account and role, or those that the user selects; undefined if the user cancels.
 * @throws SignInError `notAssigned`, or as the portal
 */
export async function chooseAwsRole(
  { http, sessions }: ShellContext,
  given: IdentityCenterSession,
  wanted: GivenAwsRole,
): Promise<NamedRole | undefined> {
  const ask = async (session: IdentityCenterSession) => ({
    session,
    accounts: await listAccounts(http, session, never),
  });
  const found = await atPortal({ sessions, now: Date.now }, given, ask, never);
  const { session } = found;
  const accounts = found.accounts.toSorted((one, other) => one.name.localeCompare(other.name));
  const byId = accounts.find(({ accountId }) => accountId === wanted.accountId);
  if (accounts.length === 0)
    throw new SignInError('notAssigned', { operation: 'awsAccount', reason: 'noAwsAccount' });
  if (wanted.accountId !== undefined && byId === undefined)
    throw new SignInError('notAssigned', { operation: 'awsAccount', reason: 'awsRole' });
  const account =
    byId ??
    (
      await showList(
        accounts.map((one) => ({
          icon: 'cloud',
          label: nameOf(one),
          description: one.accountId,
          detail: one.email,
          account: one,
        })),
        { title: session.connection.name, placeHolder: l10n.t('Select an AWS account') },
      )
    )?.account;
  if (account === undefined) return undefined;
  const roles = await listRoles(http, session, account.accountId, never);
  const named = roles.map((role) => ({ ...role, accountName: nameOf(account) }));
  if (wanted.roleName !== undefined) {
    const known = named.find(({ roleName }) => roleName === wanted.roleName);
    if (known === undefined)
      throw new SignInError('notAssigned', { operation: 'awsAccount', reason: 'awsRole' });
    return known;
  }
  if (named.length <= 1) return named[0];
  const chosen = await showList(
    named.map((role) => ({ icon: 'shield', label: role.roleName, role })),
    { title: session.connection.name, placeHolder: l10n.t('Select a role in {0}', nameOf(account)) },
  );
  return chosen?.role;
}

function nameOf({ name, accountId }: AwsAccount): string {
  return name === '' ? accountId : name;
}

/** Shows an error about an AWS account. If a sign-in is needed, `again` runs after it. */
export async function reportAwsError(
  context: ShellContext,
  { sessionId }: GivenAwsRole,
  error: unknown,
  again: () => Promise<void>,
): Promise<void> {
  const { kind, details } = findSignInError(error) ?? {};
  if (kind === 'notAssigned')
    void showInformation(
      details?.reason === 'noAwsAccount'
        ? l10n.t('You don’t have access to any AWS accounts. Ask your administrator.')
        : l10n.t('You don’t have access to this AWS account or role. Ask your administrator.'),
    );
  else if (kind === 'signInNeeded' || (kind !== undefined && errorEffects[kind].session === 'over'))
    await reportError(error, { label: l10n.t('Sign In Again'), run: signInAgain });
  else await reportError(error);

  async function signInAgain(): Promise<void> {
    try {
      const session = await sessionFor(context, sessionId);
      if (session === undefined) return;
      await signInForTerminal(context)(session, [accountAccessScope], never);
    } catch (later) {
      await reportError(later);
      return;
    }
    await again();
  }
}
