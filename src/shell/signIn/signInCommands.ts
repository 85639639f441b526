import { l10n } from 'vscode';
import { connectionKey } from '../../core/connection/connection.ts';
import type { Connection } from '../../core/connection/connection.ts';
import type { SignInError } from '../../core/oauth/errors.ts';
import { findSignInError, isCancelled } from '../../core/oauth/errors.ts';
import type { SignInRequest } from '../../core/session/acquireTokens.ts';
import type { Session } from '../../core/session/session.ts';
import { chooseConnection } from './chooseConnection.ts';
import { askWhichAccount, confirmEndpoints, onlyConnection } from './signInQuestions.ts';
import { offerAwsCli } from '../awsCli/offerAwsCli.ts';
import { warnAboutMissingScopes } from './signInNotes.ts';
import type { RunOptions, ShellContext } from '../context.ts';
import { inputOf } from './editInput.ts';
import { builderIdConnection } from '../providers/builderId.ts';
import { editLabel } from '../providers/editableInput.ts';
import type { EditableInput } from '../providers/editableInput.ts';
import { providerOf } from '../providers/index.ts';
import type { SignInCommand } from '../providers/registration.ts';
import { rememberUse, wasUsed } from './usedConnections.ts';
import { reportError, tryAgain } from '../ui/reportError.ts';
import type { ErrorAction } from '../ui/reportError.ts';
import { signInOfArguments } from './signInArguments.ts';
import { showStatusMessage } from '../ui/messages.ts';
import { accountLabel } from '../format/accountLabel.ts';
import { signedInText } from '../format/formatSession.ts';

/** The result of the sign-in commands; never a token. */
export interface SignInResult {
  readonly sessionId: string;
  readonly accountLabel: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Options of a sign-in, and of saving its connection. */
export interface SignInOptions extends RunOptions {
  /** The connection that it replaces in the settings, after an edit. */
  readonly instead?: Connection;
  /** Whether the connection belongs to this request only, and is not saved in the settings. */
  readonly isOfArguments?: boolean;
  /** Whether the user is already being asked about sharing it with the AWS CLI. */
  readonly isForAwsCli?: boolean;
}

const successMilliseconds = 5000;

/**
 * Runs a sign-in command. With an arguments object, asks only for missing values, and rejects with a
 * `SignInError`. Without one, the user called it: shows errors to the user, and resolves to undefined.
 */
export async function signInCommand(
  context: ShellContext,
  command: SignInCommand,
  given: unknown,
): Promise<SignInResult | undefined> {
  context.signIns.hidePrompts(); // Make room for questions.
  if (typeof given === 'object' && given !== null) {
    const { connection, request, isOfArguments } = await signInOfArguments(context, command, given);
    const options: SignInOptions = { startedBy: 'request', isOfArguments };
    return resultOf(await signInTo(context, connection, request, options));
  }
  try {
    const session = await signInByChoice(context, command, 'offer');
    return session === undefined ? undefined : resultOf(session);
  } catch (error) {
    await reportError(error);
    return undefined;
  }
}

/** Signs in to the only matching connection, with the others one row away, or to the one that the user selects. */
async function signInByChoice(
  context: ShellContext,
  command: SignInCommand,
  mode: 'offer' | 'list',
): Promise<Session | undefined> {
  if (command === 'builderId') return signInForPerson(context, builderIdConnection);
  const only = mode === 'offer' ? await onlyConnection(context, command) : undefined;
  const connection = only ?? (await chooseConnection(context, command));
  try {
    return await signInForPerson(context, connection, {}, { canChooseAnother: only !== undefined });
  } catch (error) {
    if (findSignInError(error)?.details.reason !== 'chooseAnother') throw error;
    return signInByChoice(context, command, 'list');
  }
}

/**
 * Signs in to a given connection, and remembers it.
 * @throws SignInError as the flow
 */
export async function signInTo(
  context: ShellContext,
  connection: Connection,
  wanted: SignInRequest = {},
  options: SignInOptions = {},
): Promise<Session> {
  await confirmEndpoints(context, connection);
  const request = await askWhichAccount(context, connection, wanted);
  const session = await signInOrCorrect(context, connection, request, options);
  showStatusMessage(signedInText(session), successMilliseconds);
  await rememberUse(
    context,
    session.connection,
    options.isOfArguments === true ? undefined : (options.instead ?? connection),
  );
  warnAboutMissingScopes(session, request);
  if (options.isForAwsCli !== true) void offerAwsCli(context, session);
  return session;
}

async function signInOrCorrect(
  context: ShellContext,
  connection: Connection,
  request: SignInRequest,
  options: SignInOptions,
): Promise<Session> {
  try {
    const isProven = wasUsed(context, connection);
    return await context.signIns.run(connection, request, { ...options, isProven });
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    const { canEdit = false } = options;
    const better = await providerOf(connection).offerCorrection(context, connection, known, canEdit);
    if (better === undefined) throw error;
    return context.signIns.run(better, request, options);
  }
}

/**
 * Signs in to a connection for the user. On an error, shows it with a retry, and resolves to undefined.
 * @throws SignInError `cancelled` with the reason `chooseAnother` when the user continues with another
 * connection
 */
export async function signInForPerson(
  context: ShellContext,
  connection: Connection,
  request: SignInRequest = {},
  options: SignInOptions = {},
): Promise<Session | undefined> {
  let session: Session | undefined;
  const again = async (change: SignInRequest): Promise<void> => {
    session = await signInForPerson(context, connection, { ...request, ...change }, options);
  };
  const edit = async (input: EditableInput): Promise<void> => {
    const edited = await unlessCancelled(providerOf(connection).edit(context, connection, input));
    if (edited === undefined) return;
    const key = connectionKey(edited);
    // An existing connection keeps its name and options.
    const known = (await context.connections()).find((one) => connectionKey(one) === key);
    session = await signInForPerson(context, known ?? edited, request, { instead: connection, ...options });
  };
  try {
    return await signInTo(context, connection, request, { ...options, canEdit: true });
  } catch (error) {
    const said = findSignInError(error);
    const known = said === undefined ? undefined : providerOf(connection).meaningOf(said);
    if (known?.details.reason === 'chooseAnother') throw error;
    if (known?.details.reason === 'otherAccount') await again({ prompt: 'login' });
    else if (known?.details.reason === 'editClientId') await edit('clientId');
    else await reportError(known ?? error, ...errorActions(connection, known, again, edit));
    return session;
  }
}

/** The answer to a question; undefined if the user canceled. */
async function unlessCancelled<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    if (isCancelled(error)) return undefined;
    throw error;
  }
}

