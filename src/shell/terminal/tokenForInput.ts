import { l10n, workspace } from 'vscode';
import { findSignInError, SignInError } from '../../core/oauth/errors.ts';
import { isScope, mostScopes } from '../../core/oauth/scopes.ts';
import { needsPerson } from '../../core/session/refreshPolicy.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { Session } from '../../core/session/session.ts';
import { checkTerminal } from '../../features/organizationPolicy.ts';
import { isAllowedAt, isNamed } from '../../features/terminalAccess.ts';
import type { ShellContext } from '../context.ts';
import { describeSession, inOrder, nameOf, placeOf, scopesText } from '../format/formatSession.ts';
import { askWarning, showInformation, showWarning } from '../ui/messages.ts';
import { showList } from '../ui/quickPick.ts';
import { reportError } from '../ui/reportError.ts';
import { signInForTerminal } from './signInForTerminal.ts';
import { workspacePlace } from './workspacePlace.ts';

/**
 * A token for `${command:developerSignIn.token}` in the inputs of tasks, launch configurations and MCP servers, after a
 * question that is remembered for the workspace until the person takes it back. Undefined where the person gives none, which ends
 * the task: why is said on the screen.
 */
export async function tokenForInput(context: ShellContext, given: unknown): Promise<string | undefined> {
  try {
    if (!workspace.isTrusted) {
      void showWarning(
        l10n.t('Tasks can’t get a token in Restricted Mode. Trust this workspace, then run the task again.'),
      );
      return undefined;
    }
    checkTerminal(await context.organization());
    const { connection, scopes } = argumentsOf(given);
    const session = await chooseSession(context, connection);
    if (session === undefined) return undefined;
    await confirmUse(context, session);
    return (await freshOf(context, session, scopes)).tokenSet.accessToken;
  } catch (error) {
    await reportError(error);
    return undefined;
  }
}

/** A launch configuration comes as the argument of a command that stands in it: only what fits is taken. */
function argumentsOf(given: unknown): { readonly connection?: string; readonly scopes: readonly string[] } {
  if (typeof given !== 'object' || given === null) return { scopes: [] };
  const { connection, scopes } = given as { connection?: unknown; scopes?: unknown };
  const asked = Array.isArray(scopes) ? scopes.slice(0, mostScopes) : [];
  return {
    ...(typeof connection === 'string' ? { connection } : {}),
    scopes: asked.filter((scope): scope is string => typeof scope === 'string' && isScope(scope)),
  };
}

/** The one that is named, the one that this workspace may use, the only one, or the one that the person chooses. */
async function chooseSession(context: ShellContext, name: string | undefined): Promise<Session | undefined> {
  const all = inOrder((await context.sessions.list()).sessions);
  const fitting = name === undefined ? all : all.filter((session) => isNamed(session, name));
  const place = workspacePlace(context);
  const allowed = fitting.filter((session) => place !== undefined && isAllowedAt(session, place));
  if (fitting.length === 0)
    void showInformation(
      name === undefined
        ? l10n.t('You’re not signed in.')
        : l10n.t('You’re not signed in to {0}. Sign in, then run the task again.', name),
    );
  if (allowed.length === 1 || fitting.length <= 1) return allowed[0] ?? fitting[0];
  const chosen = await showList(
    fitting.map((session) => ({ ...describeSession(session, all), session })),
    { placeHolder: l10n.t('Select a sign-in for tasks in this workspace') },
  );
  return chosen?.session;
}

async function confirmUse(context: ShellContext, session: Session): Promise<void> {
  const place = workspacePlace(context);
  if (place !== undefined && isAllowedAt(session, place)) return;
  const yes = l10n.t('Allow');
  const detail = [
    l10n.t(
      'Tasks, debugging, MCP servers, and extensions in this workspace can then get an access token and act as you at {0}.',
      placeOf(session),
    ),
    l10n.t('The token has these scopes: {0}', scopesText(session.tokenSet.scopes)),
    ...(place === undefined
      ? []
      : [l10n.t('You won’t be asked again in this workspace until you turn this off or sign out.')]),
  ].join('\n\n');
  const name = workspace.name ?? l10n.t('this window');
  const chosen = await askWarning(l10n.t('Let {0} use {1}?', name, nameOf(session)), { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
  if (place !== undefined) await context.sessions.allowPrograms(session.id, place, true);
}

/** A person who started a task is there to sign in, where that is needed. */
async function freshOf(context: ShellContext, session: Session, scopes: readonly string[]): Promise<Session> {
  const { signal } = new AbortController();
  if (missingRights(session.tokenSet, scopes).length === 0) {
    try {
      return await context.sessions.fresh(session.id, signal);
    } catch (error) {
      const known = findSignInError(error);
      if (known === undefined || !needsPerson(known)) throw error;
    }
  }
  const again = await signInForTerminal(context)(session, scopes, signal);
  const missing = missingRights(again.tokenSet, scopes);
  if (missing.length > 0) throw new SignInError('scopeRefused', { operation: 'token', scopes: missing });
  // Another account than the one that was allowed.
  if (again.id !== session.id) throw new SignInError('cancelled');
  return again;
}
