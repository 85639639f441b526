import { connectionKey, isMap, isPseudoScope, scopesOf, typeOf, valueOf } from '../connection/connection.ts';
import type { Connection, ConnectionOptions, FieldValue } from '../connection/connection.ts';
import type { EndpointTemplates } from '../identityCenter/endpoints.ts';
import { defined } from '../defined.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { flowsFor } from '../oauth/flows.ts';
import type { FlowName, GrantRequest, HostFlows } from '../oauth/flows.ts';
import type { RefreshedTokens } from '../oauth/tokenSet.ts';
import type { InteractionRequest, UserInteraction } from '../oauth/userInteraction.ts';
import { providerOf } from '../providers/index.ts';
import type { Attempt, Granted, Issuance, ProviderPorts } from '../providers/provider.ts';
import { accountOf, sessionId } from './account.ts';
import type { Session } from './session.ts';
import type { SignInPolicy } from './signInPolicy.ts';
import { fieldsOf } from '../connection/connectionFields.ts';
import type { ConnectionType } from '../connection/connectionFields.ts';

/** Needed to sign in, refresh and sign out. */
export interface GrantPorts extends Omit<ProviderPorts, 'endpoints'> {
  /** The settings of the moment. */
  readonly settings: () => SignInSettings;
  /** The rules of the organization at the moment. */
  readonly policy: () => Promise<SignInPolicy>;
  /** The connection that is really meant: a company's own start URL leads on to AWS's. @throws SignInError */
  readonly resolve: (connection: Connection, signal: AbortSignal) => Promise<Connection>;
}

/** The settings that decide how a sign-in goes. */
export interface SignInSettings {
  readonly endpoints: EndpointTemplates;
  readonly redirectPorts: readonly number[];
  readonly identityCenterFlow: FlowName;
  readonly host: HostFlows;
}

/** Scopes beside those of the connection, and other members instead of the connection's. */
export interface SignInRequest extends ConnectionOptions {
  /** Has the identity provider ask again, for another account. */
  readonly prompt?: 'login';
  /** The label of the account that is meant, for the person; not sent. */
  readonly account?: string;
  /** The {@link Account.name} that a person gave to a further account of a connection whose tokens name no person. */
  readonly accountName?: string;
}

/** A sign-in of `person`; `others` are the sessions of the same provider that there are already. */
interface Acquisition {
  readonly connection: Connection;
  readonly request: SignInRequest;
  readonly person: UserInteraction;
  readonly others: readonly Session[];
}

/**
 * Signs a person in to a connection: new tokens as a session that is not stored yet.
 * @throws SignInError `blockedByOrganization` where the organization does not allow it, or as the flow of the connection
 */
export async function acquireTokens(
  ports: GrantPorts,
  { connection: given, request, person, others }: Acquisition,
  signal: AbortSignal,
): Promise<Session> {
  const settings = ports.settings();
  const policy = await ports.policy();
  const connection = await ports.resolve(given, signal);
  const key = connectionKey(connection);
  policy.check(connection);
  const plan = planOf(connection, request, settings);
  const { scopes, redirectPorts } = plan;
  ports.log.info('Signing in', { connection: key, scopes });
  const grantRequest: GrantRequest = {
    ...defined({
      redirectUri: plan.redirectUri,
      prompt: request.prompt,
      allowedIssuers: policy.allowedIssuers,
    }),
    ...{ scopes, redirectPorts, parameters: authorizeParameters(connection.type, plan) },
  };
  const attempt = await providerOf(connection).begin(providerPorts(ports), connection, grantRequest, signal);
  const wanted = wantedFlow(connection, request, settings);
  const possible = flowsFor(settings.host, typeOf(connection).flowStyle, wanted, attempt.offered);
  const flows = policy.flows(possible);
  const details = {
    loopbackSupport: settings.host.loopback,
    ...(wanted === undefined || possible.includes(wanted) ? {} : { fallbackFrom: wanted }),
  };
  const onMissingGrant = () =>
    ports.log.warn('The application doesn’t allow the device grant', { connection: key });
  const granted = await runFlows(attempt, { person, details, flows, onMissingGrant }, signal);
  const taken = others.map((other) => other.account);
  const account = accountOf(connection, granted.tokenSet, taken, request.accountName);
  const before = others.find(
    (other) => other.account.id === account.id && connectionKey(other.connection) === key,
  );
  const id = before?.id ?? (await sessionId(key, account.id)); // A migrated session keeps the ID of its record.
  return { ...granted, id, account, signedInAt: granted.tokenSet.obtainedAt, requestedScopes: scopes };
}

