import { commands, l10n } from 'vscode';
import * as v from 'valibot';
import type { Connection } from '../../core/connection.ts';
import { connectionSchema, normalConnection } from '../../core/connectionSchema.ts';
import { findSignInError, isCancelled, SignInError } from '../../core/errors.ts';
import { parseStartUrl } from '../../core/identityCenter/startUrl.ts';
import { resolveStartUrl } from '../../core/identityCenter/vanityAddress.ts';
import type { SignInRequest } from '../../core/session/grant.ts';
import type { Session } from '../../core/session/session.ts';
import { askConnection, builderIdConnection } from './askConnection.ts';
import { offerAwsCli } from '../awsCli/offerAwsCli.ts';
import { sayWhatIsMissing } from './signInNotes.ts';
import { findRegionWithProgress } from './askRegion.ts';
import { confirmConnection, confirmEndpoints } from './confirm.ts';
import type { ShellContext } from '../context.ts';
import { inOneLine, wordsFor } from '../errorWords.ts';
import { rememberUse } from '../connections/usedConnections.ts';
import { showError, showStatusMessage } from '../ui/messages.ts';

/** What the three sign-in commands resolve to; never a token. */
export interface SignInResult {
  readonly sessionId: string;
  readonly accountLabel: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export type SignInCommand = 'identityCenter' | 'builderId' | 'okta';

const argumentsSchema = v.object({
  startUrl: v.exactOptional(v.string()),
  region: v.exactOptional(v.string()),
  issuer: v.exactOptional(v.string()),
  clientId: v.exactOptional(v.string()),
  scopes: v.exactOptional(v.array(v.string())),
  redirectPorts: v.exactOptional(v.array(v.number())),
  flow: v.exactOptional(v.picklist(['deviceCode', 'authorizationCode'])),
});
type Arguments = v.InferOutput<typeof argumentsSchema>;

/**
 * A sign-in command. With an arguments object, what is given is not asked, and it rejects with a `SignInError`.
 * Without one a person called it: what went wrong is said on the screen, and it resolves to undefined.
 */
export async function signInCommand(
  context: ShellContext,
  command: SignInCommand,
  given: unknown,
): Promise<SignInResult | undefined> {
  const isGiven = typeof given === 'object' && given !== null;
  if (isGiven) {
    const { connection, request } = await chooseConnection(context, command, given);
    return resultOf(await signInTo(context, connection, request));
  }
  try {
    const { connection, request } = await chooseConnection(context, command, {});
    const session = await signInForPerson(context, connection, request);
    return session === undefined ? undefined : resultOf(session);
  } catch (error) {
    await sayError(error);
    return undefined;
  }
}

/**
 * Signs in to a connection that was chosen already, and remembers it.
 * @throws SignInError as the flow
 */
export async function signInTo(
  context: ShellContext,
  connection: Connection,
  request: SignInRequest = {},
): Promise<Session> {
  await confirmEndpoints(context, connection);
  try {
    const session = await context.signIns.run(connection, request);
    await rememberUse(context, session.connection, connection);
    sayWhatIsMissing(session, request);
    void offerAwsCli(context, session);
    return session;
  } catch (error) {
    const better = await offerRegion(context, connection, error);
    if (better === undefined) throw error;
    const session = await context.signIns.run(better, request);
    await rememberUse(context, better, connection);
    sayWhatIsMissing(session, request);
    void offerAwsCli(context, session);
    return session;
  }
}

/** For a start URL that its region does not know: the connection with the region that does, if the person wants it. */
async function offerRegion(
  context: ShellContext,
  connection: Connection,
  error: unknown,
): Promise<Connection | undefined> {
  const known = findSignInError(error);
  if (known?.kind !== 'invalidStartUrl' || connection.type !== 'identityCenter') return undefined;
  const find = l10n.t('Find the region');
  // An error, because VS Code takes a warning off the screen after a while, and this one asks something.
  if ((await showError(inOneLine(wordsFor(known)), find)) !== find)
    throw new SignInError('cancelled', {}, error);
  const { signal } = new AbortController();
  const startUrl = await resolveStartUrl(context.http, parseStartUrl(connection.startUrl), signal);
  const region = await findRegionWithProgress(context, startUrl);
  if (region === undefined || region === connection.region) return undefined;
  return { ...connection, startUrl: startUrl.url, region };
}

/**
 * Signs in to a connection for a person, who is told on the screen when it does not work, with another try; undefined
 * then.
 */
export async function signInForPerson(
  context: ShellContext,
  connection: Connection,
  request: SignInRequest = {},
): Promise<Session | undefined> {
  try {
    return await signInTo(context, connection, request);
  } catch (error) {
    let session: Session | undefined;
    const { label, change } = nextTry(findSignInError(error));
    await sayError(
      error,
      async () => {
        session = await signInForPerson(context, connection, { ...request, ...change });
      },
      label,
    );
    return session;
  }
}

/** What another try after this error is called, and what it does otherwise. */
function nextTry(error: SignInError | undefined): {
  readonly label?: string;
  readonly change?: SignInRequest;
} {
  // Somebody who is not assigned is remembered by the browser: another try would be the same person again.
  if (error?.kind === 'notAssigned') {
    return { label: l10n.t('Sign in as someone else'), change: { prompt: 'login' } };
  }
  if (error?.kind === 'portsUnavailable' && error.facts.reason === 'otherFlow') {
    return { label: l10n.t('Use a device code instead'), change: { flow: 'deviceCode' } };
  }
  return error?.kind === 'codeExpired' ? { label: l10n.t('Sign in again') } : {};
}

/** Says an error with what to do next. Nothing is said of a cancelled sign-in. `tryAgain` is the label of `again`. */
export async function sayError(
  error: unknown,
  again?: () => Promise<unknown>,
  tryAgain = l10n.t('Try again'),
): Promise<void> {
  if (isCancelled(error)) return;
  const known = findSignInError(error);
  if (known?.kind === 'denied' && known.facts.operation !== 'authorize') {
    // The identity provider's own page has said it to the person who said no there.
    showStatusMessage(l10n.t('Access was not allowed.'), 5000, 'circle-slash');
    return;
  }
  const words = wordsFor(error);
  const { setting } = words;
  const openSettings = l10n.t('Open settings');
  const showLog = l10n.t('Show log');
  const choices = [
    ...(again === undefined ? [] : [tryAgain]),
    ...(setting === undefined ? [] : [openSettings]),
    showLog,
  ];
  const chosen = await showError(inOneLine(words), ...choices);
  if (chosen === tryAgain) await again?.();
  else if (chosen === openSettings) await commands.executeCommand('workbench.action.openSettings', setting);
  else if (chosen === showLog) await commands.executeCommand('developerSignIn.showLog');
}

/** The connection that a command means: from its arguments, or asked for. */
async function chooseConnection(
  context: ShellContext,
  command: SignInCommand,
  given: object,
): Promise<{ readonly connection: Connection; readonly request: SignInRequest }> {
  const parsed = v.safeParse(argumentsSchema, given);
  if (!parsed.success) {
    const input = v.getDotPath(parsed.issues[0]) ?? 'arguments';
    throw new SignInError('invalidInput', { operation: 'arguments', input });
  }
  const { scopes, flow } = parsed.output;
  const request = { ...(scopes === undefined ? {} : { scopes }), ...(flow === undefined ? {} : { flow }) };
  const fromArguments = await connectionFrom(context, command, parsed.output);
  if (fromArguments === undefined) {
    const type = command === 'okta' ? 'okta' : 'identityCenter';
    return { connection: await askConnection(context, type), request };
  }
  if (command !== 'builderId') await confirmConnection(context, fromArguments);
  return { connection: fromArguments, request };
}

/** The connection that arguments name whole, or undefined when something has to be asked. */
async function connectionFrom(
  context: ShellContext,
  command: SignInCommand,
  given: Arguments,
): Promise<Connection | undefined> {
  if (command === 'builderId') return builderIdConnection;
  const configured = await context.connections();
  if (command === 'okta') {
    const { issuer, clientId, redirectPorts } = given;
    if (issuer === undefined) return undefined;
    const known = configured.find((one) => one.type === 'okta' && sameIssuer(one, issuer));
    if (clientId === undefined && known === undefined) return undefined;
    return checked({
      ...known,
      type: 'okta',
      name: known?.name ?? URL.parse(issuer)?.hostname ?? issuer,
      issuer,
      ...(clientId === undefined ? {} : { clientId }),
      ...(redirectPorts === undefined ? {} : { redirectPorts }),
    });
  }
  if (given.startUrl === undefined) return undefined;
  const startUrl = parseStartUrl(given.startUrl);
  const known = configured.find((one) => one.type === 'identityCenter' && one.startUrl === startUrl.url);
  const region =
    given.region ?? startUrl.region ?? (known?.type === 'identityCenter' ? known.region : undefined);
  if (region === undefined) return undefined;
  return checked({
    ...known,
    type: 'identityCenter',
    name: known?.name ?? startUrl.alias,
    startUrl: startUrl.url,
    region,
  });
}

function sameIssuer(connection: Connection, issuer: string): boolean {
  const other = checked({ type: 'okta', name: 'x', issuer, clientId: 'x' });
  return connection.type === 'okta' && other.type === 'okta' && connection.issuer === other.issuer;
}

function checked(connection: unknown): Connection {
  const parsed = v.safeParse(connectionSchema, connection);
  if (!parsed.success) throw new SignInError('invalidInput', { operation: 'arguments' });
  return normalConnection(parsed.output);
}

function resultOf({ id, account, tokenSet }: Session): SignInResult {
  return { sessionId: id, accountLabel: account.label, expiresAt: tokenSet.expiresAt };
}
