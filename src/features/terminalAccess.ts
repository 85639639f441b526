import { errorEffects, SignInError, findSignInError } from '../core/oauth/errors.ts';
import { isUsable, needsAction } from '../core/session/refreshPolicy.ts';
import { missingRights } from '../core/session/rights.ts';
import type { HttpFetch } from '../core/ports.ts';
import type { IdentityCenterSession, Session } from '../core/session/session.ts';
import type { Sessions } from '../core/session/sessions.ts';
import { plainLine } from '../core/text/safeText.ts';
import { isLoopbackUrl } from '../core/text/webAddress.ts';
import { forAwsCli } from './awsCli.ts';
import { roleCredentials } from './awsAccounts.ts';
import { accountAccessScope } from './awsCliName.ts';
import { atPortal } from './portalToken.ts';
import { checkTerminal } from './organizationPolicy.ts';
import type { OrganizationRules } from './organizationPolicy.ts';
import { choose } from './terminalChoice.ts';
import type { Choices, Named, TerminalProblem } from './terminalChoice.ts';
import type {
  TerminalAwsCredentials,
  SharedConnection,
  TerminalRequest,
  TerminalToken,
} from './terminalProtocol.ts';

/** The result for a terminal program, and its session. */
export type TerminalOutcome =
  | { readonly token: TerminalToken; readonly session: Session }
  | { readonly list: readonly SharedConnection[] }
  | { readonly awsCredentials: TerminalAwsCredentials; readonly session: Session }
  | { readonly problem: TerminalProblem };

/** Dependencies of terminal access. */
export interface TerminalAccessPorts {
  readonly sessions: Pick<Sessions, 'list' | 'withFreshToken' | 'refresh'>;
  readonly organization: () => Promise<OrganizationRules>;
  readonly hostName: string;
  readonly now: () => number;
  readonly http: HttpFetch;
  /** The connection or account for Git by host, from the user's setting. */
  readonly gitHosts: () => Readonly<Record<string, string>>;
  /** ID of the default session of this window. */
  readonly byDefault: () => string | undefined;
  /** Sessions that open terminals had access to, and may have lost. */
  readonly everShared: () => readonly Named[];
  /** Signs in to a session again with additional scopes; the user acts. */
  readonly signIn: (session: Session, scopes: readonly string[], signal: AbortSignal) => Promise<Session>;
}

/** Whether the terminals of a machine may get a session's token. */
export function isInTerminal(session: Session, hostName: string): boolean {
  return isAllowedAt(session, hostName);
}

/** Whether programs at a place may get a session's token. */
export function isAllowedAt({ programPlaces = [] }: Session, place: string): boolean {
  return programPlaces.includes(place);
}

/** The sessions that the terminals of a machine may use. */
export function inTerminal(sessions: readonly Session[], hostName: string): readonly Session[] {
  return sessions.filter((session) => isInTerminal(session, hostName));
}

/** Answers a request of a terminal program. Never rejects with a `SignInError`. */
export async function answerTerminal(
  ports: TerminalAccessPorts,
  request: TerminalRequest,
  signal: AbortSignal,
): Promise<TerminalOutcome> {
  try {
    checkTerminal(await ports.organization());
    const { sessions: all, unreadable: [unread] = [] } = await ports.sessions.list();
    const shared = inTerminal(all, ports.hostName);
    const isIn = ({ id }: Named, sessions: readonly Session[]) => sessions.some((one) => one.id === id);
    const former = ports.everShared().filter((one) => !isIn(one, shared));
    const choices: Choices = {
      shared,
      former: former.map((one) => ({ ...one, isSignedOut: !isIn(one, all) })),
      byDefault: ports.byDefault(),
    };
    const outcome = await answered(ports, choices, request, signal);
    const isMissing = 'problem' in outcome && ['notShared', 'unknown', 'gone'].includes(outcome.problem.kind);
    if (!isMissing || unread === undefined) return outcome;
    throw new SignInError('storage', { operation: 'session', reason: 'unreadable', code: unread.code });
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined) throw error;
    return { problem: { kind: 'failed', error: known } };
  }
}

async function answered(
  ports: TerminalAccessPorts,
  choices: Choices,
  request: TerminalRequest,
  signal: AbortSignal,
): Promise<TerminalOutcome> {
  if (choices.shared.length === 0) return { problem: { kind: 'notShared' } };
  switch (request.ask) {
    case 'list':
      return { list: listed(ports, choices) };
    case 'token': {
      const found = choose(choices, request.connection);
      return 'problem' in found ? found : tokenOf(ports, found.session, request, signal);
    }
    case 'gitCredential':
      return gitCredential(ports, choices, request, signal);
    case 'awsCredentials':
      return awsCredentials(ports, choices, request, signal);
  }
}