/** The person, the flows to offer, and what this host and this server make of each request. */
interface FlowRun {
  readonly person: UserInteraction;
  readonly flows: readonly FlowName[];
  readonly details: Pick<InteractionRequest, 'loopbackSupport' | 'fallbackFrom' | 'missingGrant'>;
  readonly onMissingGrant: () => void;
}

/** A person who is told these details, and offered these flows alone; the next port always is. */
function personTold({ person, details, flows }: FlowRun): UserInteraction {
  return {
    prompt: (request, signal) => {
      const alternatives = request.alternatives.filter((way) => way === 'nextPort' || flows.includes(way));
      return person.prompt({ ...request, ...details, alternatives }, signal);
    },
    confirmRetry: async (signal) => (await person.confirmRetry?.(signal)) ?? false,
    trustsIssuer: async (question, signal) => (await person.trustsIssuer?.(question, signal)) ?? false,
  };
}

/**
 * Runs the first flow; another one only when the person chose it while the browser was open, or the application
 * lacks the device grant, and the same one again when its code or link ran out and the person wants a new one.
 */
async function runFlows(
  attempt: Attempt<Issuance>,
  given: FlowRun,
  signal: AbortSignal,
): Promise<Granted<Issuance>> {
  let run = given;
  let flow = run.flows[0];
  while (flow !== undefined) {
    const current = flow;
    const otherFlow = run.flows.find((other) => other !== current);
    const person = personTold(run);
    const outcome = await attempt
      .run(current, { person, otherFlow }, signal)
      .catch(async (error: unknown) => {
        const meaning = findSignInError(error);
        if (meaning?.kind === 'portsUnavailable' && otherFlow !== undefined)
          throw new SignInError(meaning.kind, { ...meaning.details, reason: 'otherFlow' }, error);
        // A code that the server refused was used: that is told, and not that the browser did not come back.
        const hasRunOut = meaning?.kind === 'codeExpired' && meaning.details.reason !== 'codeRefused';
        if (!hasRunOut || (await person.confirmRetry?.(signal)) !== true) throw error;
        return { choice: current };
      });
    if ('done' in outcome) return outcome.done;
    if ('missingGrant' in outcome) {
      const { missingGrant } = outcome;
      run.onMissingGrant();
      const flows = run.flows.filter((other) => other !== missingGrant);
      run = { ...run, flows, details: { ...run.details, missingGrant } };
      flow = otherFlow;
    } else if (outcome.choice === 'nextPort') flow = current;
    else flow = run.flows.find((other) => other === outcome.choice);
  }
  throw new SignInError('noFlow', { operation: 'flow' });
}

/**
 * One refresh of a session's tokens, only where they were issued (rule 6 of a session in docs/ARCHITECTURE.md).
 * @throws SignInError `signInNeeded` without a refresh token, or as the provider
 */
export async function refreshTokens(
  ports: GrantPorts,
  session: Session,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { refreshToken } = session.tokenSet;
  if (refreshToken === undefined)
    throw new SignInError('signInNeeded', { operation: 'refresh', reason: 'noRefreshToken' });
  return providerOf(session).refresh(providerPorts(ports), session, refreshToken, signal);
}

