import { l10n, workspace } from 'vscode';
import { findSignInError, isCancelled, SignInError } from '../../core/oauth/errors.ts';
import { isScope, maxScopes } from '../../core/oauth/scopes.ts';
import { needsAction } from '../../core/session/refreshPolicy.ts';
import { missingRights } from '../../core/session/rights.ts';
import type { Session } from '../../core/session/session.ts';
import { withPlainQuotes } from '../../core/text/safeText.ts';
import { checkTerminal } from '../../features/organizationPolicy.ts';
import { isAllowedAt } from '../../features/terminalAccess.ts';
import { isNamed, isSameName } from '../../features/terminalChoice.ts';
import type { ShellContext } from '../context.ts';
import { describeSession, hostOf, inOrder, nameOf } from '../format/formatSession.ts';
import { quotedNames } from '../format/quotedNames.ts';
import { messageFor } from '../errorMessages.ts';
import { signInTo } from '../signIn/signInCommands.ts';
import { pickSignIn } from '../signIn/signInPicker.ts';
import { offerConnections } from '../signIn/signInQuestions.ts';
import { askInformation, askWarning } from '../ui/messages.ts';
import { plainText } from '../ui/plainText.ts';
import { showList } from '../ui/quickPick.ts';
import { notificationOf } from '../ui/reportError.ts';
import { signInForTerminal } from './signInForTerminal.ts';
import { sessionOf } from './sessionOf.ts';
import { workspacePlace } from './workspacePlace.ts';
import { allowPrograms } from '../../features/sessionMarks.ts';

/**
 * A token for `${command:developerSignIn.token}` in the inputs of tasks, launch configurations and MCP servers,
 * after a question that is remembered for the workspace until the user withdraws it.
 * @throws Error without a token, with a message for the user: VS Code shows it and starts nothing, whereas it
 * would start a task or server with the literal variable after undefined
 */
export async function tokenForInput(context: ShellContext, given: unknown): Promise<string> {
  try {
    if (!workspace.isTrusted)
      throw new NoToken(
        l10n.t('Tasks can’t get a token in Restricted Mode. Trust this workspace, then run the task again.'),
      );
    checkTerminal(await context.organization());
    const { connection, scopes } = argumentsOf(given);
    // Programs that start together, as in a compound configuration, ask once.
    const access = await context.terminals.access();
    const { tokenSet } = await access.inSequence(async () => {
      const session = await sessionForInput(context, connection);
      return freshOf(context, await confirmUse(context, session), scopes);
    });
    return inCommandLine(tokenSet.accessToken);
  } catch (error) {
    throw new Error(plainText(messageOf(error)), { cause: error }); // A notification would interpret markup.
  }
}

/** An error whose message explains to the user why nothing starts. */
class NoToken extends Error {
  override readonly name = 'NoToken';
}

function messageOf(error: unknown): string {
  if (error instanceof NoToken) return error.message;
  const known = findSignInError(error);
  return isCancelled(error) || known?.details.reason === 'abandoned'
    ? l10n.t('It didn’t start because it got no token. To allow the token, run it again.')
    : notificationOf(known, messageFor(error));
}

/**
 * Validates a token for a task's command line, where a shell would interpret it: allows only characters of real
 * tokens (RFC 6750, 2.1, with those of AWS and Salesforce) that no shell interprets.
 */
function inCommandLine(token: string): string {
  if (/^[\w.~+/=:!-]+$/.test(token)) return token;
  throw new SignInError('invalidResponse', { operation: 'terminal', reason: 'token' });
}

/** Reads the arguments of the command. They may also be a launch configuration, so invalid members are ignored. */
function argumentsOf(given: unknown): { readonly connection?: string; readonly scopes: readonly string[] } {
  if (typeof given !== 'object' || given === null) return { scopes: [] };
  const { connection, scopes } = given as { connection?: unknown; scopes?: unknown };
  const asked = Array.isArray(scopes) ? scopes.slice(0, maxScopes) : [];
  return {
    ...(typeof connection === 'string' ? { connection } : {}),
    scopes: asked.filter((scope): scope is string => typeof scope === 'string' && isScope(scope)),
  };
}