function errorActions(
  connection: Connection,
  error: SignInError | undefined,
  again: (change: SignInRequest) => Promise<void>,
  edit: (input: EditableInput) => Promise<void>,
): readonly ErrorAction[] {
  const { label, change = {} } = retryAfter(error);
  const another = tryAgain(() => again(change));
  const input = error === undefined ? undefined : inputOf(error, connection);
  const editing: readonly ErrorAction[] =
    input === undefined ? [] : [{ label: editLabel(input), run: () => edit(input), isEdit: true }];
  // The same wrong value would fail again, and an attacker who mixed up two servers would get another attempt.
  const isSameAgain = ['unknownClient', 'mixUp'].includes(error?.details.reason ?? '');
  return [...editing, ...(isSameAgain ? [] : [label === undefined ? another : { ...another, label }])];
}

/** The label of a retry after this error, and how it differs from the first attempt. */
function retryAfter(error: SignInError | undefined): {
  readonly label?: string;
  readonly change?: SignInRequest;
} {
  // The browser remembers a person who is not assigned, so a plain retry would fail again.
  if (error?.kind === 'notAssigned') {
    return { label: l10n.t('Use a Different Account'), change: { prompt: 'login' } };
  }
  if (error?.kind === 'portsUnavailable' && error.details.reason === 'otherFlow') {
    return { label: l10n.t('Use a Device Code'), change: { flow: 'deviceCode' } };
  }
  return error?.kind === 'codeExpired' ? { label: l10n.t('Sign In Again') } : {};
}

/** The command result for a session. */
export function resultOf(session: Session): SignInResult {
  const { id, tokenSet } = session;
  return { sessionId: id, accountLabel: accountLabel(session), expiresAt: tokenSet.expiresAt };
}