/**
 * Ends a session's grant on the server.
 * @throws SignInError when the server did not confirm it
 */
export async function revokeTokens(ports: GrantPorts, session: Session, signal: AbortSignal): Promise<void> {
  await providerOf(session).revoke(providerPorts(ports), session, signal);
}

function providerPorts(ports: GrantPorts): ProviderPorts {
  return { ...ports, endpoints: async () => (await ports.policy()).endpoints(ports.settings().endpoints) };
}

/** A sign-in as a question shows it and as it is then sent. */
export interface SignInPlan extends Pick<GrantRequest, 'scopes' | 'redirectPorts' | 'redirectUri'> {
  /** The flow to begin with, where the server offers it. */
  readonly flow: FlowName;
  /** Further members that the authorization request has as parameters, by their names. */
  readonly sent: Readonly<Record<string, FieldValue>>;
  /** Whether the person has to sign in again at the identity provider. */
  readonly asksAgain: boolean;
}

/** The flows that a server may offer. */
const bothFlows: readonly FlowName[] = ['authorizationCode', 'deviceCode'];

/** The flow that is wanted, whether or not this host has it: the request's, the connection's, or the setting's. */
function wantedFlow(
  connection: Connection,
  request: SignInRequest,
  settings: Pick<SignInSettings, 'identityCenterFlow'>,
): FlowName | undefined {
  const { flowSetting } = typeOf(connection);
  return request.flow ?? connection.flow ?? (flowSetting && settings[flowSetting]);
}

/** The plan of a sign-in; its scopes are the connection's and the requested ones, each once, without pseudo-scopes. */
export function planOf(connection: Connection, request: SignInRequest, settings: SignInSettings): SignInPlan {
  const scopes = [...scopesOf(connection), ...(request.scopes ?? [])].filter(
    (scope) => !isPseudoScope(scope),
  );
  const { flowStyle, redirectPorts: portsOf } = typeOf(connection);
  const wanted = wantedFlow(connection, request, settings);
  return {
    scopes: [...new Set(scopes)],
    flow: flowsFor(settings.host, flowStyle, wanted, bothFlows)[0] ?? 'deviceCode',
    redirectPorts:
      portsOf === undefined ? [] : (request.redirectPorts ?? portsOf(connection) ?? settings.redirectPorts),
    ...defined({ redirectUri: request.redirectUri ?? ownRedirectUri(connection, request) }),
    sent: sentMembers(connection, request),
    asksAgain: request.prompt !== undefined,
  };
}

/** The connection's own, unless the request names ports to try. */
function ownRedirectUri(connection: Connection, { redirectPorts }: SignInRequest): string | undefined {
  const value = redirectPorts === undefined ? valueOf(connection, 'redirectUri') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The request's own, or the connection's: but no other person's where another account is meant. */
function sentMembers(connection: Connection, request: SignInRequest): Readonly<Record<string, FieldValue>> {
  const requested = new Map<string, FieldValue>(Object.entries(request));
  return Object.fromEntries(
    fieldsOf(connection.type).flatMap((field) => {
      if (field.sentAs === undefined && field.kind !== 'map') return [];
      const isOthers = field.isPersonal === true && request.prompt !== undefined;
      const value = requested.get(field.name) ?? (isOthers ? undefined : valueOf(connection, field.name));
      return value === undefined ? [] : [[field.name, value]];
    }),
  );
}

/** The parameters of an authorization request (RFC 6749, 3.1) that members stand for. */
export function authorizeParameters(
  type: ConnectionType,
  { sent }: SignInPlan,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fieldsOf(type).flatMap(({ name, sentAs }) => {
      const value = sent[name];
      if (value === undefined) return [];
      if (isMap(value)) return Object.entries(value);
      return sentAs === undefined || typeof value !== 'string' ? [] : [[sentAs, value] as const];
    }),
  );
}