async function tokenOf(
  ports: TerminalAccessPorts,
  session: Session,
  { scopes = [], signIn = false }: TerminalRequest,
  signal: AbortSignal,
): Promise<TerminalOutcome> {
  const name = session.connection.name;
  const missing = missingRights(session.tokenSet, scopes);
  if (missing.length > 0 && !signIn) return { problem: { kind: 'missingScopes', name, scopes: missing } };
  try {
    if (missing.length === 0) return served(ports, await ports.sessions.withFreshToken(session.id, signal));
  } catch (error) {
    const known = findSignInError(error);
    if (known === undefined || !needsAction(known)) throw error;
    if (!signIn) return { problem: { kind: 'signInNeeded', name } };
  }
  const again = await ports.signIn(session, scopes, signal);
  const stillMissing = missingRights(again.tokenSet, scopes);
  if (stillMissing.length > 0) return { problem: { kind: 'missingScopes', name, scopes: stillMissing } };
  return served(ports, again);
}

/** A token for Git, from the connection that the setting names for the host, over encrypted connections only. */
async function gitCredential(
  ports: TerminalAccessPorts,
  choices: Choices,
  { protocol = '', host = '', ...request }: TerminalRequest,
  signal: AbortSignal,
): Promise<TerminalOutcome> {
  const url = URL.parse(`${protocol}://${host}`);
  const listedFor = Object.entries(ports.gitHosts()).find(
    ([listed]) => url !== null && originOf(listed, protocol) === url.origin,
  )?.[1];
  const isEncrypted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackUrl(url));
  // Accept only a bare host: other parsers could take the rest, or a line end, for another host.
  const isBare = !/\s/.test(host) && url?.href === `${url?.protocol}//${url?.host}/`;
  if (listedFor === undefined || !isEncrypted || !isBare) return { problem: { kind: 'gitHost', host } };
  const found = choose(choices, listedFor);
  return 'problem' in found ? found : tokenOf(ports, found.session, request, signal);
}

/** The origin of a host in the setting, which may include scheme and slash, and letters of any language. */
function originOf(listed: string, protocol: string): string | undefined {
  const text = listed.trim();
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `${protocol}://${text}`);
  // A path would mean less than the whole host.
  return url?.href === `${url?.origin}/` ? url.origin : undefined;
}

/** Credentials of an AWS role from an IAM Identity Center session. */
async function awsCredentials(
  ports: TerminalAccessPorts,
  choices: Choices,
  { accountId = '', roleName = '', ...request }: TerminalRequest,
  signal: AbortSignal,
): Promise<TerminalOutcome> {
  const found = choose(request.connection === undefined ? ofAws(choices) : choices, request.connection);
  if ('problem' in found) {
    const isUnnamed = found.problem.kind === 'unknown' && request.connection === undefined;
    return isUnnamed ? { problem: { kind: 'noneOfAws' } } : found;
  }
  const name = found.session.connection.name;
  if (forAwsCli(found.session) === undefined) return { problem: { kind: 'notAws', name } };
  const outcome = await tokenOf(ports, found.session, { ...request, scopes: [accountAccessScope] }, signal);
  const session = 'token' in outcome ? forAwsCli(outcome.session) : undefined;
  if (session === undefined) return outcome;
  try {
    const role = { accountId, roleName };
    const ask = (asked: IdentityCenterSession) => roleCredentials(ports.http, asked, role, signal);
    return { session, awsCredentials: await atPortal(ports, session, ask, signal) };
  } catch (error) {
    const known = findSignInError(error);
    const isOver = known !== undefined && errorEffects[known.kind].session === 'over';
    if (isOver || known?.kind === 'signInNeeded') return { problem: { kind: 'signInNeeded', name } };
    if (known?.kind === 'notAssigned') return { problem: { kind: 'noRole', accountId, roleName } };
    throw error;
  }
}

/** The choices with the only sign-in that has AWS credentials as the default. */
function ofAws({ shared, former, byDefault }: Choices): Choices {
  return {
    shared: shared.filter((one) => forAwsCli(one) !== undefined),
    former: former.filter(({ connection }) => forAwsCli(connection) !== undefined),
    byDefault,
  };
}

/** A session's token, unless consent was withdrawn meanwhile, or the user signed in to a different account. */
function served({ hostName }: TerminalAccessPorts, session: Session): TerminalOutcome {
  if (!isInTerminal(session, hostName)) return { problem: { kind: 'notShared' } };
  const { accessToken, expiresAt, scopes } = session.tokenSet;
  // A shell, an HTTP header or a terminal would interpret other characters.
  if (!/^[\x21-\x7e]+$/.test(accessToken))
    throw new SignInError('invalidResponse', { operation: 'terminal', reason: 'token' });
  return { session, token: { accessToken, expiresAt, scopes, ...namesOf(session) } };
}

/** The names of a session without control characters, which a terminal would interpret. */
function namesOf({ account, connection }: Session): Pick<TerminalToken, 'connection' | 'account'> {
  return { connection: plainLine(connection.name), account: plainLine(account.label) };
}

function listed({ now }: TerminalAccessPorts, choices: Choices): readonly SharedConnection[] {
  const byDefault = choose(choices, undefined);
  return choices.shared.map((session) => ({
    ...namesOf(session),
    scopes: session.tokenSet.scopes,
    needsSignIn: session.ended !== undefined && !isUsable(now(), session.tokenSet),
    isDefault: 'session' in byDefault && byDefault.session.id === session.id,
  }));
}