/** The named session, the one that this workspace may use, the only one, or the one that the user selects. */
async function sessionForInput(context: ShellContext, name: string | undefined): Promise<Session> {
  const { sessions, unreadable: [unread] = [] } = await context.sessions.list();
  const all = inOrder(sessions);
  const fitting = name === undefined ? all : all.filter((session) => isNamed(session, name));
  if (fitting.length === 0 && unread !== undefined)
    throw new SignInError('storage', { operation: 'session', reason: 'unreadable', code: unread.code });
  if (fitting.length === 0) return signInFirst(context, name, all);
  const place = workspacePlace(context);
  const allowed = fitting.filter((session) => place !== undefined && isAllowedAt(session, place));
  const [only] = allowed.length === 1 || fitting.length === 1 ? [...allowed, ...fitting] : [];
  if (only !== undefined) return only;
  const chosen = await showList(
    fitting.map((session) => ({ ...describeSession(session, all), session })),
    {
      title: l10n.t('Use in Tasks'),
      placeHolder: l10n.t('Select a sign-in for tasks in this workspace'),
    },
  );
  if (chosen === undefined) throw new SignInError('cancelled');
  return chosen.session;
}

/** Signs in first, since a user who started a task is present: to the named connection, or to one that they select. */
async function signInFirst(
  context: ShellContext,
  name: string | undefined,
  signedIn: readonly Session[],
): Promise<Session> {
  const { provided, configured, found } = await offerConnections(context);
  const offered = [...provided, ...configured, ...found];
  const fitting = offered.filter((one) => name === undefined || isSameName(one.name, name));
  if (name !== undefined && fitting.length === 0)
    throw new NoToken(
      nothingNamed(
        name,
        [...offered, ...signedIn.map(({ connection }) => connection)].map((one) => one.name),
      ),
    );
  const [only, ...others] = fitting;
  const yes = l10n.t('Sign In');
  const question =
    only !== undefined && others.length === 0
      ? l10n.t('Sign in to {0}?', only.name)
      : l10n.t('You’re not signed in. Sign in now?');
  const detail = l10n.t('It can’t start without a token.');
  if ((await askInformation(question, { detail }, yes)) !== yes) throw new SignInError('cancelled');
  if (only !== undefined && others.length === 0) return signInTo(context, only, {}, { startedBy: 'request' });
  const result = await pickSignIn(context);
  const session = (await context.sessions.list()).sessions.find(({ id }) => id === result?.sessionId);
  if (session === undefined || (name !== undefined && !isNamed(session, name)))
    throw new SignInError('cancelled');
  return session;
}

function nothingNamed(given: string, known: readonly string[]): string {
  const name = withPlainQuotes(given); // A task in the workspace may contain any name.
  return known.length === 0
    ? l10n.t('There’s no connection or account named “{0}”. Add it with “SSO: Manage Connections”.', name)
    : l10n.t('There’s no connection or account named “{0}”. You have: {1}.', name, quotedNames(known));
}

/** Asks whether this workspace may use a session, unless it may. Resolves with the session that it may use. */
async function confirmUse(context: ShellContext, session: Session): Promise<Session> {
  const { sessions } = context;
  const place = workspacePlace(context);
  if (place !== undefined && isAllowedAt(session, place)) return session;
  const yes = l10n.t('Allow');
  const detail = [
    l10n.t(
      'Tasks, debugging, MCP servers, and extensions in this workspace can then get an access token and act as you at {0}.',
      hostOf(session),
    ),
    l10n.t('The token has these scopes: {0}', session.tokenSet.scopes.join(' ')),
    ...(place === undefined
      ? []
      : [l10n.t('You won’t be asked again in this workspace until you turn this off or sign out.')]),
  ].join('\n\n');
  const question =
    workspace.name === undefined
      ? l10n.t('Let this window use {0}?', nameOf(session))
      : l10n.t('Let the workspace “{0}” use {1}?', withPlainQuotes(workspace.name), nameOf(session));
  const chosen = await askWarning(question, { detail }, yes);
  if (chosen !== yes) throw new SignInError('cancelled');
  if (place === undefined || (await allowPrograms(sessions, session.id, place, session.signedInAt)))
    return session;
  return confirmUse(context, await sessionOf(sessions, session.id));
}

/** A session with a fresh token and these scopes; signs in if needed, since the user who started a task is present. */
async function freshOf(context: ShellContext, session: Session, scopes: readonly string[]): Promise<Session> {
  const { signal } = new AbortController();
  if (missingRights(session.tokenSet, scopes).length === 0) {
    try {
      return await context.sessions.withFreshToken(session.id, signal);
    } catch (error) {
      const known = findSignInError(error);
      if (known === undefined || !needsAction(known)) throw error;
    }
  }
  const again = await signInForTerminal(context)(session, scopes, signal);
  const missing = missingRights(again.tokenSet, scopes);
  if (missing.length > 0) throw new SignInError('scopeRefused', { operation: 'token', scopes: missing });
  // Another account than the allowed one.
  if (again.id !== session.id) throw new SignInError('cancelled');
  return again;
}
