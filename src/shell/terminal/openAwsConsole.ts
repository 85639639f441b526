import type { IdentityCenterSession } from '../../core/session/session.ts';
import type { AwsRole } from '../../features/awsAccounts.ts';
import { forAwsCli } from '../../features/awsCli.ts';
import type { ShellContext } from '../context.ts';
import { chooseAwsRole, givenAwsRole, reportAwsError, sessionWithAccounts } from './chooseAwsRole.ts';
import type { GivenAwsRole } from './chooseAwsRole.ts';

/**
 * *Open AWS Console*: opens the browser with the account and role of this workspace, or with given or selected
 * ones. Shows errors to the user.
 */
export async function openAwsConsole(context: ShellContext, given: unknown): Promise<void> {
  const wanted = givenAwsRole(given);
  try {
    const chosen = await chosenRole(context, wanted);
    if (chosen !== undefined) {
      await openConsole(context, chosen.session, chosen.role);
      return;
    }
    const session = await sessionWithAccounts(context, wanted.sessionId);
    if (session === undefined) return;
    const role = await chooseAwsRole(context, session, wanted);
    if (role !== undefined) await openConsole(context, session, role);
  } catch (error) {
    await reportAwsError(context, wanted, error, () => openAwsConsole(context, given));
  }
}

/** The account and role of this workspace, unless the arguments ask for others. */
async function chosenRole(
  { sessions, terminals }: ShellContext,
  { sessionId, accountId, roleName }: GivenAwsRole,
): Promise<{ readonly session: IdentityCenterSession; readonly role: AwsRole } | undefined> {
  const role = (await terminals.access()).awsAccount;
  if (role === undefined || accountId !== undefined || roleName !== undefined) return undefined;
  if (sessionId !== undefined && sessionId !== role.sessionId) return undefined;
  const found = (await sessions.list()).sessions.find(({ id }) => id === role.sessionId);
  const session = found === undefined ? undefined : forAwsCli(found);
  return session === undefined ? undefined : { session, role };
}

/** Opens the console with a role through the access portal, which asks for a sign-in if the browser has none. */
export async function openConsole(
  { openInBrowser }: Pick<ShellContext, 'openInBrowser'>,
  { connection }: IdentityCenterSession,
  role: AwsRole,
): Promise<void> {
  await openInBrowser(consoleAddress(connection.startUrl, role));
}

/** A shortcut link of the access portal, which opens its partition's console with the role. */
export function consoleAddress(startUrl: string, { accountId, roleName }: AwsRole): string {
  const query = new URLSearchParams({ account_id: accountId, role_name: roleName });
  return `${startUrl.replace(/\/+$/, '')}/#/console?${query}`;
}
